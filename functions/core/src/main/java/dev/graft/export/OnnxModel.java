package dev.graft.export;

import static dev.graft.export.OnnxMessage.FLOAT;
import static dev.graft.export.OnnxMessage.FLOAT16;
import static dev.graft.export.OnnxMessage.node;
import static dev.graft.export.OnnxMessage.number;
import static dev.graft.export.OnnxMessage.tensor;
import static dev.graft.export.OnnxMessage.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.graft.feature.BadRequestException;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import dev.graft.image.NetworkMetadata;
import dev.graft.image.Preprocessing;
import java.io.ByteArrayOutputStream;

/**
 * Backbone and head as one ONNX file. Input {@code image}, as the backbone takes it (metadata
 * {@code graft.*}), or {@code pixels}, an image of any size; first output {@code probabilities},
 * (n, classes), in the order of the metadata {@code graft.classes}, a JSON array; second output
 * {@code feature}.
 *
 * <p>Format: onnx/onnx, onnx/onnx.proto. Two serialized messages one after the other are their
 * merge (Protocol Buffers, "Encoding", last one wins), so the head is written around the bytes of
 * the backbone, of which {@link OnnxFile} reads no more than it must.
 */
public final class OnnxModel {
    private OnnxModel() {}

    /**
     * Joins the two.
     *
     * @param backbone a cut network with the output {@code feature}, (n, width)
     */
    public static byte[] of(byte[] backbone, Head head) {
        return joined(new OnnxMessage(), backbone, head);
    }

    /**
     * Joins the two behind what makes the input of the backbone of an image of any size, see {@link
     * OnnxPixels}. The input {@code pixels} takes the place of {@code image}.
     *
     * @param backbone likewise, with the input {@code image}
     * @throws BadRequestException if the network is too old for that
     */
    public static byte[] ofPixels(byte[] backbone, Head head, Preprocessing preprocessing) {
        long version = OnnxFile.operatorSet(backbone);
        if (version < OnnxPixels.OPERATOR_SET) {
            throw new BadRequestException(
                    "the network is written in ONNX operator set %d, and a model that takes an image needs %d or newer: ask for input=tensor, or export the network again"
                            .formatted(version, OnnxPixels.OPERATOR_SET));
        }
        return joined(
                OnnxPixels.graph(preprocessing),
                OnnxFile.withoutInput(backbone, OnnxPixels.OUTPUT),
                head);
    }

    private static byte[] joined(OnnxMessage first, byte[] backbone, Head head) {
        ArrayNode names = JsonNodeFactory.instance.arrayNode();
        head.classes().forEach(names::add);
        ByteArrayOutputStream file = new ByteArrayOutputStream(backbone.length + (1 << 20));
        first.put(12, output(head.classes().size()));
        file.writeBytes(new OnnxMessage().put(7, first).bytes());
        file.writeBytes(backbone);
        file.writeBytes(
                new OnnxMessage()
                        .put(7, layers(head))
                        .put(14, text(NetworkMetadata.CLASSES, names.toString()))
                        .put(14, text(NetworkMetadata.HEAD, head.version()))
                        .bytes());
        return file.toByteArray();
    }

    private static OnnxMessage layers(Head head) {
        Head.Parameters numbers = head.parameters();
        float[] weights = numbers.weights();
        float[] bias = numbers.bias();
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) (weights[i] / numbers.temperature());
        }
        for (int i = 0; i < bias.length; i++) {
            bias[i] = (float) (bias[i] / numbers.temperature());
        }
        int classes = bias.length;
        int width = head.width();
        // stored features are rounded to float16, so the file rounds too
        return new OnnxMessage()
                .put(1, node("Cast", "graft/half", "feature").put(5, number("to", FLOAT16)))
                .put(1, node("Cast", "graft/z", "graft/half").put(5, number("to", FLOAT)))
                .put(1, node("Sub", "graft/centred", "graft/z", "graft/mean"))
                .put(1, node("Div", "graft/scaled", "graft/centred", "graft/scale"))
                .put(1, scores().put(5, number("transB", 1)))
                .put(1, activation(numbers.activation()))
                .put(5, tensor("graft/mean", numbers.mean(), width))
                .put(5, tensor("graft/scale", numbers.scale(), width))
                .put(5, tensor("graft/weights", weights, classes, width))
                .put(5, tensor("graft/bias", bias, classes));
    }

    private static OnnxMessage scores() {
        return node("Gemm", "graft/scores", "graft/scaled", "graft/weights", "graft/bias");
    }

    private static OnnxMessage activation(Activation activation) {
        return switch (activation) {
            case SOFTMAX ->
                    node("Softmax", "probabilities", "graft/scores").put(5, number("axis", 1));
            case SIGMOID -> node("Sigmoid", "probabilities", "graft/scores");
        };
    }

    private static OnnxMessage output(int classes) {
        OnnxMessage shape =
                new OnnxMessage()
                        .put(1, new OnnxMessage().put(2, "n"))
                        .put(1, new OnnxMessage().put(1, classes));
        OnnxMessage type = new OnnxMessage().put(1, new OnnxMessage().put(1, FLOAT).put(2, shape));
        return new OnnxMessage().put(1, "probabilities").put(2, type);
    }
}
