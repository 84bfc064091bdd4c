"""Draws the sample pictures: a hardware shop's articles.

    python draw.py OUT

Seven classes of 40 pictures, 160 x 160, and six without a label. Shape alone tells the classes apart: colour, size,
turn, place, background and noise come from the same distributions for all of them.
"""

import math
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SIZE, SCALE, PICTURES, SEED = 160, 3, 40, 7
S = SIZE * SCALE


def ring(draw, sides, outer, inner, fill, start=0.0):
    points = [(S / 2 + outer * math.cos(start + 2 * math.pi * i / sides),
               S / 2 + outer * math.sin(start + 2 * math.pi * i / sides)) for i in range(sides)]
    draw.polygon(points, fill=fill)
    hole(draw, S / 2, S / 2, inner)


def hole(draw, x, y, radius):
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(0, 0, 0, 0))


def disc(draw, x, y, radius, fill):
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


def bar(draw, x, y, width, height, fill):
    draw.rectangle((S / 2 + S * x, S / 2 + S * y, S / 2 + S * (x + width), S / 2 + S * (y + height)), fill=fill)


def washer(draw, rng, fill, dark):
    ring(draw, 90, S * 0.3, S * rng.uniform(0.12, 0.19), fill)


def nut(draw, rng, fill, dark):
    ring(draw, 6, S * 0.32, S * rng.uniform(0.13, 0.19), fill)


def gear(draw, rng, fill, dark):
    teeth = int(rng.integers(8, 15))
    points = []
    for i in range(4 * teeth):
        radius = S * (0.34 if i % 4 < 2 else 0.27)
        angle = 2 * math.pi * i / (4 * teeth)
        points.append((S / 2 + radius * math.cos(angle), S / 2 + radius * math.sin(angle)))
    draw.polygon(points, fill=fill)
    hole(draw, S / 2, S / 2, S * rng.uniform(0.06, 0.15))


def bolt(draw, rng, fill, dark):
    bar(draw, -0.35, -0.13, 0.14, 0.26, fill)
    length = rng.uniform(0.4, 0.56)
    bar(draw, -0.21, -0.06, length, 0.12, fill)
    for x in np.arange(-0.21 + length * rng.uniform(0.2, 0.5), -0.21 + length, 0.035):
        draw.line((S * (0.5 + x), S * 0.44, S * (0.515 + x), S * 0.56), fill=dark, width=SCALE * 2)


def screwdriver(draw, rng, fill, dark):
    handle = rng.uniform(0.22, 0.3)
    draw.rounded_rectangle((S * 0.12, S * 0.42, S * (0.12 + handle), S * 0.58), S * 0.05, fill=fill)
    for y in (0.46, 0.5, 0.54):
        draw.line((S * 0.15, S * y, S * (0.09 + handle), S * y), fill=dark, width=SCALE)
    bar(draw, -0.38 + handle, -0.025, 0.7 - handle, 0.05, fill)
    bar(draw, 0.3, -0.045, 0.07, 0.09, fill)


def key(draw, rng, fill, dark):
    disc(draw, S * 0.27, S / 2, S * 0.15, fill)
    hole(draw, S * 0.23, S / 2, S * rng.uniform(0.05, 0.09))
    bar(draw, -0.12, -0.04, 0.46, 0.08, fill)
    for x in np.arange(0.1, 0.32, 0.06):
        bar(draw, x, 0.04, 0.035, rng.uniform(0.02, 0.09), fill)


def spring(draw, rng, fill, dark):
    turns = int(rng.integers(5, 9))
    points = [(S * (0.15 + 0.7 * t / 200), S * (0.5 + 0.13 * math.sin(2 * math.pi * turns * t / 200)))
              for t in range(201)]
    draw.line(points, fill=fill, width=SCALE * 6, joint="curve")
    draw.line([(x, y - SCALE * 2) for x, y in points], fill=dark, width=SCALE, joint="curve")


SHAPES = {f.__name__: f for f in (bolt, gear, key, nut, screwdriver, spring, washer)}


def background(rng):
    y, x = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    angle = rng.uniform(0, math.pi)
    along = x * math.cos(angle) + y * math.sin(angle)
    base = rng.uniform(60, 220, 3)
    light = 1 + rng.uniform(-0.3, 0.3) * along + rng.uniform(0, 0.12) * np.sin(along * rng.uniform(20, 120))
    pixels = base * light[..., None] + rng.normal(0, rng.uniform(2, 10), (SIZE, SIZE, 1))
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).convert("RGBA")


def picture(shape, rng):
    fill = tuple(int(v) for v in rng.uniform(40, 235, 3)) + (255,)
    dark = tuple(v // 2 for v in fill[:3]) + (255,)
    layer = Image.new("RGBA", (S, S))
    shape(ImageDraw.Draw(layer), rng, fill, dark)
    light = (0.7 + 0.6 * np.linspace(0, 1, S)[:, None] * np.ones((1, S)))[..., None]
    pixels = np.asarray(layer).astype(float)
    pixels[..., :3] *= light
    layer = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    side = int(SIZE * rng.uniform(0.65, 1.05))
    layer = layer.rotate(rng.uniform(0, 360), Image.BICUBIC).resize((side, side), Image.LANCZOS)
    place = tuple(int(v) for v in (SIZE - side) / 2 + rng.uniform(-14, 14, 2))
    shadow = Image.new("RGBA", layer.size, (0, 0, 0, 255))
    shadow.putalpha(layer.getchannel("A").point(lambda a: a // 3))
    image = background(rng)
    under = Image.new("RGBA", (SIZE, SIZE))
    under.paste(shadow, (place[0] + 4, place[1] + 5))
    image.alpha_composite(under.filter(ImageFilter.GaussianBlur(3)))
    over = Image.new("RGBA", (SIZE, SIZE))
    over.paste(layer, place)
    image.alpha_composite(over)
    return image.convert("RGB").filter(ImageFilter.GaussianBlur(rng.uniform(0, 0.9)))


def main(out):
    rng = np.random.default_rng(SEED)
    for name, shape in SHAPES.items():
        (out / name).mkdir(parents=True, exist_ok=True)
        for i in range(PICTURES):
            picture(shape, rng).save(out / name / f"{i:02d}.jpg", quality=80)
    for i, shape in enumerate(list(SHAPES.values())[:6]):
        picture(shape, rng).save(out / f"unlabelled-{i}.jpg", quality=80)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
