"""The exported model in Python's onnxruntime beside the running endpoint, on the same pictures.

Downloads the model of the head in use, prepares each picture as the model's metadata says, and compares all
probabilities with those of POST /classify. Pictures are sent as PNG, so that both start with the same pixels.
The last line is the largest difference; above 1e-5 the exit status is 1.

    python onnx_equality.py http://127.0.0.1:8080 functions/local/samples
"""
import io
import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import requests
from PIL import Image


def prepared(image, meta):
    """The input of the model, (1, 3, crop, crop)."""
    resize, crop = int(meta["graft.resize"]), int(meta["graft.crop"])
    mean, deviation = (np.array(meta[k].split(","), np.float32) for k in ("graft.mean", "graft.deviation"))
    shorter = min(image.size)
    image = image.resize([resize * side // shorter for side in image.size], Image.BILINEAR)
    left, top = (round((side - crop) / 2) for side in image.size)
    image = image.crop((left, top, left + crop, top + crop))
    pixels = (np.asarray(image, np.float32) / np.float32(meta["graft.scale"]) - mean) / deviation
    return pixels.transpose(2, 0, 1)[None].astype(np.float32)


def main():
    url, folder = sys.argv[1:]
    model = requests.get(url + "/export/model.onnx")
    model.raise_for_status()
    session = onnxruntime.InferenceSession(model.content, providers=["CPUExecutionProvider"])
    meta = session.get_modelmeta().custom_metadata_map
    classes = json.loads(meta["graft.classes"])
    differences, same = [], 0
    for path in sorted(p for p in Path(folder).rglob("*") if p.suffix in (".jpg", ".png")):
        image = Image.open(path).convert("RGB")
        png = io.BytesIO()
        image.save(png, "PNG")
        answer = requests.post(url + "/classify?top=9999", data=png.getvalue())
        answer.raise_for_status()
        told = {p["label"]: p["probability"] for p in answer.json()["probabilities"]}
        here = session.run(["probabilities"], {"image": prepared(image, meta)})[0][0]
        differences.append(max(abs(told[name] - p) for name, p in zip(classes, here)))
        same += classes[int(here.argmax())] == answer.json()["label"]
    print(f"head {meta['graft.head']}, {len(classes)} classes, onnxruntime {onnxruntime.__version__}")
    print(f"{len(differences)} pictures, the same label on {same}; median difference {np.median(differences):.1e}")
    print(f"largest difference of a probability: {max(differences):.1e}")
    sys.exit(int(max(differences) > 1e-5))


main()
