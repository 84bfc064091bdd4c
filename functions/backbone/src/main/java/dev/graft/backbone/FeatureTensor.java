package dev.graft.backbone;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.graft.feature.ConfigurationException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the feature of a classification network: from its output back to the last linear layer, and
 * from that layer's input back to the pooled values, before they were reshaped or quantized.
 */
final class FeatureTensor {
    private static final Set<String> AFTER_LINEAR =
            Set.of(
                    "Softmax",
                    "LogSoftmax",
                    "Sigmoid",
                    "Identity",
                    "Flatten",
                    "Reshape",
                    "Squeeze",
                    "Dropout",
                    "Add",
                    "QuantizeLinear",
                    "DequantizeLinear");
    private static final Set<String> ACTIVATION = Set.of("Softmax", "LogSoftmax", "Sigmoid");
    private static final Set<String> SAME_VALUES =
            Set.of("Identity", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Dropout");

    private final String file;
    private final Map<String, NodeProto> producer = new HashMap<>();
    private final Set<String> initializers = new HashSet<>();

    FeatureTensor(GraphProto graph, String file) {
        this.file = file;
        graph.getInitializerList().forEach(tensor -> initializers.add(tensor.getName()));
        for (NodeProto node : graph.getNodeList()) {
            node.getOutputList().forEach(output -> producer.put(output, node));
        }
    }

    /** The pooled input of the last linear layer before {@code output}. */
    String feature(String output) {
        return beforeShaping(variable(linear(output)));
    }

    /** What {@code output} is before its softmax or sigmoid. */
    String logits(String output) {
        linear(output);
        String tensor = output;
        String logits = output;
        NodeProto node = producer.get(tensor);
        while (node != null && AFTER_LINEAR.contains(node.getOpType())) {
            tensor = variable(node);
            logits = ACTIVATION.contains(node.getOpType()) ? tensor : logits;
            node = producer.get(tensor);
        }
        return logits;
    }

    @Nullable NodeProto producer(String tensor) {
        return producer.get(tensor);
    }

    private NodeProto linear(String output) {
        NodeProto node = producer.get(output);
        while (node != null && AFTER_LINEAR.contains(node.getOpType())) {
            node = producer.get(variable(node));
        }
        if (node == null
                || !Set.of("Gemm", "MatMul", "Conv").contains(node.getOpType())
                || node.getInputCount() < 2
                || !constant(node.getInput(1))
                || (node.getOpType().equals("Conv") && !onOnePosition(node))) {
            throw new ConfigurationException(
                    file
                            + ": expected a linear layer (Gemm, MatMul or a 1 x 1 Conv after"
                            + " pooling) before output "
                            + output
                            + ", found "
                            + (node == null ? "none" : node.getOpType() + " " + node.getName())
                            + "; name the tensor of the feature");
        }
        return node;
    }

    private boolean onOnePosition(NodeProto conv) {
        NodeProto node = producer.get(beforeShaping(conv.getInput(0)));
        boolean small =
                conv.getAttributeList().stream()
                        .filter(attribute -> attribute.getName().equals("kernel_shape"))
                        .map(AttributeProto::getIntsList)
                        .allMatch(List.of(1L, 1L)::equals);
        return small
                && node != null
                && Set.of("GlobalAveragePool", "AveragePool", "ReduceMean")
                        .contains(node.getOpType());
    }

    private String beforeShaping(String tensor) {
        String real = tensor;
        boolean quantized = false;
        NodeProto node = producer.get(tensor);
        while (node != null
                && (SAME_VALUES.contains(node.getOpType())
                        || node.getOpType().endsWith("quantizeLinear")
                        || node.getOpType().equals("QuantizeLinear"))) {
            quantized =
                    node.getOpType().equals("DequantizeLinear")
                            || (quantized && !node.getOpType().equals("QuantizeLinear"));
            String before = node.getInput(0);
            real = quantized ? real : before;
            node = producer.get(before);
        }
        return real;
    }

    /** The one input that depends on the image. */
    private String variable(NodeProto node) {
        List<String> found =
                node.getInputList().stream()
                        .filter(input -> !input.isEmpty() && !constant(input))
                        .toList();
        if (found.size() != 1) {
            throw new ConfigurationException(
                    "%s: %s %s has %d inputs that depend on the image, expected 1 %s: two candidates"
                                    .formatted(
                                            file,
                                            node.getOpType(),
                                            node.getName(),
                                            found.size(),
                                            found)
                            + " or none for the feature; name its tensor");
        }
        return found.getFirst();
    }

    private boolean constant(String tensor) {
        if (tensor.isEmpty() || initializers.contains(tensor)) {
            return true;
        }
        NodeProto node = producer.get(tensor);
        return node != null && node.getInputList().stream().allMatch(this::constant);
    }
}
