"""Writes the pictures of src/test/resources/images and what Pillow makes of them.

    python make_image_goldens.py FOLDER        (Pillow 12.3.0, numpy, cwebp 1.2.4; same bytes every time)

Every picture is drawn here from a fixed seed. index.csv has a line per picture: file, resize,
crop. NAME.rgb beside the file NAME holds the expected pixels after the EXIF turn, the ICC profile,
white below alpha, Pillow's resize(BILINEAR) and torchvision's centre crop: crop x crop x 3 bytes,
row by row, RGB.
"""

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps

folder = Path(sys.argv[1])
random = np.random.default_rng(20261123)
index = ["file,resize,crop"]


def picture(width, height, channels=3, top=255):
    """Slow waves, hard edges and a little noise: values 0..top."""
    y, x = np.mgrid[0:height, 0:width]
    planes = []
    for _ in range(channels):
        fx, fy, phase = random.uniform(1, 5, 3)
        wave = np.sin(fx * x / width * 6 + phase) * np.cos(fy * y / height * 6 - phase)
        cx, cy = random.uniform(0.3, 0.7) * width, random.uniform(0.3, 0.7) * height
        r = random.uniform(0.15, 0.3) * min(width, height)
        disc = ((x - cx) ** 2 + (y - cy) ** 2 < r * r) * 0.5
        planes.append(0.5 + 0.35 * wave + disc - 0.15 + random.normal(0, 0.01, (height, width)))
    values = np.clip(np.stack(planes, -1), 0, 1) * top
    return values.round().astype(np.uint8 if top < 256 else np.uint16)


def rgb(width, height):
    return Image.fromarray(picture(width, height))


