"""The exported model in Python's onnxruntime beside the running endpoint, on the same pictures.

Downloads both models of the head in use, prepares each picture as the metadata says for the one that takes a
tensor, and compares all probabilities with those of POST /classify. Pictures are sent as PNG, so that both start
with the same pixels, and where that is too large as they are. The last lines are the largest differences; above
1e-5 the exit status is 1.

    python onnx_equality.py http://127.0.0.1:8080 functions/local/samples
"""
import io
import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import requests
from PIL import Image, ImageOps


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


def session_of(url, form):
    model = requests.get(url + "/export/model.onnx?input=" + form)
    model.raise_for_status()
    return onnxruntime.InferenceSession(model.content, providers=["CPUExecutionProvider"])


def main():
    url, folder = sys.argv[1:]
    tensor, whole = session_of(url, "tensor"), session_of(url, "image")
    meta = tensor.get_modelmeta().custom_metadata_map
    classes = json.loads(meta["graft.classes"])
    differences = {"tensor": [], "image": []}
    same = 0
    for path in sorted(p for p in Path(folder).rglob("*") if p.suffix in (".jpg", ".png")):
        image = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
        png = io.BytesIO()
        image.save(png, "PNG")
        data = png.getvalue() if len(png.getvalue()) < 4_400_000 else path.read_bytes()
        answer = requests.post(url + "/classify?top=9999", data=data)
        answer.raise_for_status()
        told = {p["label"]: p["probability"] for p in answer.json()["probabilities"]}
        found = {
            "tensor": tensor.run(["probabilities"], {"image": prepared(image, meta)})[0][0],
            "image": whole.run(["probabilities"], {"pixels": np.asarray(image)})[0][0],
        }
        for form, here in found.items():
            differences[form].append(max(abs(told[name] - p) for name, p in zip(classes, here)))
        same += classes[int(found["image"].argmax())] == answer.json()["label"]
    print(f"head {meta['graft.head']}, {len(classes)} classes, onnxruntime {onnxruntime.__version__}")
    print(f"{len(differences['image'])} pictures, the same label on {same}")
    for form, each in differences.items():
        print(f"input={form}: largest difference of a probability {max(each):.1e}, median {np.median(each):.1e}")
    sys.exit(int(max(map(max, differences.values())) > 1e-5))


main()
