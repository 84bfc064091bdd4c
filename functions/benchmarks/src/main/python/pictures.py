"""Milliseconds from the bytes of a picture to its feature: Graft against Pillow and Python's ONNX Runtime.

    python3 pictures.py CLASS_PATH NETWORK.onnx TIMES PICTURE...

Both sides run the same network on one thread and take turns picture by picture, TIMES times. Pillow decodes a JPEG in
draft mode at twice the pixels that the resize needs, as Graft does. Needs Python with numpy, onnxruntime and pillow.
"""
import io
import statistics
import subprocess
import sys

import numpy
import onnxruntime
from PIL import Image

import programs

WARM_UP = 40


def feature(session, settings, picture):
    resize, crop = int(settings["graft.resize"]), int(settings["graft.crop"])
    image = Image.open(io.BytesIO(picture))
    image.draft("RGB", (2 * resize, 2 * resize))
    image = image.convert("RGB")
    scale = resize / min(image.size)
    image = image.resize([int(side * scale) for side in image.size], Image.BILINEAR)
    left, top = [round((side - crop) / 2) for side in image.size]
    pixels = numpy.asarray(image.crop((left, top, left + crop, top + crop)), numpy.float32)
    mean, deviation = [
        numpy.array(settings[key].split(","), numpy.float32) for key in ("graft.mean", "graft.deviation")]
    pixels = (pixels / numpy.float32(settings["graft.scale"]) - mean) / deviation
    return session.run(None, {session.get_inputs()[0].name: pixels.transpose(2, 0, 1)[None]})


def measure(class_path, network, times, pictures):
    """Of each picture what both sides took, each time: CPU and wall milliseconds, and the MB that Graft allocated."""
    java = subprocess.Popen(
        [programs.java(), "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp", class_path,
         "dev.graft.benchmarks.PictureBenchmark", network],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(network, options)
    settings = session.get_modelmeta().custom_metadata_map
    for picture in pictures:
        with open(picture, "rb") as file:
            content = file.read()
        ours, theirs = [], []
        for turn in range(-WARM_UP, int(times)):
            java.stdin.write(picture + "\n")
            java.stdin.flush()
            found = [float(value) for value in java.stdout.readline().split()]
            _, cpu, wall = programs.timed(lambda: feature(session, settings, content))
            if turn >= 0:
                ours.append(found)
                theirs.append((cpu, wall))
        yield picture, [list(column) for column in zip(*ours)], [list(column) for column in zip(*theirs)]
    java.stdin.close()
    java.wait()


def main(class_path, network, times, *pictures):
    print("picture | Graft CPU ms, wall ms, MB | Pillow CPU ms, wall ms | ratio of CPU")
    for picture, ours, theirs in measure(class_path, network, times, pictures):
        graft, pillow = [statistics.median(column) for column in ours], [statistics.median(column) for column in theirs]
        print("{} | {:.1f} {:.1f} {:.1f} | {:.1f} {:.1f} | {:.2f}".format(
            picture, *graft, *pillow, graft[0] / pillow[0]), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
