"""Teaches a small ResNet what the teachers answered, and writes it as a Graft backbone.

    python train.py --targets DIR [DIR ...] --out resnet10-graft.onnx --minutes 60 [--resume resnet10-graft.onnx]

Every DIR holds pixels.u8, features.f16 and logits.f16 as teachers.py writes them, which may still be at it; labels are
not among them. The student is a ResNet of standard basic blocks (one a stage: 10 layers, 512-wide feature). It learns
the standardized features of the teachers through a linear layer (mean squared error) and their class probabilities
through another (cross-entropy); both layers start from least squares and are dropped at the end. Crops grow from small to
full size. Learning rate: linear warm-up, then cosine over the processor time given, so a paused run loses nothing. Kernels
of convolutions follow Muon (Jordan et al. 2024: momentum, orthogonalized by Newton-Schulz), everything else AdamW: on equal
minutes better than AdamW alone. The exponential mean of the weights is what is written, every few minutes, batch norms
folded, weights as float16; a file written so is also what --resume goes on from.

A crop shows things larger than the whole picture does, so the network is used at 160 pixels though taught at up to 128
(Touvron et al. 2019, Fixing the train-test resolution discrepancy): 1.8 points more on flickr8, measured at 62.6.
"""

import argparse
import copy
import csv
import json
import time
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from torch.nn import functional as F

MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
SIZE, INPUT = 128, 160
BATCH = 192


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


class Targets:
    """What teachers.py wrote so far, all folders as one list of rows."""

    def __init__(self, folders):
        self.parts = []
        for folder in folders:
            rows = json.loads((folder / "rows.json").read_text())["rows"]
            shapes = {"pixels.u8": (np.uint8, (SIZE, SIZE, 3)), "features.f16": (np.float16, (3072,)),
                      "logits.f16": (np.float16, (1000,))}
            self.parts.append([np.memmap(folder / name, kind, "r", shape=(rows, *shape))
                               for name, (kind, shape) in shapes.items()])
        self.folders = folders
        self.refresh()

    def refresh(self):
        done = [json.loads((folder / "rows.json").read_text())["done"] for folder in self.folders]
        self.rows = [(part, row) for part, count in zip(self.parts, done) for row in range(count)]

    def take(self, indices):
        """Pixels (n, 128, 128, 3) uint8, features (n, 3072) and logits (n, 1000) float32."""
        picked = [self.rows[i] for i in indices]
        arrays = [np.stack([part[k][row] for part, row in picked]) for k in range(3)]
        return arrays[0], torch.from_numpy(arrays[1].astype(np.float32)), torch.from_numpy(arrays[2].astype(np.float32))


