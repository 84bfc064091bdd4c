"""Turns a float32 backbone into an int8 one: post-training static quantization, U8S8 in QDQ form.

    python quantize.py backbone.onnx out.onnx --images DIR

Activations become unsigned 8-bit numbers with one scale per tensor, weights signed numbers with one scale per output
channel (that pairing is the one that VNNI runs in one instruction). Weights use 7 of their 8 bits, -64 to 64, and there
is no option to change that: an x86 processor without VNNI adds two products of 8 bits in 16 bits and saturates, so full
8-bit weights give another feature there than elsewhere. With 7 bits, 2 x 255 x 64 = 32,640 always fits, and every
processor gives the same bits. The result is checked before it is written.

The scales of the activations are measured on up to --count images, an evenly spaced sample of those found under DIR:
give pictures like those that will be classified. The graph's input and outputs stay float32, and the metadata of the
file (graft.*) is kept, so the result is used exactly as the original. Same file, images and versions: same result.

The preprocessing is read from the metadata (graft.resize, graft.crop, graft.mean, graft.deviation, graft.scale);
a file without them is taken to be an ImageNet network of the common kind (256, 224, ImageNet mean and deviation).
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from PIL import Image

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".bmp"}
DEFAULTS = {
    "graft.resize": "256",
    "graft.crop": "224",
    "graft.mean": "0.485,0.456,0.406",
    "graft.deviation": "0.229,0.224,0.225",
    "graft.scale": "255",
}
LARGEST_WEIGHT = 64
METHODS = {"minmax": CalibrationMethod.MinMax, "entropy": CalibrationMethod.Entropy,
           "percentile": CalibrationMethod.Percentile}


def image_files(folder):
    """All image files under a folder, sorted by path."""
    return sorted(p for p in Path(folder).rglob("*") if p.suffix.lower() in SUFFIXES)


def square(path, resize, crop):
    """One image as uint8 (crop, crop, 3): shorter side to `resize` (antialiased bilinear), centre crop."""
    with Image.open(path) as opened:
        image = opened.convert("RGB")
    width, height = image.size
    ratio = resize / min(width, height)
    size = max(resize, round(width * ratio)), max(resize, round(height * ratio))
    if size != image.size:
        image = image.resize(size, Image.Resampling.BILINEAR)
    left, top = (size[0] - crop) // 2, (size[1] - crop) // 2
    return np.asarray(image.crop((left, top, left + crop, top + crop)))


class Preprocessing:
    """What a network wants to be shown, from the metadata of its file."""

    def __init__(self, model):
        values = DEFAULTS | {p.key: p.value for p in model.metadata_props}
        self.resize, self.crop = int(values["graft.resize"]), int(values["graft.crop"])
        scale = float(values["graft.scale"])
        self.mean = np.array(values["graft.mean"].split(","), np.float32) * scale
        self.deviation = np.array(values["graft.deviation"].split(","), np.float32) * scale

    def batch(self, paths):
        """Image files as float32 (N, 3, crop, crop)."""
        return self.normalized(np.stack([square(p, self.resize, self.crop) for p in paths]))

    def normalized(self, pixels):
        """uint8 (N, H, W, 3) as float32 (N, 3, H, W)."""
        return np.ascontiguousarray(((pixels - self.mean) / self.deviation).transpose(0, 3, 1, 2), np.float32)


class Images(CalibrationDataReader):
    """Feeds image files to the calibration, a few at a time."""

    def __init__(self, name, paths, preprocessing, size=8):
        self.batches = ({name: preprocessing.batch(paths[i : i + size])} for i in range(0, len(paths), size))

    def get_next(self):
        return next(self.batches, None)


def float32_weights(model):
    """The same network with weights kept as float16 written as float32, for the quantizer looks for those."""
    model = onnx.ModelProto.FromString(model.SerializeToString())
    halves = {t.name: t for t in model.graph.initializer if t.data_type == onnx.TensorProto.FLOAT16}
    casts = [n for n in model.graph.node if n.op_type == "Cast" and n.input[0] in halves]
    for cast in casts:
        values = numpy_helper.to_array(halves[cast.input[0]]).astype(np.float32)
        model.graph.initializer.append(numpy_helper.from_array(values, cast.output[0]))
        model.graph.node.remove(cast)
    for name in {cast.input[0] for cast in casts}:
        model.graph.initializer.remove(halves[name])
    return model


def largest_weight(model):
    """The largest absolute value of the signed 8-bit weights, 0 if the network has none."""
    weights = (t for t in model.graph.initializer if t.data_type == onnx.TensorProto.INT8)
    return max((int(np.abs(numpy_helper.to_array(w).astype(np.int32)).max(initial=0)) for w in weights), default=0)


def quantize(source, target, paths, method="minmax"):
    """Writes the int8 form, with 7-bit weights, of the network `source` to `target`, calibrated on `paths`."""
    model = onnx.load(source)
    with tempfile.TemporaryDirectory() as folder:
        whole, prepared = Path(folder) / "whole.onnx", Path(folder) / "prepared.onnx"
        onnx.save(float32_weights(model), whole)
        quant_pre_process(whole, prepared, skip_symbolic_shape=True)
        quantize_static(
            prepared,
            target,
            Images(model.graph.input[0].name, paths, Preprocessing(model)),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            reduce_range=True,
            calibrate_method=METHODS[method],
        )
    result = onnx.load(target)
    largest = largest_weight(result)
    if not 0 < largest <= LARGEST_WEIGHT:
        raise ValueError(f"{target}: its 8-bit weights reach {largest}, expected 1 to {LARGEST_WEIGHT} (7 bits)")
    del result.metadata_props[:]
    result.metadata_props.extend(model.metadata_props)
    onnx.checker.check_model(result)
    onnx.save(result, target)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("backbone", help="float32 network, .onnx")
    parser.add_argument("out", help="file to write")
    parser.add_argument("--images", required=True, help="folder of calibration images, searched with its subfolders")
    parser.add_argument("--count", type=int, default=256, help="at most this many images (%(default)s)")
    parser.add_argument("--method", choices=METHODS, default="minmax", help="how ranges are found (%(default)s)")
    settings = parser.parse_args()
    found = image_files(settings.images)
    if not found:
        parser.error(f"--images: no image files under {settings.images}")
    chosen = found[:: max(1, len(found) // settings.count)][: settings.count]
    quantize(settings.backbone, settings.out, chosen, settings.method)
    before, after = (Path(p).stat().st_size / 1e6 for p in (settings.backbone, settings.out))
    print(f"{settings.out}: {after:.1f} MB (was {before:.1f} MB), calibrated on {len(chosen)} images")


if __name__ == "__main__":
    main()
