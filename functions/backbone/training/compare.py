"""What a quantized backbone costs and gains beside the original, on labelled images.

    python compare.py backbone.onnx int8.onnx --images DIR [--count 1000]

DIR holds one folder per class; an evenly spaced sample of at most --count images is used. Prints one JSON line:
cosine (mean and least, of the two features of one image), accuracy of a standardized softmax head in 5 stratified
folds for each file (seed 1; L2 strength chosen by the second half of the training fold), and milliseconds per image
of each on one thread: the median over the images of a run in which the files take turns image by image, so that
whatever else the machine does slows both alike.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from quantize import Preprocessing, image_files


def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def features(paths, files):
    """Features (file, image, width) and seconds (file, image)."""
    networks = [(session(path), Preprocessing(onnx.load(path))) for path in paths]
    found, seconds = [[] for _ in networks], [[] for _ in networks]
    for file in files:
        for i, (network, preprocessing) in enumerate(networks):
            image = {network.get_inputs()[0].name: preprocessing.batch([file])}
            start = time.perf_counter()
            found[i].append(network.run(None, image)[0].reshape(-1))
            seconds[i].append(time.perf_counter() - start)
    return [np.stack(f) for f in found], seconds


def head(strength):
    return make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=300))


def accuracy(values, labels):
    """Share of the images that heads trained without their fold get right."""
    right = 0
    for train, test in StratifiedKFold(5, shuffle=True, random_state=1).split(values, labels):
        fit, choose = train[::2], train[1::2]
        strengths = [0.0003, 0.003, 0.03]
        scores = [head(c).fit(values[fit], labels[fit]).score(values[choose], labels[choose]) for c in strengths]
        best = strengths[int(np.argmax(scores))]
        right += (head(best).fit(values[train], labels[train]).predict(values[test]) == labels[test]).sum()
    return right / len(labels)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("backbone", help="float32 network, .onnx")
    parser.add_argument("quantized", help="the int8 one")
    parser.add_argument("--images", required=True, help="one folder per class")
    parser.add_argument("--count", type=int, default=1000, help="at most this many images (%(default)s)")
    settings = parser.parse_args()
    found = image_files(settings.images)
    files = found[:: max(1, len(found) // settings.count)][: settings.count]
    labels = np.array([file.relative_to(settings.images).parts[0] for file in files])
    (full, small), seconds = features([settings.backbone, settings.quantized], files)
    cosine = (full * small).sum(1) / np.linalg.norm(full, axis=1) / np.linalg.norm(small, axis=1)
    before, after = (1000 * float(np.median(s)) for s in seconds)
    print(json.dumps({
        "backbone": Path(settings.backbone).stem,
        "images": len(files),
        "cosine": [round(float(cosine.mean()), 4), round(float(cosine.min()), 4)],
        "accuracy": [round(float(accuracy(v, labels)), 4) for v in (full, small)],
        "milliseconds": [round(before, 1), round(after, 1)],
        "speed": round(before / after, 2),
    }))


if __name__ == "__main__":
    main()