def augmented(pixels, size, generator):
    """By image: a crop of 45 to 100 % of the area, stretched by up to 4/3, flip, brightness, contrast, colour, grey."""
    n = len(pixels)
    x = torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255

    def uniform(low, high, *shape):
        return low + (high - low) * torch.rand(n, *shape, generator=generator)

    area, stretch = uniform(0.45, 1.0).sqrt(), uniform(-0.1438, 0.1438).exp()
    wide, high = (area * stretch).clamp(max=1), (area / stretch).clamp(max=1)
    flip = torch.where(uniform(0, 1) < 0.5, -1.0, 1.0)
    zero = torch.zeros(n)
    move_x, move_y = uniform(-1, 1) * (1 - wide), uniform(-1, 1) * (1 - high)
    matrix = torch.stack([torch.stack([wide * flip, zero, move_x], 1), torch.stack([zero, high, move_y], 1)], 1)
    if size < SIZE:
        x = F.interpolate(x, (size * 5 // 4,) * 2, mode="bilinear", antialias=True) if size * 5 // 4 < SIZE else x
    grid = F.affine_grid(matrix, (n, 3, size, size), align_corners=False)
    x = F.grid_sample(x, grid, mode="bilinear", padding_mode="reflection", align_corners=False)
    grey = (uniform(0, 1, 1, 1, 1) < 0.1).float()
    x = x + grey * (x.mean(1, keepdim=True) - x)
    middle = x.mean((1, 2, 3), keepdim=True)
    x = (x - middle) * uniform(0.7, 1.3, 1, 1, 1) + middle * uniform(0.7, 1.3, 1, 1, 1)
    x = (x * uniform(0.9, 1.1, 3, 1, 1)).clamp(0, 1)
    return (x - torch.tensor(MEAN).view(3, 1, 1)) / torch.tensor(DEVIATION).view(3, 1, 1)


class Muon(torch.optim.Optimizer):
    """Momentum whose step is the nearest orthogonal matrix, by five Newton-Schulz iterations."""

    def __init__(self, kernels, lr=0.0, momentum=0.95, weight_decay=0.01):
        super().__init__(kernels, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for kernel in group["params"]:
                mean = self.state[kernel].setdefault("mean", torch.zeros_like(kernel))
                mean.lerp_(kernel.grad, 1 - group["momentum"])
                update = kernel.grad.lerp(mean, group["momentum"]).flatten(1)
                x = update if len(update) <= update.shape[1] else update.T
                x = x / (x.norm() + 1e-7)
                for _ in range(5):
                    square = x @ x.T
                    x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
                x = x if len(update) <= update.shape[1] else x.T
                kernel.mul_(1 - group["lr"] * group["weight_decay"])
                kernel.sub_(x.view_as(kernel), alpha=group["lr"] * max(1, len(update) / update.shape[1]) ** 0.5)


def resume(model, path, sample):
    """
    Puts the weights of a network that `export` wrote into the model. A folded batch norm is opened again: its statistics
    are those of `sample` (n, 3, size, size), and its gain and shift give back what was folded, so the function is the same.
    """
    weights = {w.name: torch.from_numpy(numpy_helper.to_array(w).astype(np.float32)) for w in onnx.load(path).graph.initializer}
    layers = [("stem", *model.stem)]
    for i, block in enumerate(model.blocks):
        layers += [(f"block{i}.1", block.conv1, block.bn1), (f"block{i}.2", block.conv2, block.bn2)]
        layers += [] if block.short is None else [(f"block{i}.short", *block.short)]
    hooks = []
    for name, conv, bn in layers:
        conv.weight.data.copy_(weights[f"{name}.w16"])

        def open_again(bn, inputs, bias=weights[f"{name}.b16"]):
            x = inputs[0].float()
            bn.running_mean, bn.running_var = x.mean((0, 2, 3)), x.var((0, 2, 3))
            bn.weight.data.copy_((bn.running_var + bn.eps).sqrt())
            bn.bias.data.copy_(bn.running_mean + bias)

        hooks.append(bn.register_forward_pre_hook(open_again))
    with torch.no_grad():
        model.eval()(sample)
    model.train()
    for hook in hooks:
        hook.remove()


@torch.no_grad()
def least_squares(model, x, answers, ridge=10.0):
    """The linear layer that gives `answers` (n, m) from the features of `x` best, as a start."""
    feature = torch.cat([model.eval()(part) for part in x.split(500)])
    model.train()
    centre, middle = feature.mean(0), answers.mean(0)
    feature = feature - centre
    weight = torch.linalg.solve(feature.T @ feature + ridge * torch.eye(512), feature.T @ (answers - middle)).T
    layer = nn.Linear(512, answers.shape[1])
    layer.weight.data.copy_(weight)
    layer.bias.data.copy_(middle - weight @ centre)
    return layer


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
        nodes, name, [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, INPUT, INPUT])],
        [helper.make_tensor_value_info("feature", TensorProto.FLOAT, ["n", 512])], weights)
    file = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8, producer_name="graft")
    helper.set_model_props(file, {
        "graft.name": name, "graft.feature": "feature", "graft.resize": str(INPUT), "graft.crop": str(INPUT),
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
    parser.add_argument("--resume", type=Path, help="a network that this script wrote before")
    parser.add_argument("--log", type=Path, default=Path("training-log.csv"))
    parser.add_argument("--minutes", type=float, default=60, help="of processor time; on one thread")
    parser.add_argument("--blocks", type=int, default=1, help="basic blocks a stage: 1 = 10 layers, 2 = 18 layers")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(1)
    targets = Targets(args.targets)
    generator = torch.Generator().manual_seed(args.seed)

    def rows(count):
        return targets.take(torch.randint(len(targets.rows), (count,), generator=generator).tolist())

    pixels, features, logits = rows(4000)
    centre, spread = features.mean(0), features.std(0) + 1e-2

    def standardized(features):
        return ((features - centre) / spread).clamp(-4, 4)

    model = ResNet(args.blocks).to(memory_format=torch.channels_last)
    if args.resume:
        resume(model, args.resume, augmented(pixels[:512], 112, generator))
    x = augmented(pixels, 112, generator)
    heads = nn.ModuleList([least_squares(model, x, wanted) for wanted in (standardized(features), logits)])
    shadow = copy.deepcopy(model)
    kernels = [p for p in model.parameters() if p.ndim == 4]
    others = [p for p in model.parameters() if p.ndim != 4] + list(heads.parameters())
    optimizers = [(Muon(kernels), 0.02), (torch.optim.AdamW(others, lr=0, weight_decay=0.01), 2e-3)]
    step, seen, start = 0, 0, time.process_time()
    saved = start
    with args.log.open("w") as file:
        log = csv.writer(file)
        log.writerow(["minutes", "images", "size", "learning_rate", "feature_loss", "class_loss"])
        while (progress := (time.process_time() - start) / (60 * args.minutes)) < 1:
            size = 80 if progress < 0.2 else 96 if progress < 0.5 else 112 if progress < 0.85 else 128
            pixels, features, logits = rows(BATCH)
            x = augmented(pixels, size, generator)
            rate = min(1, (step + 1) / 100) * 0.5 * (1 + np.cos(np.pi * progress))
            for optimizer, peak in optimizers:
                optimizer.param_groups[0]["lr"] = peak * rate
            feature = model(x.to(memory_format=torch.channels_last))
            feature_loss = F.mse_loss(heads[0](feature), standardized(features))
            class_loss = F.cross_entropy(heads[1](feature), logits.softmax(1))
            for optimizer, _ in optimizers:
                optimizer.zero_grad()
            (feature_loss + 0.3 * class_loss).backward()
            for optimizer, _ in optimizers:
                optimizer.step()
            step, seen = step + 1, seen + BATCH
            decay = min(0.998, step / (step + 10))
            with torch.no_grad():
                for mean, value in zip(shadow.state_dict().values(), model.state_dict().values()):
                    mean.lerp_(value, 1 - decay) if mean.is_floating_point() else mean.copy_(value)
            if step % 50 == 0:
                log.writerow([f"{(time.process_time() - start) / 60:.2f}", seen, size, f"{peak * rate:.5f}",
                              f"{feature_loss.item():.4f}", f"{class_loss.item():.4f}"])
                file.flush()
            if time.process_time() - saved > 300:
                export(shadow, args.out.stem, args.out)
                targets.refresh()
                saved = time.process_time()
    export(shadow, args.out.stem, args.out)


if __name__ == "__main__":
    main()
