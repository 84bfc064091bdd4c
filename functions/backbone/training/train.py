"""Teaches a small ResNet what the teachers answered, and writes it as a Graft backbone.

    python train.py --targets DIR [DIR ...] --out resnet10-graft.onnx --minutes 60

Every DIR holds pixels.u8, features.f16 and logits.f16 as teachers.py writes them; labels are not among them. The
student is a ResNet of standard basic blocks (one per stage: 10 layers, 512-wide feature). It learns the standardized
features of the teachers through a linear layer (mean squared error) and their class probabilities through another
(cross-entropy); both layers are dropped at the end. Learning rate: linear warm-up, then cosine over the time given.
The exponential mean of the weights is what is written, batch norms folded, weights as float16.
"""

import argparse
import copy
import csv
import time
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from torch.nn import functional as F

MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
SIZE = 128


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.short = None
        if stride != 1 or inputs != outputs:
            self.short = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (x if self.short is None else self.short(x)))


class ResNet(nn.Module):
    def __init__(self, blocks):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64))
        stages, inputs = [], 64
        for stage, outputs in enumerate((64, 128, 256, 512)):
            for block in range(blocks):
                stages.append(Block(inputs, outputs, 2 if stage and not block else 1))
                inputs = outputs
        self.blocks = nn.Sequential(*stages)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.stem(x)), 3, 2, 1)
        return self.blocks(x).mean((2, 3))


def augmented(pixels, size, generator):
    """One crop of 70 to 100 % of the side for the batch, flips, brightness and contrast by image."""
    x = torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255
    side = int(SIZE * (0.7 + 0.3 * torch.rand(1, generator=generator).item()))
    top, left = (int(torch.randint(SIZE - side + 1, (1,), generator=generator)) for _ in range(2))
    x = F.interpolate(x[:, :, top:top + side, left:left + side], (size, size), mode="bilinear", antialias=True)
    flip = torch.rand(len(x), generator=generator) < 0.5
    x[flip] = x[flip].flip(3)
    gain = 0.8 + 0.4 * torch.rand(len(x), 3, 1, 1, generator=generator)
    gain = 0.3 * gain + 0.7 * gain.mean(1, keepdim=True)
    x = (x * gain).clamp(0, 1)
    return (x - torch.tensor(MEAN).view(3, 1, 1)) / torch.tensor(DEVIATION).view(3, 1, 1)


def folded(conv, bn):
    scale = (bn.weight / (bn.running_var + bn.eps).sqrt()).detach()
    return (conv.weight * scale.view(-1, 1, 1, 1)).detach().numpy(), (bn.bias - bn.running_mean * scale).detach().numpy()


