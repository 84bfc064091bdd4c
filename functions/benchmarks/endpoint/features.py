"""Features of a folder of pictures, one subfolder per class, from a cut or an exported network.

Out come float16 (images, width) and a line per image: name, label, SHA-256 of the file.

    python features.py model.onnx pictures/ features.npy features.tsv [most per class]
"""
import hashlib
import os
import sys

import numpy as np
import onnxruntime
from PIL import Image


def main():
    model, folder, npy, tsv = sys.argv[1:5]
    most = int(sys.argv[5]) if len(sys.argv) > 5 else None
    session = onnxruntime.InferenceSession(model)
    meta = session.get_modelmeta().custom_metadata_map
    resize, crop = int(meta["graft.resize"]), int(meta["graft.crop"])
    mean, deviation = (np.array(meta[k].split(","), np.float32) for k in ("graft.mean", "graft.deviation"))
    features, lines = [], []
    for label in sorted(entry.name for entry in os.scandir(folder) if entry.is_dir()):
        for name in sorted(os.listdir(os.path.join(folder, label)))[:most]:
            path = os.path.join(folder, label, name)
            image = Image.open(path).convert("RGB")
            shorter = min(image.size)
            image = image.resize([resize * side // shorter for side in image.size], Image.BILINEAR)
            left, top = (round((side - crop) / 2) for side in image.size)
            image = image.crop((left, top, left + crop, top + crop))
            pixels = (np.asarray(image, np.float32) / float(meta["graft.scale"]) - mean) / deviation
            pixels = pixels.transpose(2, 0, 1)[None].astype(np.float32)
            features.append(session.run(["feature"], {"image": pixels})[0][0])
            sha = hashlib.sha256(open(path, "rb").read()).hexdigest()
            lines.append(f"{label}/{name}\t{label}\t{sha}\n")
    np.save(npy, np.array(features, np.float16))
    open(tsv, "w", encoding="utf-8").writelines(lines)


main()
