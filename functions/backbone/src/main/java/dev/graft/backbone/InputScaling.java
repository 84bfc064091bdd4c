package dev.graft.backbone;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.graft.feature.ConfigurationException;
import dev.graft.image.Preprocessing;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Arithmetic with constants between the input of a network and its first layer, such as the
 * rescaling that Keras writes into EfficientNet and MobileNetV3. Such a network wants pixels as
 * they are, and would get them normalized twice.
 */
final class InputScaling {
    private static final Set<String> SAME_VALUES =
            Set.of("Identity", "Cast", "Transpose", "Reshape", "Squeeze", "Unsqueeze");

    /** 1 / 20: above 1 / 255 over the deviations of ImageNet (0.0175), below what is unclear. */
    private static final double LARGEST_OF_BYTES = 0.05;

    /** Between 1 over the deviations of ImageNet (4.5) or 2, and factors that nobody uses. */
    private static final double SMALLEST_OF_FRACTIONS = 1.5;

    private static final double LARGEST_OF_FRACTIONS = 20;

    private final GraphProto graph;
    private final Constants constants;

    private InputScaling(GraphProto graph) {
        this.graph = graph;
        this.constants = new Constants(graph);
    }

    /**
     * The preprocessing of a network of which nobody says any.
     *
     * @param usual the one of most networks
     * @param file for messages
     * @throws ConfigurationException if the network scales its input by a factor that tells nothing
     */
    static Preprocessing preprocessing(
            GraphProto graph, String input, Preprocessing usual, String file) {
        double factor = new InputScaling(graph).factor(input);
        if (factor == 1) {
            return usual;
        }
        if (factor <= LARGEST_OF_BYTES) {
            return raw(usual, 1);
        }
        if (factor >= SMALLEST_OF_FRACTIONS && factor <= LARGEST_OF_FRACTIONS) {
            return raw(usual, 255);
        }
        throw new ConfigurationException(
                String.format(
                        Locale.ROOT,
                        "%s multiplies its input by %.4g before its first layer, which says neither"
                                + " pixels 0..255 nor 0..1: say what it expects in %s beside it",
                        file,
                        factor,
                        file.replaceAll("\\.onnx$", ".json")));
    }

    /** Whether a network normalizes its input itself. */
    static boolean isScaled(GraphProto graph, String input) {
        return new InputScaling(graph).factor(input) != 1;
    }

    /** The same sizes, for the pixels as they are, divided by {@code scale} alone. */
    static Preprocessing raw(Preprocessing usual, float scale) {
        return usual.withValues(List.of(0f, 0f, 0f), List.of(1f, 1f, 1f), scale, usual.channels());
    }

    /** What the input is multiplied by; the largest of the channels, 1 where nothing is done. */
    private double factor(String input) {
        double factor = 1;
        String tensor = input;
        while (true) {
            NodeProto node = onlyUserOf(tensor);
            if (node == null) {
                return factor;
            }
            if (!SAME_VALUES.contains(node.getOpType())) {
                double one = factorOf(node, tensor);
                if (Double.isNaN(one)) {
                    return factor;
                }
                factor *= one;
            }
            tensor = node.getOutput(0);
        }
    }

    private @Nullable NodeProto onlyUserOf(String tensor) {
        List<NodeProto> users =
                graph.getNodeList().stream()
                        .filter(node -> node.getInputList().contains(tensor))
                        .toList();
        return users.size() == 1 ? users.getFirst() : null;
    }

    /** Of one operator; not a number if it is no arithmetic with constants. */
    private double factorOf(NodeProto node, String tensor) {
        boolean isFirst = node.getInput(0).equals(tensor);
        return switch (node.getOpType()) {
            case "Mul" -> sizes(node.getInput(isFirst ? 1 : 0)).max().orElse(Double.NaN);
            case "Div" ->
                    isFirst ? 1 / sizes(node.getInput(1)).min().orElse(Double.NaN) : Double.NaN;
            case "Add", "Sub" ->
                    constants.get(node.getInput(isFirst ? 1 : 0)) == null ? Double.NaN : 1;
            case "BatchNormalization" -> normalized(node);
            default -> Double.NaN;
        };
    }

    private double normalized(NodeProto norm) {
        FloatBuffer scales = values(norm.getInput(1));
        FloatBuffer variances = values(norm.getInput(4));
        return IntStream.range(0, Math.min(scales.limit(), variances.limit()))
                .mapToDouble(i -> Math.abs(scales.get(i)) / Math.sqrt(variances.get(i)))
                .max()
                .orElse(Double.NaN);
    }

    private DoubleStream sizes(String constant) {
        FloatBuffer values = values(constant);
        return IntStream.range(0, values.limit()).mapToDouble(i -> Math.abs(values.get(i)));
    }

    private FloatBuffer values(String constant) {
        TensorProto tensor = constants.get(constant);
        return tensor == null ? FloatBuffer.allocate(0) : Constants.floats(tensor);
    }
}