def smooth(width, height):
    """For lossy formats: few bytes, and little for two decoders to differ on."""
    return rgb(max(2, width // 8), max(2, height // 8)).resize((width, height), Image.BICUBIC)


def alpha(width, height):
    return Image.fromarray(picture(width, height, 4), "RGBA")


def raw_png(width, height, bits, colour_type, interlace, rows):
    """For what Pillow reads but does not write."""
    png = b"\x89PNG\r\n\x1a\n"
    header = struct.pack(">IIBBBBB", width, height, bits, colour_type, 0, 0, interlace)
    for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")):
        png += struct.pack(">I", len(data)) + kind + data
        png += struct.pack(">I", zlib.crc32(kind + data))
    return png


def png16(values, colour_type):
    """16 bits per channel."""
    height, width = values.shape[:2]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    return raw_png(width, height, 16, colour_type, 0, rows)


def interlaced(values):
    """Adam7, 8-bit RGB."""
    height, width = values.shape[:2]
    starts = ((0, 0), (4, 0), (0, 4), (2, 0), (0, 2), (1, 0), (0, 1))
    steps = ((8, 8), (8, 8), (4, 8), (4, 4), (2, 4), (2, 2), (1, 2))
    rows = b""
    for (x, y), (dx, dy) in zip(starts, steps):
        for row in values[y::dy, x::dx]:
            rows += b"\0" + row.tobytes() if row.size else b""
    return raw_png(width, height, 8, 2, 1, rows)


def fixed(*values):
    return b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def xyz(*values):
    return b"XYZ \0\0\0\0" + fixed(*values)


def curve(gamma):
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"


def wide_profile():
    """A matrix profile with the primaries of Display P3 (D50 adapted) and gamma 2.2."""
    return profile(b"RGB ", b"Wide\0", {
        b"rXYZ": xyz(0.51512, 0.24120, -0.00105),
        b"gXYZ": xyz(0.29198, 0.69225, 0.04189),
        b"bXYZ": xyz(0.15710, 0.06657, 0.78407),
        b"rTRC": curve(2.2), b"gTRC": curve(2.2), b"bTRC": curve(2.2),
    })


def grey_profile(gamma):
    return profile(b"GRAY", b"Grey\0", {b"kTRC": curve(gamma)})


def profile(space, text, more):
    """An ICC profile of version 2."""
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + b"\0" * 78 + b"\0",
        b"cprt": b"text\0\0\0\0none\0\0\0\0",
        b"wtpt": xyz(0.96420, 1.0, 0.82491),
        **more,
    }
    table, data, start = b"", b"", 128 + 4 + 12 * len(tags)
    for name, value in tags.items():
        value += b"\0" * (-len(value) % 4)
        table += name + struct.pack(">II", start + len(data), len(value))
        data += value
    head = struct.pack(">III", start + len(data), 0, 0x02400000) + b"mntr" + space + b"XYZ "
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 28 + fixed(0.9642, 1.0, 0.8249)
    head += b"\0" * (128 - len(head))
    return head + struct.pack(">I", len(tags)) + table + data


def upright_rgb(data):
    im = Image.open(io.BytesIO(data))
    profile = im.info.get("icc_profile")
    im = ImageOps.exif_transpose(im)
    if im.mode.startswith("I;16"):
        im = Image.fromarray((np.asarray(im) >> 8).astype(np.uint8))
    if profile and im.mode != "CMYK":
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            im = ImageCms.profileToProfile(im, source, srgb, outputMode="RGB")
        except (OSError, ImageCms.PyCMSError):
            pass  # a profile that is malformed, or of other colours than the image
    if im.mode in ("LA", "PA", "RGBA") or "transparency" in im.info:
        im = im.convert("RGBA")
        im = Image.alpha_composite(Image.new("RGBA", im.size, "white"), im)
    return im.convert("RGB")


def expected(im, resize, crop):
    short = min(im.size)
    width, height = (int(resize * side / short) for side in im.size)
    im = im.resize((width, height), Image.BILINEAR)
    left, top = int(round((width - crop) / 2)), int(round((height - crop) / 2))
    return im.crop((left, top, left + crop, top + crop))


def golden(name, data, resize=40, crop=36):
    (folder / name).write_bytes(data)
    (folder / (name + ".rgb")).write_bytes(expected(upright_rgb(data), resize, crop).tobytes())
    index.append(f"{name},{resize},{crop}")


def saved(im, kind, **options):
    out = io.BytesIO()
    im.save(out, kind, **options)
    return out.getvalue()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_chunks(png, *chunks):
    """Chunks put behind the IHDR of a PNG."""
    return png[:33] + b"".join(chunks) + png[33:]


def few_bits(bits):
    """A grey PNG of 1, 2 or 4 bits, which Pillow does not write."""
    rows = b""
    for row in picture(50, 45, 1, 2**bits - 1)[..., 0]:
        digits = "".join(format(value, f"0{bits}b") for value in row)
        digits += "0" * (-len(digits) % 8)
        rows += b"\0" + int(digits, 2).to_bytes(len(digits) // 8, "big")
    return raw_png(50, 45, bits, 0, 0, rows)


def exif_segment(orientation, kind=3):
    """APP1 with one entry, the turn, in 16 (kind 3) or 32 bits (kind 4)."""
    value = struct.pack(">HH" if kind == 3 else ">I", *([orientation, 0] if kind == 3 else [orientation]))
    tiff = b"MM\0*" + struct.pack(">IH", 8, 1) + struct.pack(">HHI", 0x0112, kind, 1) + value
    body = b"Exif\0\0" + tiff + b"\0\0\0\0"
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def odd_files(png, jpeg, webp):
    """What every browser shows although something about the file is odd."""
    grey, colour = smooth(60, 50).convert("L"), smooth(60, 50)
    profiles = {"cut": wide_profile()[:200], "zeros": bytes(300), "grey": grey_profile(1.4)}
    cmyk = bytearray(wide_profile())
    cmyk[16:20] = b"CMYK"
    profiles["cmyk"] = bytes(cmyk)
    golden("profile-grey.png", png(grey, icc_profile=grey_profile(1.4)))
    golden("profile-grey.jpg", jpeg(grey, subsampling=-1, icc_profile=grey_profile(1.4)))
    for name, data in profiles.items():
        golden(f"odd-profile-{name}.png", png(colour, icc_profile=data))
        golden(f"odd-profile-{name}.jpg", jpeg(colour, icc_profile=data))
        golden(f"odd-profile-{name}.webp", webp(colour, lossless=True, icc_profile=data))
    plain = png(colour)
    golden("odd-transparent-rgba.png", with_chunks(png(alpha(50, 45)), chunk(b"tRNS", bytes(6))))
    golden("odd-text.png", with_chunks(plain, chunk(b"zTXt", b"abc"), chunk(b"tIME", b"1")))
    golden("odd-no-end.png", plain[:-12])
    for bits in (1, 2, 4):
        golden(f"grey-{bits}-bits.png", few_bits(bits))
        transparent = chunk(b"tRNS", struct.pack(">H", 1))
        golden(f"grey-{bits}-bits-transparent.png", with_chunks(few_bits(bits), transparent))
    golden("odd-no-trailer.gif", saved(rgb(51, 62).quantize(64), "GIF")[:-1])

    plain = jpeg(colour)
    golden("odd-two-exif.jpg", plain[:2] + exif_segment(6) + exif_segment(1) + plain[2:])
    golden("odd-exif-long.jpg", plain[:2] + exif_segment(8, 4) + plain[2:])
    adobe = b"\xff\xee\x00\x0eAdobe\0\x64\0\0\0\0\0"
    golden("odd-jfif-and-adobe.jpg", plain[:20] + adobe + plain[20:])
    golden("odd-zeros-for-end.jpg", plain[:-2] + bytes(300))

    for method in range(7):
        golden(f"lossy-{method}.webp", webp(smooth(90, 75), quality=70, method=method))
    bright = Image.fromarray((255 - picture(90, 75) // 8).astype(np.uint8))
    golden("lossy-bright.webp", webp(bright, quality=90, method=0))
    for quality in (25, 50, 100):
        golden(f"lossy-quality-{quality}.webp", webp(smooth(90, 75), quality=quality, method=0))


CWEBP = {
    "simple-filter": "-q 50 -nostrong -f 60 -sharpness 7 -segments 1",
    "sharp": "-q 30 -strong -f 100 -sharpness 3",
    "unfiltered": "-q 40 -f 0",
    "segments": "-q 5 -sns 100 -segments 4 -m 6",
    "partitions": "-q 75 -partition_limit 50 -m 4",
    "narrow": "-q 70 -resize 17 100",
    "pixel": "-q 70 -resize 1 1",
}


def cwebp(name, options):
    """What Pillow has no options for."""
    saved_to = folder / f"lossy-{name}.webp"
    source = folder / "source.png"
    smooth(90, 75).save(source)
    subprocess.run(["cwebp", "-quiet", *options.split(), source, "-o", saved_to], check=True)
    source.unlink()
    golden(saved_to.name, saved_to.read_bytes(), *((1, 1) if name == "pixel" else ()))


def main():
    png = lambda im, **options: saved(im, "PNG", optimize=True, **options)
    jpeg = lambda im, **options: saved(im, "JPEG", **{"quality": 90, "subsampling": 0, **options})
    webp = lambda im, **options: saved(im, "WEBP", **options)

    # resizing, on what every decoder reads alike
    golden("down-odd.png", png(rgb(97, 61)), 32, 28)
    golden("down-far.png", png(smooth(211, 173)), 17, 13)
    golden("down-slightly.png", png(rgb(63, 71)), 61, 57)
    golden("same-size.png", png(rgb(48, 50)), 48, 48)
    golden("up.png", png(rgb(23, 31)), 64, 60)
    golden("up-far.png", png(rgb(3, 5)), 50, 33)
    golden("one-pixel.png", png(rgb(1, 1)), 9, 7)
    golden("one-column.png", png(rgb(1, 40)), 16, 16)
    golden("one-row.png", png(rgb(40, 1)), 15, 12)
    golden("wide.png", png(rgb(120, 19)), 24, 23)

    # kinds of pixels
    golden("grey.png", png(Image.fromarray(picture(50, 45, 1)[..., 0])))
    golden("grey-1-bit.png", png(Image.fromarray(picture(50, 45, 1)[..., 0]).convert("1")))
    sixteen = Image.fromarray(picture(50, 45, 1, 15)[..., 0] * 17)
    golden("grey-4-bit.png", png(sixteen.quantize(16), bits=4))
    golden("grey-alpha.png", png(Image.fromarray(picture(50, 45, 2), "LA")))
    steps = Image.fromarray((picture(50, 45, 1) // 32 * 32)[..., 0])
    golden("grey-transparent.png", png(steps, transparency=128))
    golden("grey-16-bit.png", png16(picture(44, 52, 1, 65535)[..., 0], 0))
    golden("rgb-16-bit.png", png16(picture(44, 52, 3, 65535), 2))
    golden("rgba-16-bit.png", png16(picture(44, 52, 4, 65535), 6))
    steps = Image.fromarray(picture(50, 45) // 128 * 128)
    golden("rgb-transparent.png", png(steps, transparency=(128, 128, 0)))
    golden("palette.png", png(rgb(60, 47).quantize(32)))
    opacities = bytes(range(0, 256, 16))
    golden("palette-transparent.png", png(rgb(60, 47).quantize(16), transparency=opacities))
    golden("alpha.png", png(alpha(57, 49)))
    golden("interlaced.png", interlaced(picture(53, 46)))
    golden("profile.png", png(smooth(60, 50), icc_profile=wide_profile()))
    exif = Image.Exif()
    exif[0x0112] = 6
    golden("turned.png", png(rgb(40, 60), exif=exif))

    # other formats
    golden("palette.gif", saved(rgb(51, 62).quantize(64), "GIF"))
    golden("transparent.gif", saved(rgb(51, 62).quantize(16), "GIF", transparency=3))
    golden("interlaced.gif", saved(rgb(51, 62).quantize(16), "GIF", interlace=1))
    first, second = rgb(40, 41).quantize(16), rgb(40, 41).quantize(16)
    golden("two-frames.gif", saved(first, "GIF", save_all=True, append_images=[second]))
    golden("lossless.webp", webp(rgb(51, 43), lossless=True))
    golden("lossless-alpha.webp", webp(alpha(51, 43), lossless=True, exact=True))
    golden("lossy.webp", webp(smooth(90, 75), quality=85))
    bands = (*smooth(90, 75).split(), smooth(90, 75).split()[0])
    golden("lossy-alpha.webp", webp(Image.merge("RGBA", bands), quality=85))
    golden("profile.webp", webp(smooth(60, 50), lossless=True, icc_profile=wide_profile()))
    golden("turned.webp", webp(smooth(40, 60), lossless=True, exif=exif))

    # JPEG
    golden("grey.jpg", jpeg(smooth(77, 66).convert("L"), subsampling=-1))
    golden("4-4-4.jpg", jpeg(smooth(77, 66)))
    golden("4-2-2.jpg", jpeg(smooth(77, 66), subsampling=1))
    golden("4-2-0.jpg", jpeg(smooth(77, 66), subsampling=2))
    golden("progressive.jpg", jpeg(smooth(77, 66), progressive=True, subsampling=2))
    golden("restarts.jpg", jpeg(smooth(77, 66), restart_marker_rows=1))
    golden("noisy.jpg", jpeg(rgb(64, 64), subsampling=2, quality=75))
    golden("cmyk.jpg", jpeg(smooth(66, 54).convert("CMYK")))
    bands = (*smooth(66, 54).split(), smooth(66, 54).split()[1])
    golden("cmyk-black.jpg", jpeg(Image.merge("CMYK", bands)))
    golden("profile.jpg", jpeg(smooth(60, 50), icc_profile=wide_profile()))
    golden("adobe-rgb.jpg", jpeg(smooth(66, 54), keep_rgb=True))
    upright = smooth(64, 48)
    undo = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Image.Transpose that stores it
    for orientation, stored in undo.items():
        exif[0x0112] = orientation
        im = upright if stored is None else upright.transpose(stored)
        golden(f"exif-{orientation}.jpg", jpeg(im, exif=exif))

    # four inks as others than Pillow store them: the Adobe marker says YCCK, or is not there
    inks = jpeg(smooth(66, 54).convert("CMYK"))
    marker = inks.index(b"\xff\xee\x00\x0eAdobe")
    golden("cmyk-ycck.jpg", inks[: marker + 15] + b"\2" + inks[marker + 16 :])
    golden("cmyk-unmarked.jpg", inks[:marker] + inks[marker + 16 :])

    # a first frame smaller than its canvas
    hole = np.zeros((50, 60, 4), np.uint8)
    hole[10:31, 20:43] = picture(23, 21, 4)
    hole[10:31, 20:43, 3] = 255
    frames = [Image.fromarray(hole), alpha(60, 50)]
    golden("animated.webp", webp(frames[0], lossless=True, save_all=True, append_images=frames[1:]))

    odd_files(png, jpeg, webp)
    for name, options in CWEBP.items():
        cwebp(name, options)
    (folder / "index.csv").write_text("\n".join(index) + "\n")


main()
