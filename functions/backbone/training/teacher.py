"""A network in ONNX as a PyTorch module, so that a teacher runs on the processor that teaches: GPU or CPU."""

import onnx
import torch
from onnx import numpy_helper
from torch import nn
from torch.nn import functional as F

LINEAR = ("Gemm", "MatMul", "Conv")


def padded(x, attributes, fill=0.0):
    """The tensor with the pads of a layer, which may differ by side (top, left, bottom, right)."""
    top, left, bottom, right = attributes.get("pads", [0, 0, 0, 0])
    return F.pad(x, (left, right, top, bottom), value=fill) if top or left or bottom or right else x


def convolution(a, x, weight, bias=None):
    return F.conv2d(padded(x, a), weight, bias, a.get("strides", 1), 0, a.get("dilations", 1), a.get("group", 1))


def max_pool(a, x):
    x = padded(x, a, torch.finfo(x.dtype).min)
    return F.max_pool2d(x, a["kernel_shape"], a["strides"], ceil_mode=bool(a.get("ceil_mode", 0)))


def gemm(a, x, weight, bias=None):
    return F.linear(x, weight if a.get("transB") else weight.t(), bias)


def batch_norm(a, x, scale, shift, mean, variance):
    return F.batch_norm(x, mean, variance, scale, shift, False, 0.0, a.get("epsilon", 1e-5))


OPERATORS = {
    "Conv": convolution,
    "BatchNormalization": batch_norm,
    "MaxPool": max_pool,
    "Gemm": gemm,
    "MatMul": lambda a, x, y: x @ y,
    "AveragePool": lambda a, x: F.avg_pool2d(padded(x, a), a["kernel_shape"], a.get("strides", 1)),
    "GlobalAveragePool": lambda a, x: x.mean((2, 3), keepdim=True),
    "ReduceMean": lambda a, x: x.mean(tuple(a["axes"]), keepdim=bool(a.get("keepdims", 1))),
    "Add": lambda a, x, y: x + y,
    "Mul": lambda a, x, y: x * y,
    "Concat": lambda a, *parts: torch.cat(parts, a["axis"]),
    "Flatten": lambda a, x: x.flatten(a.get("axis", 1)),
    "Softmax": lambda a, x: x.softmax(a.get("axis", -1)),
    "Relu": lambda a, x: F.relu(x),
    "Cast": lambda a, x: x.float(),
    "Identity": lambda a, x: x,
    "Dropout": lambda a, x, *rest: x,
    "LRN": lambda a, x: F.local_response_norm(
        x, a["size"], a.get("alpha", 1e-4), a.get("beta", 0.75), a.get("bias", 1.0)),
}


class Teacher(nn.Module):
    """Normalized images (n, 3, side, side) to feature (n, width) and logits (n, classes), or None if it has none.

    The feature is the input of the last layer with weights, pooled; of a network already cut, its output.
    """

    def __init__(self, path):
        super().__init__()
        model = onnx.load(path)
        unknown = {node.op_type for node in model.graph.node} - OPERATORS.keys()
        if unknown:
            raise ValueError(f"{path}: layers {', '.join(sorted(unknown))} are not known; add them to OPERATORS")
        self.places = {}
        for i, tensor in enumerate(model.graph.initializer):
            self.places[tensor.name] = f"weight{i}"
            self.register_buffer(f"weight{i}", torch.from_numpy(numpy_helper.to_array(tensor).copy()))
        self.nodes = [
            (OPERATORS[node.op_type], {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute},
             list(node.input), node.output[0]) for node in model.graph.node]
        self.source = next(i.name for i in model.graph.input if i.name not in self.places)
        self.output = model.graph.output[0].name
        is_cut = any(p.key == "graft.feature" for p in model.metadata_props)
        last = [node for node in model.graph.node if node.op_type in LINEAR][-1]
        self.feature = self.output if is_cut else last.input[0]
        self.has_logits = not is_cut

    def forward(self, x):
        values = {self.source: x}
        for operator, attributes, inputs, output in self.nodes:
            found = [values[i] if i in values else getattr(self, self.places[i]) for i in inputs if i]
            values[output] = operator(attributes, *found)
        feature = values[self.feature].float()
        feature = feature.reshape(len(feature), feature.shape[1], -1).mean(2)
        return feature, values[self.output].float().reshape(len(feature), -1) if self.has_logits else None
