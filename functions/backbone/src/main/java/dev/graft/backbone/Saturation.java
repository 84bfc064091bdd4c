package dev.graft.backbone;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.graft.backbone.QuantizedLayers.Inputs;
import dev.graft.feature.ConfigurationException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds layers of an int8 network that give other values on some processors. ONNX Runtime
 * multiplies unsigned 8-bit values by signed 8-bit weights, and an x86 processor without VNNI adds
 * two such products in 16 bits, where the sum saturates (instruction {@code vpmaddubsw}). Weights
 * of -64 to 64 are safe: 2 x 255 x 64 = 32,640. Layers whose values are signed, whose weights are
 * unsigned or that compute in float32 do not saturate. Immutable.
 */
final class Saturation {
    /** Largest absolute value of a weight that cannot saturate. */
    static final int LARGEST_WEIGHT = 64;

    private static final Set<String> FLOAT_LAYERS =
            Set.of("Conv", "ConvTranspose", "MatMul", "Gemm");
    private static final Set<String> SAME_VALUES =
            Set.of(
                    "Identity",
                    "Flatten",
                    "Reshape",
                    "Squeeze",
                    "Unsqueeze",
                    "Transpose",
                    "Dropout",
                    "MaxPool",
                    "Relu",
                    "Clip");

    private final GraphProto graph;
    private final Map<String, NodeProto> producer = new HashMap<>();
    private final Constants constants;

    private Saturation(GraphProto graph) {
        this.graph = graph;
        this.constants = new Constants(graph);
        for (NodeProto node : graph.getNodeList()) {
            node.getOutputList().forEach(output -> producer.put(output, node));
        }
    }

    /**
     * What is wrong with a network and what to do about it, as a sentence that can follow its name;
     * empty if it gives the same values on every processor up to rounding.
     *
     * @param network an ONNX file
     * @throws ConfigurationException if it cannot be read
     */
    static Optional<String> problem(Path network) {
        return problem(NetworkFile.read(network).model());
    }

    /** Likewise for a network that is read already. */
    static Optional<String> problem(ModelProto model) {
        Saturation network = new Saturation(model.getGraph());
        for (NodeProto node : network.graph.getNodeList()) {
            int largest = network.largestAtRisk(node);
            if (largest > LARGEST_WEIGHT) {
                return Optional.of(
                        ("its layer %s multiplies unsigned 8-bit values by int8 weights of up to"
                                        + " %d, expected %d at most: x86 processors without VNNI saturate"
                                        + " there and give other features than the rest. Use the float32"
                                        + " network, or quantize that one with 7-bit weights"
                                        + " (functions/backbone/training/quantize.py)")
                                .formatted(name(node), largest, LARGEST_WEIGHT));
            }
        }
        return Optional.empty();
    }

    /** The largest absolute weight that a layer multiplies unsigned 8-bit values by; 0 for none. */
    private int largestAtRisk(NodeProto node) {
        Optional<Inputs> inputs = QuantizedLayers.withWeights(node);
        if (inputs.isPresent()) {
            TensorProto weights = constants.get(input(node, inputs.get().weights()));
            return weights == null || isSigned(input(node, inputs.get().zeroPoint()))
                    ? 0
                    : largest(weights);
        }
        if (!FLOAT_LAYERS.contains(node.getOpType())) {
            return 0;
        }
        NodeProto values = dequantize(input(node, 0));
        NodeProto weights = dequantize(input(node, 1));
        return values == null || weights == null || isSigned(input(values, 2))
                ? 0
                : largest(weights);
    }

    /** The node that makes a tensor of quantized values, or null if it is computed in float32. */
    private @Nullable NodeProto dequantize(String tensor) {
        NodeProto node = producer.get(tensor);
        while (node != null && SAME_VALUES.contains(node.getOpType())) {
            node = producer.get(input(node, 0));
        }
        return node != null && node.getOpType().equals("DequantizeLinear") ? node : null;
    }

    /** A zero point that is not there, or is computed with the values, is unsigned. */
    private boolean isSigned(String zeroPoint) {
        TensorProto tensor = constants.get(zeroPoint);
        return tensor != null && tensor.getDataType() == TensorProto.DataType.INT8_VALUE;
    }

    private int largest(NodeProto dequantize) {
        TensorProto stored = constants.get(input(dequantize, 0));
        if (stored != null) {
            return largest(stored);
        }
        NodeProto quantize = producer.get(input(dequantize, 0));
        if (quantize == null || !quantize.getOpType().equals("QuantizeLinear")) {
            return 0;
        }
        return isSigned(input(quantize, 2)) ? largestQuantized(quantize) : 0;
    }

    private static int largest(TensorProto weights) {
        if (weights.getDataType() != TensorProto.DataType.INT8_VALUE) {
            return 0;
        }
        int largest = 0;
        for (int i = 0; i < weights.getRawData().size(); i++) {
            largest = Math.max(largest, Math.abs(weights.getRawData().byteAt(i)));
        }
        for (int i = 0; i < weights.getInt32DataCount(); i++) {
            largest = Math.max(largest, Math.abs(weights.getInt32Data(i)));
        }
        return largest;
    }

    /** Of float32 weights that ONNX Runtime quantizes when it opens the network. */
    private int largestQuantized(NodeProto quantize) {
        TensorProto weights = constants.get(input(quantize, 0));
        TensorProto scale = constants.get(input(quantize, 1));
        if (weights == null || scale == null) {
            return 0;
        }
        FloatBuffer values = Constants.floats(weights);
        FloatBuffer scales = Constants.floats(scale);
        int axis =
                quantize.getAttributeList().stream()
                        .filter(attribute -> attribute.getName().equals("axis"))
                        .mapToInt(attribute -> (int) attribute.getI())
                        .findFirst()
                        .orElse(1);
        int inner = 1;
        for (int i = Math.floorMod(axis, Math.max(1, weights.getDimsCount())) + 1;
                i < weights.getDimsCount();
                i++) {
            inner *= (int) weights.getDims(i);
        }
        double largest = 0;
        for (int i = 0; i < values.limit(); i++) {
            double step = scales.get(i / inner % scales.limit());
            largest = Math.max(largest, Math.abs(Math.rint(values.get(i) / step)));
        }
        return (int) Math.min(largest, -Byte.MIN_VALUE);
    }

    private static String input(NodeProto node, int index) {
        return index < node.getInputCount() ? node.getInput(index) : "";
    }

    private static String name(NodeProto node) {
        return node.getName().isEmpty() ? node.getOutput(0) : node.getName();
    }
}
