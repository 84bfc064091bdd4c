"""A linear probe: the accuracy of a softmax head on a network's feature, without the product.

    python probe.py --networks NAME=FILE.onnx ... --images flickr8=DIR flowers=DIR --cache DIR [--mirror NAME ...]

Every DIR of --images holds one folder per class, and all of its images are used. A network is taken as it is if it is
cut at its feature (it has the metadata graft.feature); else its feature is the input of its last layer with weights.
Prints a Markdown table with one row for each network: accuracy in %, for each set, of a softmax head on standardized
features in 5 stratified folds (seed 1), its L2 strength chosen by the second half of the training fold. Behind it
stands the mean cosine to the feature of the network that --like names, where one is given.

--mirror NAME adds a row for that network with two views: the mean of the features of the image and of its mirror image.
Features are kept in --cache by SHA-256 of the network, so a second run only fits heads, and a run that was stopped goes
on. The cache belongs to one collection of images: give another folder for another.
"""

import argparse
import hashlib
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from quantize import Preprocessing, image_files

STEP = 500
STRENGTHS = (0.0003, 0.003, 0.03)


def session(network):
    """Runs a network (a path, or its bytes) on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    source = network if isinstance(network, bytes) else str(network)
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


class Network:
    """A backbone and what it wants to be shown."""

    def __init__(self, name, path):
        self.name, self.path = name, Path(path)
        content = self.path.read_bytes()
        self.key, self.megabytes = hashlib.sha256(content).hexdigest()[:16], len(content) / 1e6
        model = onnx.load_from_string(content)
        self.preprocessing = Preprocessing(model)
        if "graft.feature" not in {p.key for p in model.metadata_props}:
            last = [node for node in model.graph.node if node.op_type in ("Gemm", "MatMul", "Conv")][-1]
            feature = onnx.helper.make_tensor_value_info(last.input[0], onnx.TensorProto.FLOAT, None)
            del model.graph.output[:]
            model.graph.output.append(feature)
            content = model.SerializeToString()
        self.running = session(content)
        self.input = self.running.get_inputs()[0].name
        self.width = len(self.feature(np.zeros((1, 3, self.preprocessing.crop, self.preprocessing.crop), np.float32)))

    def feature(self, pixels):
        """Feature (width) of pixels (1, 3, side, side); where the last layer sees positions, their mean."""
        value = self.running.run(None, {self.input: pixels})[0][0]
        return value.reshape(len(value), -1).mean(1)

    def features(self, files, cache, mirror=False):
        """Features (images, width) of image files, kept in the folder `cache` in parts of STEP."""
        cache.mkdir(parents=True, exist_ok=True)
        parts = []
        for start in range(0, len(files), STEP):
            kept = cache / f"{self.key}-{'mirror' if mirror else 'image'}-{start}.npy"
            if not kept.exists():
                found = []
                for file in files[start : start + STEP]:
                    pixels = self.preprocessing.batch([file])
                    found.append(self.feature(np.ascontiguousarray(pixels[..., ::-1]) if mirror else pixels))
                temporary = kept.with_name(kept.name + ".part")
                with temporary.open("wb") as out:
                    np.save(out, np.stack(found))
                temporary.rename(kept)
            parts.append(np.load(kept))
        return np.concatenate(parts)


def head(strength):
    return make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=300))


def accuracy(values, labels):
    """Share of the images that heads trained without their fold get right."""
    right = 0
    for train, test in StratifiedKFold(5, shuffle=True, random_state=1).split(values, labels):
        fit, choose = train[::2], train[1::2]
        scores = [head(c).fit(values[fit], labels[fit]).score(values[choose], labels[choose]) for c in STRENGTHS]
        best = STRENGTHS[int(np.argmax(scores))]
        right += (head(best).fit(values[train], labels[train]).predict(values[test]) == labels[test]).sum()
    return right / len(labels)


def cosine(one, other):
    return float(((one * other).sum(1) / np.linalg.norm(one, axis=1) / np.linalg.norm(other, axis=1)).mean())


def table(networks, sets, settings):
    """Lines of the table; every network's features on every set are computed or taken from the cache."""
    rows = [(network, False) for network in networks]
    rows += [(network, True) for network in networks if network.name in settings.mirror]
    yield "| network | " + " | ".join(f"{name} ({len(files):,})" for name, (files, _) in sets.items()) + " |"
    yield "|---|" + "---|" * len(sets)
    for network, two in rows:
        cells = []
        for name, (files, labels) in sets.items():
            folder = settings.cache / name
            values = network.features(files, folder)
            if two:
                values = (values + network.features(files, folder, mirror=True)) / 2
            cell = f"{100 * accuracy(values, labels):.1f}"
            if settings.like and network.name != settings.like and not two:
                like = next(n for n in networks if n.name == settings.like).features(files, folder)
                cell += f", {cosine(values, like):.4f}" if like.shape == values.shape else ""
            cells.append(cell)
        yield f"| {network.name}{', two views' if two else ''} | " + " | ".join(cells) + " |"


def pair(text):
    name, separator, path = text.rpartition("=")
    if not separator or not name:
        raise argparse.ArgumentTypeError(f"{text}: expected NAME=PATH")
    if not Path(path).exists():
        raise argparse.ArgumentTypeError(f"{path} is not there")
    return name, Path(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", nargs="+", type=pair, required=True, metavar="NAME=FILE.onnx")
    parser.add_argument("--images", nargs="+", type=pair, required=True, metavar="SET=DIR", help="one folder per class")
    parser.add_argument("--cache", type=Path, required=True, help="folder for features")
    parser.add_argument("--mirror", nargs="+", default=[], metavar="NAME", help="networks to try with two views too")
    parser.add_argument("--like", metavar="NAME", help="print the mean cosine to this network's features")
    settings = parser.parse_args()
    networks = [Network(name, path) for name, path in settings.networks]
    unknown = {*settings.mirror, *filter(None, [settings.like])} - {network.name for network in networks}
    if unknown:
        parser.error(f"--mirror and --like: {', '.join(sorted(unknown))} is none of the networks")
    sets = {}
    for name, folder in settings.images:
        files = image_files(folder)
        sets[name] = files, np.array([file.relative_to(folder).parts[0] for file in files])
    for line in table(networks, sets, settings):
        print(line, flush=True)


if __name__ == "__main__":
    main()
