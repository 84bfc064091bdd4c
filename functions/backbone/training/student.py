"""The network that is taught: a ResNet of basic blocks; its state as .npz, and its form as a Graft backbone.

The state has the usual names (conv1, bn1, layer1.0.conv1, layer2.0.downsample.0, ...), convolutions as float16 and
batch norms as float32, and where a head for the 1,000 ImageNet classes was taught with it, imagenet.mean, .variance,
.weight and .bias on the pooled feature.
"""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from torch.nn import functional as F

MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
WIDTH = 512


class BasicBlock(nn.Module):
    """Two 3 x 3 convolutions beside a shortcut."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        shortcut = x if self.downsample is None else self.downsample(x)
        x = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(x)) + shortcut)


class Student(nn.Module):
    """Images (n, 3, side, side), normalized, to features (n, 512). `blocks` is the number of blocks by stage."""

    def __init__(self, blocks):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        inputs = 64
        for stage, count in enumerate(blocks):
            outputs = 64 << stage
            layer = []
            for block in range(count):
                layer.append(BasicBlock(inputs, outputs, 2 if stage and not block else 1))
                inputs = outputs
            setattr(self, f"layer{stage + 1}", nn.Sequential(*layer))

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return x.float().mean((2, 3))


def usual(name):
    """The name in the state of graft-resnet18, whose shortcuts are called `down`."""
    return name.replace(".down.", ".downsample.")


def blocks_of(state):
    """How many blocks each stage has, such as [2, 2, 2, 3]."""
    names = {tuple(name.split(".")[:2]) for name in state if name.startswith("layer")}
    return [sum(layer == f"layer{stage}" for layer, _ in names) for stage in range(1, 5)]


def load(path):
    """The student, and the ImageNet head (or None), of a state that `save` wrote."""
    state = np.load(path)
    student = Student(blocks_of(state.files))
    head = {n.removeprefix("imagenet."): torch.from_numpy(state[n].astype(np.float32))
            for n in state.files if n.startswith("imagenet.")}
    weights = {usual(n): torch.from_numpy(state[n].astype(np.float32))
               for n in state.files if not n.startswith("imagenet.")}
    missing, unexpected = student.load_state_dict(weights, strict=False)
    missing = [name for name in missing if not name.endswith("num_batches_tracked")]
    if missing or [name for name in unexpected if not name.endswith("num_batches_tracked")]:
        raise ValueError(
            f"{path}: expected the state of a ResNet of basic blocks; missing {missing}, extra {unexpected}")
    return student, head or None


def save(student, head, path):
    """Writes the state, and with it the ImageNet head if there is one."""
    state = {}
    for name, value in student.state_dict().items():
        if not name.endswith("num_batches_tracked"):
            array = value.detach().cpu().float().numpy()
            state[name] = array.astype(np.float16) if array.ndim == 4 else array
    for name, value in (head or {}).items():
        array = value.detach().cpu().float().numpy()
        state[f"imagenet.{name}"] = array.astype(np.float16) if array.ndim == 2 else array
    temporary = Path(f"{path}.part")
    with temporary.open("wb") as file:
        np.savez(file, **state)
    temporary.rename(path)


class Graph:
    """Nodes and weights of a backbone under construction."""

    def __init__(self):
        self.nodes, self.weights = [], []

    def node(self, kind, inputs, output, **attributes):
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def conv(self, source, layer, norm, output):
        """A convolution with its batch norm folded in, weights as float16 behind a cast, bias as float32."""
        scale = norm.weight.double() / torch.sqrt(norm.running_var.double() + norm.eps)
        kernel = (layer.weight.double() * scale.view(-1, 1, 1, 1)).detach().cpu().numpy()
        bias = (norm.bias.double() - norm.running_mean.double() * scale).detach().cpu().numpy()
        self.weights.append(numpy_helper.from_array(kernel.astype(np.float16), f"{output}.w16"))
        self.weights.append(numpy_helper.from_array(bias.astype(np.float32), f"{output}.b"))
        self.node("Cast", [f"{output}.w16"], f"{output}.w", to=TensorProto.FLOAT)
        return self.node("Conv", [source, f"{output}.w", f"{output}.b"], output, pads=[layer.padding[0]] * 4,
                         strides=list(layer.stride), kernel_shape=list(layer.kernel_size))

    def relu(self, source):
        return self.node("Relu", [source], f"{source}.relu")


def export(student, name, side, path):
    """Writes the student as a Graft backbone: input `image`, output `feature`, shown side x side."""
    student.eval()
    graph = Graph()
    x = graph.relu(graph.conv("image", student.conv1, student.bn1, "conv1"))
    x = graph.node("MaxPool", [x], "pool", kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4)
    for stage in range(1, 5):
        for j, block in enumerate(getattr(student, f"layer{stage}")):
            n = f"layer{stage}.{j}"
            shortcut = x if block.downsample is None else graph.conv(x, *block.downsample, f"{n}.downsample")
            y = graph.relu(graph.conv(x, block.conv1, block.bn1, f"{n}.conv1"))
            y = graph.conv(y, block.conv2, block.bn2, f"{n}.conv2")
            x = graph.relu(graph.node("Add", [y, shortcut], n))
    graph.node("Flatten", [graph.node("GlobalAveragePool", [x], "average")], "feature", axis=1)
    onnx_graph = helper.make_graph(
        graph.nodes, name, [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, side, side])],
        [helper.make_tensor_value_info("feature", TensorProto.FLOAT, ["n", WIDTH])], graph.weights)
    model = helper.make_model(
        onnx_graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8, producer_name="graft")
    helper.set_model_props(model, {
        "graft.name": name, "graft.feature": "feature", "graft.resize": str(side), "graft.crop": str(side),
        "graft.mean": ",".join(map(str, MEAN)), "graft.deviation": ",".join(map(str, DEVIATION)),
        "graft.scale": "255", "graft.channels": "RGB", "graft.layout": "NCHW", "graft.licence": "Apache-2.0 AND MIT"})
    onnx.checker.check_model(model)
    temporary = Path(f"{path}.part")
    onnx.save(model, temporary)
    temporary.rename(path)
