"""Measures from which cosine on two pictures are alike for a network, for similarity.json of the core module.

    python similarity.py --networks NAME=FILE.onnx ... --images flickr8=DIR flowers=DIR --cache DIR [--pairs 12]

Every DIR of --images holds one folder per class. For each network and set it prints

* the cosine between a picture and altered forms of it (JPEG of quality 40, three quarters of its size, a tenth and a
  fifth cut off, lighter by 30 %): the value that 95 % of --altered pictures reach, and the median;
* the cosine between a picture and the most similar *other* picture of the set: median, and the values that one picture
  in 100 and one in 1,000 exceed; and of all pairs the value that one in 10,000 exceeds;
* for each step of cosine, how many pictures have another one from there on, and how many of those nearest ones have
  the same label.

What was chosen from these stands in README.md of this module. --pairs names the most similar pairs, to look at them.
Features are kept in --cache as by probe.py.
"""

import argparse
import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance

from probe import Network, pair
from quantize import image_files


def jpeg(image, quality=40):
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(file).convert("RGB")


def cropped(image, share):
    """With `share` of each side cut off, at the left and at the top, where a cut is seen most."""
    return image.crop((round(image.width * share), round(image.height * share), image.width, image.height))


ALTERED = {
    "JPEG of quality 40": jpeg,
    "3/4 of the size": lambda image: image.resize((image.width * 3 // 4, image.height * 3 // 4)),
    "a tenth cut off": lambda image: cropped(image, 0.1),
    "a fifth cut off": lambda image: cropped(image, 0.2),
    "lighter by 30 %": lambda image: ImageEnhance.Brightness(image).enhance(1.3),
}


def unit(features):
    return features / np.linalg.norm(features, axis=1, keepdims=True)


def altered(network, files, originals):
    """By alteration, the cosines (files) between pictures and their altered forms."""
    found = {name: [] for name in ALTERED}
    for file, original in zip(files, originals):
        with Image.open(file) as opened:
            image = opened.convert("RGB")
        for name, alter in ALTERED.items():
            kept = io.BytesIO()
            alter(image).save(kept, "PNG")
            feature = network.feature(network.preprocessing.batch([kept]))
            found[name].append(float(original @ feature / np.linalg.norm(feature)))
    return {name: np.array(cosines) for name, cosines in found.items()}


def nearest(units):
    """The most similar other picture of each and its cosine, and of all pairs the cosine that one in 10,000 exceeds."""
    index, cosine = np.empty(len(units), int), np.empty(len(units))
    high = []
    for start in range(0, len(units), 500):
        block = units[start : start + 500] @ units.T
        rows = np.arange(len(block))
        block[rows, start + rows] = -1
        index[start : start + 500], cosine[start : start + 500] = block.argmax(1), block.max(1)
        high.append(np.sort(block, axis=None)[-len(block) * len(units) // 1000 :])
    high = np.sort(np.concatenate(high))
    return index, cosine, high[-(len(units) * (len(units) - 1)) // 10_000]


def show(network, name, files, labels, settings):
    """Prints what was found, and returns cosines of nearest pictures and whether their labels agree."""
    units = unit(network.features(files, settings.cache / name))
    print(f"\n{network.name}, {name} ({len(files):,} pictures)")
    step = max(1, len(files) // settings.altered)
    for what, cosines in altered(network, files[::step], units[::step]).items():
        print(f"  {what}: 95 % reach {np.quantile(cosines, 0.05):.3f}, median {np.median(cosines):.3f}")
    index, cosine, rare = nearest(units)
    middle, hundredth, thousandth = np.quantile(cosine, [0.5, 0.99, 0.999])
    print(f"  nearest other picture: median {middle:.3f}, one in 100 exceeds {hundredth:.3f}, one in 1,000 "
          f"{thousandth:.3f}; of all pairs one in 10,000 exceeds {rare:.3f}")
    agree = labels[index] == labels
    for at in settings.steps:
        of = cosine >= at
        if of.any():
            same = 100 * agree[of].mean()
            print(f"  from {at:.2f}: {of.sum():,} pictures, {same:.1f} % of the nearest have the same label")
    order = sorted({(-cosine[i], *sorted((files[i], files[index[i]]))) for i in range(len(files))})
    for negative, one, other in order[: settings.pairs]:
        print(f"  {-negative:.3f} {one} {other}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", nargs="+", type=pair, required=True, metavar="NAME=FILE.onnx")
    parser.add_argument("--images", nargs="+", type=pair, required=True, metavar="SET=DIR", help="one folder per class")
    parser.add_argument("--cache", type=Path, required=True, help="folder for features")
    parser.add_argument("--altered", type=int, default=200, help="pictures to alter (%(default)s)")
    parser.add_argument("--pairs", type=int, default=0, help="most similar pairs to name (%(default)s)")
    settings = parser.parse_args()
    settings.steps = np.arange(0.80, 0.995, 0.01)
    for name, path in settings.networks:
        network = Network(name, path)
        for set_name, folder in settings.images:
            files = image_files(folder)
            labels = np.array([file.relative_to(folder).parts[0] for file in files])
            show(network, set_name, files, labels, settings)


if __name__ == "__main__":
    main()
