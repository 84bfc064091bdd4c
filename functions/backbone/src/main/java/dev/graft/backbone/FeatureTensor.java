package dev.graft.backbone;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.graft.backbone.Feature.Pooling;
import dev.graft.feature.ConfigurationException;
import dev.graft.onnx.OnnxShapes.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the feature of a network: from its output back to the last linear layer, and from that
 * layer's input back to the pooled values, before they were reshaped or quantized; in an encoder,
 * which ends in no linear layer, its pooled output. Where there are several candidates it names
 * them.
 */
final class FeatureTensor {
    private static final Set<String> LINEAR = Set.of("Gemm", "MatMul", "Conv");
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
                    "Mul",
                    "Div",
                    "Cast",
                    "QuantizeLinear",
                    "DequantizeLinear",
                    "QLinearAdd",
                    "QLinearSoftmax",
                    "QLinearSigmoid");
    private static final Set<String> ACTIVATION =
            Set.of("Softmax", "LogSoftmax", "Sigmoid", "QLinearSoftmax", "QLinearSigmoid");
    private static final Set<String> SAME_VALUES =
            Set.of("Identity", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Dropout");
    private static final Set<String> QUANTIZE = Set.of("QuantizeLinear", "DynamicQuantizeLinear");

    /** What authors call an output that is a feature, and none that is scores of classes. */
    private static final List<String> FEATURE_NAMES = List.of("pool", "embed", "feature");

    private final Tensors tensors;
    private final Probe probe;
    private final String file;

    /**
     * @param probe tells the shapes; its outputs are those of the network
     * @param file for messages
     */
    FeatureTensor(Tensors tensors, Probe probe, String file) {
        this.tensors = tensors;
        this.probe = probe;
        this.file = file;
    }

    /**
     * The feature.
     *
     * @param option what stands behind {@code #}; empty where nothing does
     * @throws ConfigurationException if it is not to be found, with the options that there are
     */
    Feature choose(String option) {
        if (option.isEmpty()) {
            return plain(automatic());
        }
        if (option.equals("logits")
                && (probe.outputs().size() == 1 || tensors.producer(option) == null)) {
            return plain(logits(only(usableOutputs(), "#logits")));
        }
        if (tensors.producer(option) != null) {
            return plain(option);
        }
        if (Tokens.OPTIONS.contains(option)) {
            return pooled(option);
        }
        throw refused("no layer gives tensor '%s'".formatted(option));
    }

    private Feature plain(String tensor) {
        Shape shape = probe.shape(tensor);
        if (shape == null) {
            throw refused("tensor '%s' holds no numbers".formatted(tensor));
        }
        return new Feature(tensor, shape.type(), Pooling.NONE);
    }

    private Feature pooled(String option) {
        Tokens tokens = new Tokens(tensors, probe);
        String tensor =
                tokens.tensor()
                        .orElseThrow(
                                () ->
                                        refused(
                                                "no tensor of tokens (n, tokens, width) for #%s"
                                                        .formatted(option)));
        Pooling pooling = tokens.pooling(option, tensor);
        if (pooling.takesClassToken() && pooling.special() == 0) {
            throw refused(
                    "tensor '%s' has no class token, its %d tokens all show a part of the image"
                            .formatted(tensor, pooling.tokens()));
        }
        return new Feature(tensor, probe.known(tensor).type(), pooling);
    }

    private String automatic() {
        List<String> outputs = probe.outputs();
        if (outputs.size() == 1) {
            return ofOutput(outputs.getFirst(), () -> probe.isVector(outputs.getFirst()));
        }
        List<String> usable = usableOutputs();
        List<String> named = usable.stream().filter(FeatureTensor::isNamedAsFeature).toList();
        if (named.size() == 1) {
            return named.getFirst();
        }
        Set<String> features = new TreeSet<>();
        usable.forEach(output -> features.add(beforeShaping(ofOutput(output, () -> true))));
        return only(List.copyOf(features), "");
    }

    private interface Condition {
        boolean holds();
    }

    /** The pooled input of the last linear layer, or the output itself. */
    private String ofOutput(String output, Condition isVector) {
        NodeProto linear = linear(output);
        if (linear != null) {
            return beforeShaping(data(linear));
        }
        if (isVector.holds()) {
            return output;
        }
        throw refused(
                "output %s comes neither from a linear layer (Gemm, MatMul or a 1 x 1 Conv after pooling) nor is it a vector"
                        .formatted(output));
    }

    private static boolean isNamedAsFeature(String output) {
        String name = output.toLowerCase(Locale.ROOT);
        return FEATURE_NAMES.stream().anyMatch(name::contains);
    }

    private List<String> usableOutputs() {
        return probe.outputs().size() == 1
                ? probe.outputs()
                : probe.outputs().stream().filter(probe::isVector).toList();
    }

    private String only(List<String> candidates, String option) {
        if (candidates.size() == 1) {
            return candidates.getFirst();
        }
        throw refused(
                "its outputs %s have %s that can be the feature%s"
                        .formatted(
                                probe.outputs(),
                                candidates.isEmpty() ? "none" : "several",
                                option.isEmpty() ? "" : ", with " + option));
    }

    /** What {@code output} is before its softmax or sigmoid. */
    private String logits(String output) {
        if (linear(output) == null) {
            throw refused("output %s comes from no linear layer, for #logits".formatted(output));
        }
        String tensor = output;
        String logits = output;
        NodeProto node = tensors.producer(tensor);
        while (node != null && isAfterLinear(node)) {
            tensor = through(node);
            logits = ACTIVATION.contains(node.getOpType()) ? tensor : logits;
            node = tensors.producer(tensor);
        }
        return logits;
    }

    /** The last linear layer before {@code output}; null where it ends in another. */
    private @Nullable NodeProto linear(String output) {
        NodeProto node = tensors.producer(output);
        while (node != null && isAfterLinear(node)) {
            node = tensors.producer(through(node));
        }
        return node != null && isLinear(node) ? node : null;
    }

    /** A product of two tensors, such as a vector divided by its length, is none. */
    private boolean isAfterLinear(NodeProto node) {
        boolean isProduct = node.getOpType().equals("Mul") || node.getOpType().equals("Div");
        return AFTER_LINEAR.contains(node.getOpType())
                && (!isProduct || scaledSum(node).isPresent() || variables(node).size() == 1);
    }

    private boolean isLinear(NodeProto node) {
        Optional<QuantizedLayers.Inputs> quantized = QuantizedLayers.withWeights(node);
        int weights = quantized.map(QuantizedLayers.Inputs::weights).orElse(1);
        return (LINEAR.contains(node.getOpType()) || quantized.isPresent())
                && node.getInputCount() > weights
                && tensors.isConstant(node.getInput(weights))
                && (!node.getOpType().contains("Conv") || isOnOnePosition(node));
    }

    private boolean isOnOnePosition(NodeProto conv) {
        NodeProto before = tensors.producer(beforeShaping(conv.getInput(0)));
        boolean isSmall =
                conv.getAttributeList().stream()
                        .filter(attribute -> attribute.getName().equals("kernel_shape"))
                        .map(AttributeProto::getIntsList)
                        .allMatch(List.of(1L, 1L)::equals);
        boolean isAfterPooling =
                before != null
                        && Set.of("GlobalAveragePool", "AveragePool", "ReduceMean")
                                .contains(before.getOpType());
        return isSmall && (isAfterPooling || probe.isVector(conv.getOutput(0)));
    }

    /** The input of a linear layer that depends on the image. */
    private String data(NodeProto linear) {
        return QuantizedLayers.withWeights(linear).isPresent()
                ? linear.getInput(0)
                : variable(linear);
    }

    /** The input of a layer behind the linear one that comes from it. */
    private String through(NodeProto node) {
        return scaledSum(node).orElseGet(() -> variable(node));
    }

    /** The sum in integers that a {@code Mul} scales, as dynamic quantization writes it. */
    private Optional<String> scaledSum(NodeProto node) {
        return node.getInputList().stream()
                .filter(input -> node.getOpType().equals("Mul"))
                .filter(
                        input -> {
                            NodeProto cast = tensors.producer(input);
                            NodeProto sum =
                                    cast == null ? null : tensors.producer(cast.getInput(0));
                            return sum != null && QuantizedLayers.addsInIntegers(sum);
                        })
                .findFirst();
    }

    private String beforeShaping(String tensor) {
        String real = tensor;
        boolean isQuantized = false;
        NodeProto node = tensors.producer(tensor);
        while (node != null
                && (SAME_VALUES.contains(node.getOpType())
                        || QUANTIZE.contains(node.getOpType())
                        || node.getOpType().equals("DequantizeLinear"))) {
            isQuantized =
                    node.getOpType().equals("DequantizeLinear")
                            || (isQuantized && !QUANTIZE.contains(node.getOpType()));
            String before = node.getInput(0);
            real = isQuantized ? real : before;
            node = tensors.producer(before);
        }
        return real;
    }

    /** The one input that depends on the image. */
    private String variable(NodeProto node) {
        List<String> found = variables(node);
        if (found.size() != 1) {
            throw refused(
                    "%s %s has %d inputs that depend on the image, expected 1 %s: two candidates or none for the feature"
                            .formatted(node.getOpType(), node.getName(), found.size(), found));
        }
        return found.getFirst();
    }

    private List<String> variables(NodeProto node) {
        return node.getInputList().stream().filter(input -> !tensors.isConstant(input)).toList();
    }

    private ConfigurationException refused(String problem) {
        return new ConfigurationException(file + ": " + problem + "; " + options());
    }

    /** What can be named instead, each as it is to be written. */
    private String options() {
        List<String> options = new ArrayList<>();
        try {
            for (Map.Entry<String, Shape> tensor : probe.vectors().entrySet()) {
                options.add(
                        "-Dbackbone=%s#%s %s".formatted(file, tensor.getKey(), tensor.getValue()));
            }
            Tokens tokens = new Tokens(tensors, probe);
            tokens.tensor()
                    .ifPresent(
                            tensor ->
                                    tokens.options(tensor)
                                            .forEach(
                                                    (option, width) ->
                                                            options.add(
                                                                    "-Dbackbone=%s#%s (n, %d)"
                                                                            .formatted(
                                                                                    file, option,
                                                                                    width))));
        } catch (ConfigurationException e) {
            return "its tensors are not listed, as " + e.getMessage();
        }
        return options.isEmpty()
                ? "no tensor near its end is a vector: name one with -Dbackbone=%s#TENSOR"
                        .formatted(file)
                : "try one of " + String.join(", ", options);
    }
}
