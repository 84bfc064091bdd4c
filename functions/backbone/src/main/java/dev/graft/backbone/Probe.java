package dev.graft.backbone;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.graft.feature.ConfigurationException;
import dev.graft.image.Preprocessing;
import dev.graft.onnx.OnnxShapes;
import dev.graft.onnx.OnnxShapes.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Shapes of the tensors of a network that is shown one image, as ONNX Runtime computes them. Runs
 * the network when a tensor is asked for that it does not know yet.
 */
final class Probe {
    /** How far back from its outputs a network is looked through, in tensors. */
    private static final int NEAR = 200;

    /** How many tensors a message lists. */
    private static final int LISTED = 6;

    private final CutGraph cut;
    private final Path file;
    private final Map<String, Shape> known = new LinkedHashMap<>();

    Probe(CutGraph cut, Path file) {
        this.cut = cut;
        this.file = file;
    }

    /** Outputs of the network that depend on the image and on no other input. */
    List<String> outputs() {
        return cut.outputs();
    }

    /** Side of the image in pixels. */
    int side() {
        return cut.preprocessing().crop();
    }

    /**
     * The shape of a tensor; null if it is no tensor of numbers.
     *
     * @throws ConfigurationException if the network cannot be run, with what to do
     */
    @Nullable Shape shape(String tensor) {
        if (!known.containsKey(tensor)) {
            run(Set.of(tensor));
        }
        return known.get(tensor);
    }

    /** The shape of a tensor that was found to have one. */
    Shape known(String tensor) {
        Shape shape = shape(tensor);
        if (shape == null) {
            throw new IllegalArgumentException(tensor + " is no tensor of numbers");
        }
        return shape;
    }

    /** Whether it is one vector of real or quantized values for each image. */
    boolean isVector(String tensor) {
        return isVector(shape(tensor));
    }

    private static boolean isVector(@Nullable Shape shape) {
        return shape != null
                && (shape.type().contains("float") || shape.type().endsWith("int8"))
                && shape.shape().size() >= 2
                && shape.shape().get(0) == 1
                && shape.shape().get(1) > 1
                && shape.shape().stream().skip(2).allMatch(side -> side == 1);
    }

    /** Tensors near the end, the nearest to an output first. */
    Map<String, Shape> near() {
        Tensors tensors = cut.tensors();
        List<String> near =
                tensors.before(outputs(), NEAR).stream()
                        .filter(tensor -> !tensors.isConstant(tensor))
                        .filter(tensor -> tensors.producer(tensor) != null)
                        .toList();
        List<String> unknown = near.stream().filter(tensor -> !known.containsKey(tensor)).toList();
        if (!unknown.isEmpty()) {
            run(unknown);
        }
        Map<String, Shape> shapes = new LinkedHashMap<>();
        for (String tensor : near) {
            Shape shape = known.get(tensor);
            if (shape != null) {
                shapes.put(tensor, shape);
            }
        }
        return shapes;
    }

    /** The first few vectors near the end, outputs first. */
    Map<String, Shape> vectors() {
        Map<String, Shape> vectors = new LinkedHashMap<>();
        Stream.concat(outputs().stream(), near().keySet().stream())
                .filter(this::isVector)
                .distinct()
                .limit(LISTED)
                .forEach(tensor -> vectors.put(tensor, known(tensor)));
        return vectors;
    }

    private void run(Collection<String> unknown) {
        GraphProto.Builder graph = cut.upTo(unknown);
        List<String> asked = new ArrayList<>(unknown);
        for (String tensor : asked) {
            graph.addOutput(ValueInfoProto.newBuilder().setName(tensor));
        }
        Preprocessing preprocessing = cut.preprocessing();
        int side = preprocessing.crop();
        long[] shape =
                preprocessing.layout() == Preprocessing.Layout.NCHW
                        ? new long[] {1, 3, side, side}
                        : new long[] {1, side, side, 3};
        Map<String, Shape> found;
        try {
            found = OnnxShapes.of(cut.model(graph).build().toByteArray(), shape);
        } catch (ConfigurationException e) {
            throw new ConfigurationException(
                    "%s cannot be run on an image of %d x %d pixels: %s. Where it wants another size, say so in %s beside it, such as {\"resize\": \"256\", \"crop\": \"224\"}"
                            .formatted(
                                    file,
                                    side,
                                    side,
                                    e.getMessage(),
                                    file.toString().replaceAll("\\.onnx$", "") + ".json"),
                    e);
        }
        known.putAll(found);
    }
}
