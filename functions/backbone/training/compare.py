"""Compares backbones: size, time on one thread, and the accuracy that the product reaches with them on labelled images.

    python compare.py --networks NAME=FILE.onnx ... --images flickr8=DIR flowers=DIR --cache DIR

Every DIR of --images holds one folder per class, and all of its images are used. Prints a Markdown table with one row
for each network, as soon as it is known:

* MB of the file, and the width of its feature.
* Milliseconds: processor time of one run of the network on one thread, the median over --timed images of the first
  set. The networks take turns image by image, so that whatever else the machine does slows all alike.
* Accuracy in %, for each set, on images that were not trained on: the product itself runs with -Dbackbone=FILE and
  reports its 5 folds. `probe.py` is faster where a linear probe will do.

What the product reported stays in --cache by SHA-256 of the network, and its features until it has reported, so a run
that was stopped goes on. The cache belongs to one collection of images: give another folder for another.
"""

import argparse
import json
import shutil
import subprocess
import time
from pathlib import Path

import numpy as np

from probe import Network, pair
from quantize import image_files

ROOT = Path(__file__).resolve().parents[3]


def milliseconds(networks, files):
    """Median processor time of one run of each network, in turns."""
    seconds = [[] for _ in networks]
    for file in files:
        for network, taken in zip(networks, seconds):
            pixels = network.preprocessing.batch([file])
            start = time.thread_time()
            network.feature(pixels)
            taken.append(time.thread_time() - start)
    return [1000 * float(np.median(taken)) for taken in seconds]


def report(network, images, cache):
    """What the product reports of a network and a folder of images, from the cache if it is there."""
    kept, data = cache / f"{network.key}.json", cache / f"{network.key}-data"
    if not kept.exists():
        part = cache / f"{network.key}.json.part"
        options = {"backbone": network.path.resolve(), "images": images.resolve(), "data": data.resolve(),
                   "report": part.resolve(), "serve": "false", "port": "0"}
        command = ["mvn", "-B", "-ntp", "-q", "test-compile", "exec:exec", *(f"-D{n}={v}" for n, v in options.items())]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        if done.returncode or not part.exists():
            said = (done.stdout + done.stderr)[-3000:]
            raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{said}")
        part.rename(kept)
        shutil.rmtree(data)
    return json.loads(kept.read_text(encoding="utf-8"))


def table(networks, sets, settings):
    """Lines of the table."""
    timed = milliseconds(networks, image_files(sets[0][1])[:: settings.every][: settings.timed])
    counts = [f"{name} ({len(image_files(folder)):,})" for name, folder in sets]
    yield "| network | MB | feature | ms | " + " | ".join(counts) + " |"
    yield "|---|---|---|---|" + "---|" * len(sets)
    for network, cost in zip(networks, timed):
        cells = []
        for name, folder in sets:
            found = report(network, folder, settings.cache / name)
            if found["unreadable"]:
                raise SystemExit(f"{network.name}, {name}: {len(found['unreadable'])} images were unreadable")
            cells.append(f"{100 * found['validation']['accuracy']:.1f}")
        row = [network.name, f"{network.megabytes:.1f}", f"{network.width:,}", f"{cost:.1f}", *cells]
        yield "| " + " | ".join(row) + " |"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", nargs="+", type=pair, required=True, metavar="NAME=FILE.onnx")
    parser.add_argument("--images", nargs="+", type=pair, required=True, metavar="SET=DIR", help="one folder per class")
    parser.add_argument("--cache", type=Path, required=True, help="folder of what is known already")
    parser.add_argument("--timed", type=int, default=100, help="images to time (%(default)s)")
    parser.add_argument("--every", type=int, default=50, help="time each image of this distance (%(default)s)")
    settings = parser.parse_args()
    for name, _ in settings.images:
        (settings.cache / name).mkdir(parents=True, exist_ok=True)
    networks = [Network(name, path) for name, path in settings.networks]
    for line in table(networks, settings.images, settings):
        print(line, flush=True)


if __name__ == "__main__":
    main()
