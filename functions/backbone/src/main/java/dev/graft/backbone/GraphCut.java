package dev.graft.backbone;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.graft.feature.ConfigurationException;
import dev.graft.feature.Sha256;
import dev.graft.image.NetworkMetadata;
import dev.graft.image.Preprocessing;
import dev.graft.image.Preprocessing.Layout;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Cuts an image classification network at its feature: what comes after is dropped, the input is
 * named {@code image}, the output {@code feature}, (n, width). The same file and settings give the
 * same bytes. Immutable.
 *
 * @param name what people call the network
 * @param feature tensor to cut at, {@code logits}, or empty for the pooled input of the last linear
 *     layer
 * @param preprocessing the seven keys of {@link Preprocessing#toMetadata} without {@code graft.};
 *     empty for those in the metadata of the file, else pixels 0..255 or 0..1 where the network
 *     scales its input itself, else ImageNet's at the side of the input
 */
public record GraphCut(String name, String feature, Map<String, String> preprocessing) {
    /** Raise it whenever the same file and settings give other bytes than before. */
    static final int VERSION = 3;

    private static final int DEFAULT_CROP = 224;

    /**
     * The cut network. A file already cut comes back as it is; if it was changed after it was cut,
     * such as by a quantizer, it counts as a source of its own.
     *
     * @throws ConfigurationException if the file is no network, has not exactly one image input and
     *     one output, keeps weights in other files, its feature is not found, or the preprocessing
     *     is wrong or does not fit the input
     */
    public byte[] cut(Path file) {
        byte[] bytes = read(file);
        ModelProto model = parse(bytes, file);
        Map<String, String> metadata = metadata(model);
        if (metadata.containsKey(NetworkMetadata.FEATURE)) {
            ModelProto unmarked = unmarked(model);
            boolean asItWasCut =
                    !metadata.containsKey(NetworkMetadata.CUT)
                            || metadata.get(NetworkMetadata.CUT).equals(hash(unmarked));
            return asItWasCut ? bytes : marked(unmarked, Sha256.of(bytes)).toByteArray();
        }
        GraphProto graph = model.getGraph();
        Set<String> weights = new HashSet<>();
        graph.getInitializerList().forEach(tensor -> weights.add(tensor.getName()));
        List<ValueInfoProto> inputs =
                graph.getInputList().stream()
                        .filter(input -> !weights.contains(input.getName()))
                        .toList();
        if (inputs.size() != 1 || graph.getOutputCount() != 1) {
            throw new ConfigurationException(
                    "%s: expected one image input and one output, found inputs %s and outputs %s"
                            .formatted(file, names(inputs), names(graph.getOutputList())));
        }
        String output = graph.getOutput(0).getName();
        FeatureTensor tensors = new FeatureTensor(graph, file.toString());
        String tensor =
                switch (feature) {
                    case "" -> tensors.feature(output);
                    case "logits" -> tensors.logits(output);
                    default -> feature;
                };
        if (tensors.producer(tensor) == null) {
            throw new ConfigurationException(
                    "%s: no layer gives tensor '%s', expected the name of one, such as '%s'"
                            .formatted(file, tensor, output));
        }
        Preprocessing usual = usual(inputs.getFirst(), file);
        Preprocessing given = given(model, inputs.getFirst(), usual, file);
        ModelProto cut = write(model, inputs.getFirst().getName(), tensor, given);
        return marked(cut, Sha256.of(bytes)).toByteArray();
    }

    /** With the two hashes that its {@link dev.graft.feature.FeatureIdentity} is made of. */
    private static ModelProto marked(ModelProto cut, String source) {
        return cut.toBuilder()
                .addMetadataProps(entry(NetworkMetadata.SOURCE, source))
                .addMetadataProps(entry(NetworkMetadata.CUT, hash(cut)))
                .build();
    }

    private static ModelProto unmarked(ModelProto cut) {
        Set<String> marks = Set.of(NetworkMetadata.SOURCE, NetworkMetadata.CUT);
        return cut.toBuilder()
                .clearMetadataProps()
                .addAllMetadataProps(
                        cut.getMetadataPropsList().stream()
                                .filter(entry -> !marks.contains(entry.getKey()))
                                .toList())
                .build();
    }

    private static String hash(ModelProto model) {
        MessageDigest digest = Sha256.digest();
        try {
            model.writeTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static Map<String, String> metadata(ModelProto model) {
        Map<String, String> metadata = new TreeMap<>();
        model.getMetadataPropsList().forEach(e -> metadata.put(e.getKey(), e.getValue()));
        return metadata;
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    private ModelProto write(
            ModelProto model, String input, String tensor, Preprocessing preprocessing) {
        GraphProto graph = model.getGraph();
        Set<String> needed = needed(graph, tensor);
        GraphProto.Builder cut = GraphProto.newBuilder().setName(name);
        cut.addInput(image(preprocessing)).addOutput(value("feature", dynamic("n"), dynamic("w")));
        cut.addNode(node("Identity", "image", input + "/graft"));
        for (NodeProto node : graph.getNodeList()) {
            if (node.getOutputList().stream().anyMatch(needed::contains)) {
                NodeProto.Builder kept = node.toBuilder();
                for (int i = 0; i < kept.getInputCount(); i++) {
                    if (kept.getInput(i).equals(input)) {
                        kept.setInput(i, input + "/graft");
                    }
                }
                cut.addNode(kept);
            }
        }
        cut.addNode(node("Flatten", tensor, "feature"));
        for (TensorProto weight : graph.getInitializerList()) {
            if (needed.contains(weight.getName())) {
                cut.addInitializer(weight);
            }
        }
        Map<String, String> metadata = new TreeMap<>(preprocessing.toMetadata());
        metadata.put(NetworkMetadata.NAME, name);
        metadata.put(NetworkMetadata.FEATURE, tensor);
        ModelProto.Builder result =
                model.toBuilder()
                        .setGraph(cut)
                        .setIrVersion(Math.max(4, model.getIrVersion()))
                        .clearMetadataProps()
                        .clearTrainingInfo();
        metadata.forEach((key, text) -> result.addMetadataProps(entry(key, text)));
        return result.build();
    }

    private static Set<String> needed(GraphProto graph, String tensor) {
        FeatureTensor tensors = new FeatureTensor(graph, "");
        Set<String> needed = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(tensor));
        while (!open.isEmpty()) {
            String next = open.pop();
            @Nullable NodeProto node = needed.add(next) ? tensors.producer(next) : null;
            if (node != null) {
                open.addAll(node.getInputList());
            }
        }
        return needed;
    }

    private Preprocessing given(
            ModelProto model, ValueInfoProto input, Preprocessing usual, Path file) {
        boolean fixed = shape(input).get(2).getDimValue() > 0;
        Map<String, String> values = metadata(model);
        preprocessing.forEach((key, text) -> values.put(NetworkMetadata.PREFIX + key, text));
        if (values.keySet().stream().noneMatch(key -> key.startsWith(NetworkMetadata.PREFIX))) {
            return InputScaling.preprocessing(
                    model.getGraph(), input.getName(), usual, file.toString());
        }
        Preprocessing given;
        try {
            given = Preprocessing.fromMetadata(values);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(file + ": " + e.getMessage(), e);
        }
        if (given.layout() != usual.layout() || (fixed && given.crop() != usual.crop())) {
            throw new ConfigurationException(
                    "%s: its input is %s with side %d, but its preprocessing says %s with crop %d"
                            .formatted(
                                    file,
                                    usual.layout(),
                                    usual.crop(),
                                    given.layout(),
                                    given.crop()));
        }
        return given;
    }

    private static Preprocessing usual(ValueInfoProto input, Path file) {
        List<Dimension> shape = shape(input);
        boolean planar = shape.size() == 4 && shape.get(1).getDimValue() == 3;
        boolean interleaved = shape.size() == 4 && shape.get(3).getDimValue() == 3;
        long rows =
                planar ? shape.get(2).getDimValue() : interleaved ? shape.get(1).getDimValue() : 0;
        long columns =
                planar ? shape.get(3).getDimValue() : interleaved ? shape.get(2).getDimValue() : 0;
        if (planar == interleaved
                || rows != columns
                || input.getType().getTensorType().getElemType()
                        != TensorProto.DataType.FLOAT_VALUE) {
            throw new ConfigurationException(
                    ("%s: expected a float32 image input (n, 3, side, side) or (n, side, side, 3),"
                                    + " found %s with %s")
                            .formatted(
                                    file,
                                    input.getName(),
                                    shape.stream().map(Dimension::getDimValue).toList()));
        }
        int crop = rows == 0 ? DEFAULT_CROP : (int) rows;
        Preprocessing usual = Preprocessing.imageNet(Math.round(crop * 256f / 224f), crop);
        return planar ? usual : usual.withLayout(Layout.NHWC);
    }

    private static List<Dimension> shape(ValueInfoProto input) {
        return input.getType().getTensorType().getShape().getDimList();
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ConfigurationException("backbone " + file + " cannot be read: " + e, e);
        }
    }

    private static ModelProto parse(byte[] bytes, Path file) {
        ModelProto model;
        try {
            model = ModelProto.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new ConfigurationException(file + ": expected an ONNX network, found another", e);
        }
        if (model.getGraph().getNodeCount() == 0) {
            throw new ConfigurationException(file + ": expected an ONNX network, found no layers");
        }
        for (TensorProto weight : model.getGraph().getInitializerList()) {
            if (weight.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
                throw new ConfigurationException(
                        "%s keeps the weights of %s in another file, %s: save the network as one file, such as by onnx.save(onnx.load(...), ...)"
                                .formatted(file, weight.getName(), otherFile(weight, file)));
            }
        }
        return model;
    }

    private static String otherFile(TensorProto weight, Path file) {
        String location =
                weight.getExternalDataList().stream()
                        .filter(entry -> entry.getKey().equals("location"))
                        .map(StringStringEntryProto::getValue)
                        .findFirst()
                        .orElse("which it does not name");
        boolean there = Files.exists(file.resolveSibling(location));
        return location + (there ? "" : ", and that is missing");
    }

    private static List<String> names(List<ValueInfoProto> values) {
        return values.stream().map(ValueInfoProto::getName).toList();
    }

    private static NodeProto node(String type, String input, String output) {
        return NodeProto.newBuilder()
                .setOpType(type)
                .setName(output)
                .addInput(input)
                .addOutput(output)
                .build();
    }

    private static ValueInfoProto image(Preprocessing preprocessing) {
        Dimension side = Dimension.newBuilder().setDimValue(preprocessing.crop()).build();
        Dimension three = Dimension.newBuilder().setDimValue(3).build();
        return preprocessing.layout() == Layout.NCHW
                ? value("image", dynamic("n"), three, side, side)
                : value("image", dynamic("n"), side, side, three);
    }

    private static Dimension dynamic(String name) {
        return Dimension.newBuilder().setDimParam(name).build();
    }

    private static ValueInfoProto value(String name, Dimension... shape) {
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(
                        TypeProto.newBuilder()
                                .setTensorType(
                                        TypeProto.Tensor.newBuilder()
                                                .setElemType(TensorProto.DataType.FLOAT_VALUE)
                                                .setShape(
                                                        TensorShapeProto.newBuilder()
                                                                .addAllDim(List.of(shape)))))
                .build();
    }
}
