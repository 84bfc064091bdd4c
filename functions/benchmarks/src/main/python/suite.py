"""The suite of benchmarks, see README.md of this module.

    python3 functions/benchmarks/src/main/python/suite.py --pictures FOLDER --out results.json

Nothing else should run meanwhile. Needs Linux, JDK 25 (JAVA_HOME), Maven, and Python with boto3, numpy, onnxruntime, pillow,
scikit-learn and scipy; cold start also the zip of the classifier (mvn -DskipTests package).
"""
import argparse
import importlib
import json
import os
import pathlib
import sys
import tempfile
import time

import figures
from programs import ROOT, class_path

POINTS = {
    "pictures": "From bytes to feature",
    "cold": "Cold start",
    "classify": "A warm request",
    "search": "Thresholds and neighbours",
    "training": "Training",
    "ingest": "Ingest on one machine",
    "growth": "Growth",
}
EMBEDDED = ROOT / "functions/backbone/src/main/resources/dev/graft/backbone/graft-resnet18-int8.onnx"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pictures", required=True, help="folder with one subfolder of pictures for each class")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="results.json; points of an earlier run stay in it")
    parser.add_argument("--only", default=",".join(POINTS), help="points, by commas: " + ", ".join(POINTS))
    parser.add_argument("--network", default=str(EMBEDDED), help="a network with its feature as the output (the embedded one)")
    parser.add_argument("--wide", nargs="*", default=[], help="more networks for classify and training, such as a ResNet-50")
    parser.add_argument("--photos", nargs="*", default=[], help="large photos for pictures, beside one of 128 x 128 pixels")
    parser.add_argument("--images", type=int, nargs="*", default=[300, 5500, 23000], help="stored, for classify and search")
    parser.add_argument("--training", type=int, default=2000, help="pictures to train on")
    parser.add_argument("--ingest", type=int, default=600, help="pictures")
    parser.add_argument("--requests", type=int, default=400, help="of each measurement of classify")
    parser.add_argument("--rounds", type=int, default=5, help="turns of both sides, where nothing else is said")
    parser.add_argument("--long-rounds", type=int, default=3, help="turns of what takes long: whole trainings, ingest, thresholds of 2,048 values")
    parser.add_argument("--pairs", type=int, default=7, help="turns of cold starts")
    parser.add_argument("--threads", type=int, nargs="*", default=sorted({1, os.cpu_count()}), help="of BLAS that are tried")
    parser.add_argument("--maven", default="mvn", help="such as 'mvn -o'")
    parser.add_argument("--class-path", help="of the benchmarks, if they are built")
    options = parser.parse_args()
    unknown = set(options.only.split(",")) - set(POINTS)
    if unknown:
        parser.error(f"no point {', '.join(sorted(unknown))}: expected of {', '.join(POINTS)}")
    if not pathlib.Path(options.pictures).is_dir():
        parser.error(f"no folder {options.pictures}: expected one with a subfolder of pictures for each class")
    return options


def main():
    options = arguments()
    results = json.loads(options.out.read_text(encoding="utf-8")) if options.out.exists() else {"points": {}}
    options.class_path = options.class_path or class_path(options.maven)
    for point in options.only.split(","):
        print(f"\n## {POINTS[point]}\n", flush=True)
        start = time.monotonic()
        about = figures.about(vars(options))
        with tempfile.TemporaryDirectory() as work:
            rows = importlib.import_module({"pictures": "decoding"}.get(point, point)).measure(options, pathlib.Path(work))
        results["points"][point] = {**about, "seconds": round(time.monotonic() - start), "rows": rows}
        options.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        print(figures.table(rows) + f"\n\n{time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
