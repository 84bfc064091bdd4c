"""Shows every training image to the teachers once and keeps what they answered.

    python teachers.py --teachers a.onnx b.onnx --images DIR --out DIR

A teacher is an ImageNet classification network whose last layer with weights makes the logits; the input of that
layer is its feature. Teachers run in int8 (see quantize.py) to save time; what that costs
the student has not been measured. The view is the whole centre square of the image, at 224 pixels for the teachers and
at 128 for the student: both see the same scene. Labels are never read; folders only group files.

Written to --out, row i for image i, in a seeded random order of the files:
    pixels.u8     uint8   (N, 128, 128, 3)   what the student is shown
    features.f16  float16 (N, F)             features of the teachers, one after the other
    logits.f16    float16 (N, 1000)          log of the mean of the teachers' softmaxes
    rows.json     {"rows": N, "done": n, ...}; rows before n are ready, so training may start while this runs
Run again with the same arguments to go on where it stopped.
"""

import argparse
import json
import random
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

from quantize import Preprocessing, image_files, quantize, square

STUDENT_SIZE = 128
TEACHER_SIZE = 224
STEP = 16


def with_feature(path, target):
    """Copies a network so that the input of its last layer with weights is a second output."""
    model = onnx.load(path)
    last = [node for node in model.graph.node if node.op_type in ("Gemm", "MatMul", "Conv")][-1]
    model.graph.output.append(onnx.helper.make_tensor_value_info(last.input[0], onnx.TensorProto.FLOAT, None))
    for key in ("graft.resize", "graft.crop"):
        model.metadata_props.add(key=key, value=str(TEACHER_SIZE))
    onnx.save(model, target)


def prepared(path, work, calibration):
    """The int8 form, with its feature as an output, of a teacher; made once and kept in the folder `work`."""
    two = work / f"{Path(path).stem}-two.onnx"
    small = work / f"{Path(path).stem}-two-int8.onnx"
    if not small.exists():
        with_feature(path, two)
        quantize(two, small, calibration)
    return small


class Teacher:
    def __init__(self, path, threads):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self.preprocessing = Preprocessing(onnx.load(path))

    def answer(self, pixels):
        """Logits (N, 1000) and feature (N, F) for uint8 (N, 224, 224, 3)."""
        batch = self.preprocessing.normalized(pixels)
        logits, feature = self.session.run(None, {self.session.get_inputs()[0].name: batch})
        return logits, feature.reshape(len(feature), -1)


def softmax(logits):
    exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponents / exponents.sum(axis=1, keepdims=True)


def readable(path):
    """The image as the teachers and as the student see it, or None where the file is no image."""
    try:
        large = square(path, TEACHER_SIZE, TEACHER_SIZE)
        return large, square(path, STUDENT_SIZE, STUDENT_SIZE)
    except OSError:
        return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teachers", nargs="+", required=True, help="ImageNet networks, .onnx, float32")
    parser.add_argument("--images", required=True, help="folder of images, searched with its subfolders")
    parser.add_argument("--out", required=True, help="folder for the answers; the int8 teachers are kept beside it")
    parser.add_argument("--limit", type=int, default=10**9, help="at most this many images, drawn at random")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    settings = parser.parse_args()

    paths = image_files(settings.images)
    random.Random(settings.seed).shuffle(paths)
    paths = paths[: settings.limit]
    out = Path(settings.out)
    out.mkdir(parents=True, exist_ok=True)
    teachers = [Teacher(prepared(t, out.parent, paths[:128]), settings.threads) for t in settings.teachers]

    progress = out / "rows.json"
    done = json.loads(progress.read_text())["done"] if progress.exists() else 0
    stores = {}
    while done < len(paths):
        seen = [r for r in map(readable, paths[done : done + STEP]) if r]
        large, small = (np.stack(part) for part in zip(*seen))
        # An unreadable file repeats its neighbour, so that rows keep their numbers.
        rows = np.arange(min(STEP, len(paths) - done)) % len(seen)
        answers = [teacher.answer(large) for teacher in teachers]
        mean = np.mean([softmax(logits) for logits, _ in answers], axis=0)
        values = {
            "pixels.u8": small,
            "features.f16": np.concatenate([feature for _, feature in answers], axis=1).astype(np.float16),
            "logits.f16": np.log(np.maximum(mean, 1e-7)).astype(np.float16),
        }
        for name, value in values.items():
            if name not in stores:
                file = out / name
                mode = "r+" if file.exists() else "w+"
                stores[name] = np.memmap(file, value.dtype, mode, shape=(len(paths), *value.shape[1:]))
            stores[name][done : done + len(rows)] = value[rows]
        done += len(rows)
        if done % (STEP * 20) == 0 or done == len(paths):
            for store in stores.values():
                store.flush()
            state = {"rows": len(paths), "done": done, "widths": [f.shape[1] for _, f in answers]}
            progress.write_text(json.dumps(state))
            print(f"{out}: {done} of {len(paths)}", flush=True)


if __name__ == "__main__":
    main()
