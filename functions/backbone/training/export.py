"""Makes NAME.onnx and NAME.json of weights that timm publishes: an entry of exports in catalogue.json.

    python export.py NAME [FOLDER]             needs timm 1.0.31, torch 2.15, onnx 1.23 and its network
    python export.py --seeded NAME [FOLDER]    random weights, to try the export without a network

NAME.json holds the preprocessing of the catalogue. A network with a class token can be read at
NAME.onnx#cls, #mean or #cls+mean, any other gives its pooled feature.
"""

import json
import sys
from pathlib import Path

import timm
import torch

CATALOGUE = Path(__file__).parent.parent / "src/main/resources/dev/graft/backbone/catalogue.json"


def main(name, folder=".", seeded=False):
    catalogue = json.loads(CATALOGUE.read_text())
    entries = {entry["name"]: entry for entry in catalogue["exports"]}
    if name not in entries:
        sys.exit(f"{name}: expected one of {', '.join(entries)}")
    entry = entries[name]
    preprocessing = catalogue["preprocessing"][entry["preprocessing"]]
    side = int(preprocessing["crop"])
    torch.manual_seed(1)
    architecture = entry["weights"].removeprefix("timm/")
    size = {"img_size": side} if architecture.startswith("vit_") else {}
    network = timm.create_model(architecture, pretrained=not seeded, **size).eval()
    file = Path(folder) / f"{name}.onnx"
    with torch.no_grad():
        torch.onnx.export(
            network,
            (torch.zeros(1, 3, side, side),),
            file,
            dynamo=False,
            opset_version=17,
            input_names=["image"],
            output_names=["out"],
            dynamic_axes={"image": {0: "n"}, "out": {0: "n"}},
        )
    file.with_suffix(".json").write_text(json.dumps(preprocessing))
    print(f"{file}: {entry['weights']}, {entry['licence']}, {file.stat().st_size:,} bytes")


arguments = [argument for argument in sys.argv[1:] if argument != "--seeded"]
main(*arguments, seeded="--seeded" in sys.argv)
