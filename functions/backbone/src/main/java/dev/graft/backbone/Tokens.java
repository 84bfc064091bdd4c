package dev.graft.backbone;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.graft.backbone.Feature.Pooling;
import dev.graft.onnx.OnnxShapes.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tokens that an encoder such as a vision transformer makes of an image, (n, tokens, width).
 */
final class Tokens {
    /** Behind {@code #}: the class token, the mean of the others, or both one after the other. */
    static final List<String> OPTIONS = List.of("cls", "mean", "cls+mean");

    private final Tensors tensors;
    private final Probe probe;

    Tokens(Tensors tensors, Probe probe) {
        this.tensors = tensors;
        this.probe = probe;
    }

    /** The last tensor of tokens: an output, or else the nearest to the outputs. */
    Optional<String> tensor() {
        return probe.outputs().stream()
                .filter(this::isOfTokens)
                .findFirst()
                .or(() -> probe.near().keySet().stream().filter(this::isOfTokens).findFirst());
    }

    private boolean isOfTokens(String tensor) {
        Shape shape = probe.shape(tensor);
        return shape != null
                && shape.type().contains("float")
                && shape.shape().size() == 3
                && shape.shape().get(0) == 1
                && shape.shape().get(1) > 1
                && shape.shape().get(2) > 1;
    }

    /** What an option makes of a tensor of tokens. */
    Pooling pooling(String option, String tensor) {
        int tokens = probe.known(tensor).shape().get(1).intValue();
        int grid = probe.side() / patch();
        int special = tokens - grid * grid;
        int root = (int) Math.sqrt(tokens);
        return new Pooling(
                option, tokens, special >= 0 && grid > 0 ? special : tokens - root * root);
    }

    /** Options that fit a tensor of tokens, with the width of the feature that each gives. */
    Map<String, Integer> options(String tensor) {
        int width = probe.known(tensor).shape().get(2).intValue();
        Map<String, Integer> options = new LinkedHashMap<>();
        for (String option : OPTIONS) {
            Pooling pooling = pooling(option, tensor);
            if (!pooling.takesClassToken() || pooling.special() > 0) {
                options.put(
                        option,
                        pooling.takesClassToken() && pooling.takesMean() ? 2 * width : width);
            }
        }
        return options;
    }

    /** Side of the part of the image that one token shows: the stride of the first convolution. */
    private int patch() {
        return tensors.layers().stream()
                .filter(node -> node.getOpType().contains("Conv"))
                .findFirst()
                .map(Tokens::stride)
                .orElse(1);
    }

    private static int stride(NodeProto conv) {
        return conv.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals("strides"))
                .map(AttributeProto::getIntsList)
                .filter(strides -> !strides.isEmpty())
                .mapToInt(strides -> Math.clamp(strides.getFirst(), 1, Short.MAX_VALUE))
                .findFirst()
                .orElse(1);
    }
}
