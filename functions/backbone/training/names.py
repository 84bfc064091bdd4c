"""Exports the head for the 1,000 ImageNet classes that graft-resnet18 was taught with, for suggesting names.

    python names.py graft-resnet18-train.npz graft-resnet18.names.safetensors

The state that teach.py writes holds a head on standardized features: imagenet.mean, .variance, .weight and .bias. Mean
and variance are folded into weight and bias, so that logits = weight f + bias for the pooled feature f (512 values).
Written are two float16 tensors, weight (1000, 512) and bias (1000), in the format of safetensors, and in its metadata
`names` the 1,000 lines of imagenet-names.txt, in the usual order of the classes (tench, goldfish, ...).

To see that it classifies sensibly, give labelled images as well: for each folder it prints the names found most often.

    python names.py graft-resnet18-train.npz OUT --network graft-resnet18-int8.onnx --images DIR
"""

import argparse
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
from safetensors.numpy import load_file, save_file

from quantize import Preprocessing, image_files

EPSILON = 1e-5
NAMES = Path(__file__).with_name("imagenet-names.txt")


def folded(state):
    """Weight (1000, 512) and bias (1000), float64, for features that are not standardized."""
    mean, variance, weight, bias = (
        state[f"imagenet.{name}"].astype(np.float64) for name in ("mean", "variance", "weight", "bias"))
    weight = weight / np.sqrt(variance + EPSILON)
    return weight, bias - weight @ mean


def show(head, network, names, folder, count):
    """Prints by subfolder of `folder` the names that the head gives most often to `count` of its images."""
    from probe import session

    running, preprocessing = session(network), Preprocessing(onnx.load(network))
    for part in sorted(p for p in Path(folder).iterdir() if p.is_dir()):
        files = image_files(part)
        chosen = files[:: max(1, len(files) // count)][:count]
        features = np.concatenate([running.run(None, {"image": preprocessing.batch([f])})[0] for f in chosen])
        logits = features @ head["weight"].astype(np.float32).T + head["bias"].astype(np.float32)
        found = Counter(names[i] for i in logits.argmax(1)).most_common(8)
        print(f"{part.name}: " + ", ".join(f"{name} {100 * n / len(chosen):.0f} %" for name, n in found))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("state", help="what teach.py wrote, .npz")
    parser.add_argument("out", help="file to write, .safetensors")
    parser.add_argument("--network", help="to check: the network, .onnx")
    parser.add_argument("--images", help="to check: one folder per class")
    parser.add_argument("--count", type=int, default=100, help="to check: images of each folder (%(default)s)")
    settings = parser.parse_args()
    weight, bias = folded(np.load(settings.state))
    names = NAMES.read_text(encoding="utf-8").splitlines()
    if len(names) != len(bias):
        parser.error(f"{NAMES.name} has {len(names)} names, the head {len(bias)} classes")
    tensors = {"weight": weight.astype(np.float16), "bias": bias.astype(np.float16)}
    save_file(tensors, settings.out, {"names": "\n".join(names)})
    if settings.images:
        show(load_file(settings.out), settings.network, names, settings.images, settings.count)


if __name__ == "__main__":
    main()
