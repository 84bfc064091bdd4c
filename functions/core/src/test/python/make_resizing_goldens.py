"""Writes what Pillow and timm make of some pictures of src/test/resources/images.

    python make_resizing_goldens.py FOLDER     (Pillow 12.3.0; same bytes every time)

FOLDER is src/test/resources. resizing/index.csv has a line per picture and setting: file, resize,
crop, interpolation, fit. The .rgb file of that line's number holds crop x crop x 3 bytes, row by
row, RGB. Sizes and places are those of torchvision's Resize and CenterCrop (fit crop, squash) and
of timm's ResizeKeepRatio(longest=1) and CenterCropOrPad (fit pad; timm/data/transforms.py), the
borders of fit pad those of ImageNet's mean.
"""

import sys
from pathlib import Path

from PIL import Image

folder = Path(sys.argv[1])
target = folder / "resizing"
target.mkdir(exist_ok=True)
FILTERS = {"bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC}
MEAN = tuple(round(255 * value) for value in (0.485, 0.456, 0.406))
CASES = [
    ("down-odd.png", 32, 28), ("down-far.png", 17, 13), ("down-slightly.png", 61, 57),
    ("same-size.png", 48, 48), ("up.png", 64, 60), ("up-far.png", 50, 33), ("one-pixel.png", 9, 7),
    ("one-column.png", 16, 16), ("one-row.png", 15, 12), ("wide.png", 24, 23), ("wide.png", 40, 40),
]


def resized_size(im, resize, fit):
    short, long = min(im.size), max(im.size)
    if fit == "crop":
        return tuple(int(resize * side / short) for side in im.size)
    if fit == "squash":
        return (resize, resize)
    return tuple(max(1, round(side / (long / resize))) for side in im.size)


def expected(im, resize, crop, interpolation, fit):
    im = im.resize(resized_size(im, resize, fit), FILTERS[interpolation])
    width, height = im.size
    if fit == "pad" and (crop > width or crop > height):
        left, top = max(0, (crop - width) // 2), max(0, (crop - height) // 2)
        canvas = Image.new("RGB", (max(crop, width), max(crop, height)), MEAN)
        canvas.paste(im, (left, top))
        im, (width, height) = canvas, canvas.size
    left, top = int(round((width - crop) / 2)), int(round((height - crop) / 2))
    return im.crop((left, top, left + crop, top + crop))


def main():
    lines = ["file,resize,crop,interpolation,fit"]
    for name, resize, crop in CASES:
        im = Image.open(folder / "images" / name).convert("RGB")
        for interpolation in FILTERS:
            for fit in ("crop", "squash", "pad"):
                pixels = expected(im, resize, crop, interpolation, fit).tobytes()
                (target / f"{len(lines)}.rgb").write_bytes(pixels)
                lines.append(f"{name},{resize},{crop},{interpolation},{fit}")
    (target / "index.csv").write_text("\n".join(lines) + "\n")


main()
