"""Features of a folder of pictures, one subfolder per class, from a cut or an exported network.

    python features.py model.onnx pictures/ features.npy features.tsv [most per class]
"""
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
            image = Image.open(os.path.join(folder, label, name)).convert("RGB")
            shorter = min(image.size)
            image = image.resize([resize * side // shorter for side in image.size], Image.BILINEAR)
            left, top = (round((side - crop) / 2) for side in image.size)
            image = image.crop((left, top, left + crop, top + crop))
            pixels = (np.asarray(image, np.float32) / float(meta["graft.scale"]) - mean) / deviation
            pixels = pixels.transpose(2, 0, 1)[None].astype(np.float32)
            features.append(session.run(["feature"], {"image": pixels})[0][0])
            lines.append(f"{label}/{name}\t{label}\n")
    np.save(npy, np.array(features))
    open(tsv, "w", encoding="utf-8").writelines(lines)


main()
