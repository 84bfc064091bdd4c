package dev.graft.backbone;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Operators of ONNX and ONNX Runtime that compute with 8-bit values, and where their inputs are.
 */
final class QuantizedLayers {
    private static final int NONE = Integer.MAX_VALUE;

    /**
     * Of a layer with weights.
     *
     * @param weights index of the input that is them
     * @param zeroPoint of the input that is the zero point of the values, or past the last
     */
    record Inputs(int weights, int zeroPoint) {}

    private static final Map<String, Inputs> WITH_WEIGHTS =
            Map.of(
                    "QLinearConv", new Inputs(3, 2),
                    "QLinearMatMul", new Inputs(3, 2),
                    "QGemm", new Inputs(3, 2),
                    "ConvInteger", new Inputs(1, 2),
                    "MatMulInteger", new Inputs(1, 2),
                    "MatMulIntegerToFloat", new Inputs(1, 4),
                    "DynamicQuantizeMatMul", new Inputs(1, NONE),
                    "QAttention", new Inputs(1, 6));

    /** Index of the input that is the scale of the output; its zero point is the next. */
    private static final Map<String, Integer> OUTPUT_SCALE =
            Map.ofEntries(
                    Map.entry("QuantizeLinear", 1),
                    Map.entry("QLinearConv", 6),
                    Map.entry("QLinearMatMul", 6),
                    Map.entry("QGemm", 7),
                    Map.entry("QLinearAdd", 6),
                    Map.entry("QLinearMul", 6),
                    Map.entry("QLinearConcat", 0),
                    Map.entry("QLinearAveragePool", 3),
                    Map.entry("QLinearGlobalAveragePool", 3),
                    Map.entry("QLinearReduceMean", 3),
                    Map.entry("QLinearLeakyRelu", 3),
                    Map.entry("QLinearSigmoid", 3),
                    Map.entry("QLinearSoftmax", 3));

    private static final Set<String> SAME_SCALE =
            Set.of(
                    "Identity",
                    "Flatten",
                    "Reshape",
                    "Squeeze",
                    "Unsqueeze",
                    "Transpose",
                    "MaxPool",
                    "Gather",
                    "Slice");

    private QuantizedLayers() {}

    static Optional<Inputs> withWeights(NodeProto node) {
        return Optional.ofNullable(WITH_WEIGHTS.get(node.getOpType()));
    }

    /** Those that add up in 32 bits and are scaled by a {@code Mul} behind them. */
    static boolean addsInIntegers(NodeProto node) {
        return node.getOpType().equals("MatMulInteger") || node.getOpType().equals("ConvInteger");
    }

    /**
     * Scale and zero point of a tensor of 8-bit values.
     *
     * @param scale name of a tensor
     * @param zeroPoint likewise; empty for 0
     */
    record Scale(String scale, String zeroPoint) {}

    /** Those of a tensor; empty where no layer says. */
    static Optional<Scale> scale(Tensors tensors, String tensor) {
        NodeProto node = tensors.producer(tensor);
        while (node != null && SAME_SCALE.contains(node.getOpType())) {
            node = tensors.producer(node.getInput(0));
        }
        if (node == null || !OUTPUT_SCALE.containsKey(node.getOpType())) {
            return Optional.empty();
        }
        int index = OUTPUT_SCALE.get(node.getOpType());
        return index < node.getInputCount()
                ? Optional.of(
                        new Scale(
                                node.getInput(index),
                                index + 1 < node.getInputCount() ? node.getInput(index + 1) : ""))
                : Optional.empty();
    }
}