def export(model, name, path):
    """Writes the network by hand: one input `image`, one output `feature`, float16 weights behind casts."""
    nodes, weights = [], []

    def conv(source, target, layer, bn, relu):
        kernel, bias = folded(layer, bn)
        for suffix, value in (("w", kernel), ("b", bias)):
            weights.append(numpy_helper.from_array(value.astype(np.float16), f"{target}.{suffix}16"))
            nodes.append(helper.make_node("Cast", [f"{target}.{suffix}16"], [f"{target}.{suffix}"], to=TensorProto.FLOAT))
        out = f"{target}.linear" if relu else target
        pad, stride = layer.padding[0], layer.stride[0]
        nodes.append(helper.make_node("Conv", [source, f"{target}.w", f"{target}.b"], [out], pads=[pad] * 4,
                                      strides=[stride] * 2, kernel_shape=list(layer.kernel_size)))
        if relu:
            nodes.append(helper.make_node("Relu", [out], [target]))

    conv("image", "stem", model.stem[0], model.stem[1], True)
    nodes.append(helper.make_node("MaxPool", ["stem"], ["pooled"], kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4))
    x = "pooled"
    for i, block in enumerate(model.blocks):
        conv(x, f"block{i}.1", block.conv1, block.bn1, True)
        conv(f"block{i}.1", f"block{i}.2", block.conv2, block.bn2, False)
        if block.short is not None:
            conv(x, f"block{i}.short", block.short[0], block.short[1], False)
            x = f"block{i}.short"
        nodes.append(helper.make_node("Add", [f"block{i}.2", x], [f"block{i}.sum"]))
        nodes.append(helper.make_node("Relu", [f"block{i}.sum"], [f"block{i}"]))
        x = f"block{i}"
    nodes.append(helper.make_node("GlobalAveragePool", [x], ["average"]))
    nodes.append(helper.make_node("Flatten", ["average"], ["feature"]))
    graph = helper.make_graph(
        nodes, name, [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, SIZE, SIZE])],
        [helper.make_tensor_value_info("feature", TensorProto.FLOAT, ["n", 512])], weights)
    file = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8, producer_name="graft")
    helper.set_model_props(file, {
        "graft.name": name, "graft.feature": "feature", "graft.resize": str(SIZE), "graft.crop": str(SIZE),
        "graft.mean": ",".join(map(str, MEAN)), "graft.deviation": ",".join(map(str, DEVIATION)),
        "graft.scale": "255", "graft.channels": "RGB", "graft.layout": "NCHW", "graft.licence": "Apache-2.0"})
    onnx.checker.check_model(file)
    temporary = Path(f"{path}.part")
    onnx.save(file, temporary)
    temporary.rename(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--targets", nargs="+", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--log", type=Path, default=Path("training-log.csv"))
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--size", type=int, default=SIZE)
    parser.add_argument("--blocks", type=int, default=1, help="basic blocks a stage: 1 = 10 layers, 2 = 18 layers")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    pixels = np.concatenate([np.fromfile(d / "pixels.u8", np.uint8).reshape(-1, SIZE, SIZE, 3) for d in args.targets])
    features = np.concatenate([np.fromfile(d / "features.f16", np.float16).reshape(-1, 3072) for d in args.targets])
    logits = np.concatenate([np.fromfile(d / "logits.f16", np.float16).reshape(-1, 1000) for d in args.targets])
    sample = features[:: max(1, len(features) // 4000)].astype(np.float32)
    centre, spread = torch.from_numpy(sample.mean(0)), torch.from_numpy(sample.std(0) + 1e-2)

    model = ResNet(args.blocks).to(memory_format=torch.channels_last)
    heads = nn.ModuleList([nn.Linear(512, 3072), nn.Linear(512, 1000)])
    shadow = copy.deepcopy(model)
    parameters = list(model.parameters()) + list(heads.parameters())
    optimizer = torch.optim.AdamW(parameters, lr=0, weight_decay=0.02)
    generator = torch.Generator().manual_seed(args.seed)
    start, step, seen, peak, batch = time.time(), 0, 0, 2e-3, 64
    saved = start
    with args.log.open("w") as file:
        log = csv.writer(file)
        log.writerow(["minutes", "images", "learning_rate", "feature_loss", "class_loss"])
        while (progress := (time.time() - start) / (60 * args.minutes)) < 1:
            rows = torch.randint(len(pixels), (batch,), generator=generator).numpy()
            x = augmented(pixels[rows], args.size, generator).to(memory_format=torch.channels_last)
            rate = peak * min(1, (step + 1) / 100) * 0.5 * (1 + np.cos(np.pi * progress))
            for group in optimizer.param_groups:
                group["lr"] = rate
            with torch.autocast("cpu", torch.bfloat16):
                feature = model(x)
            feature = feature.float()
            wanted = ((torch.from_numpy(features[rows].astype(np.float32)) - centre) / spread).clamp(-4, 4)
            feature_loss = F.mse_loss(heads[0](feature), wanted)
            answers = torch.from_numpy(logits[rows].astype(np.float32)).softmax(1)
            class_loss = F.cross_entropy(heads[1](feature), answers)
            optimizer.zero_grad()
            (feature_loss + 0.3 * class_loss).backward()
            optimizer.step()
            step, seen = step + 1, seen + batch
            decay = min(0.998, step / (step + 10))
            with torch.no_grad():
                for mean, value in zip(shadow.state_dict().values(), model.state_dict().values()):
                    mean.lerp_(value, 1 - decay) if mean.is_floating_point() else mean.copy_(value)
            if step % 50 == 0:
                log.writerow([f"{(time.time() - start) / 60:.2f}", seen, f"{rate:.5f}",
                              f"{feature_loss.item():.4f}", f"{class_loss.item():.4f}"])
                file.flush()
            if time.time() - saved > 120:
                export(shadow, args.out.stem, args.out)
                saved = time.time()
    export(shadow, args.out.stem, args.out)


if __name__ == "__main__":
    main()
