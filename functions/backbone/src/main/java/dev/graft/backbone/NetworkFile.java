package dev.graft.backbone;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.graft.feature.ConfigurationException;
import dev.graft.feature.Sha256;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * An ONNX file as it was published, with the weights that it keeps in other files of its folder.
 * The files are mapped, not copied. Immutable.
 *
 * @param path of the file
 * @param model with all weights inside
 * @param source SHA-256 of the file; where it has weights in others, of its hash and theirs
 */
record NetworkFile(Path path, ModelProto model, String source) {
    /** What one message of Protocol Buffers, and so one ONNX file, can hold. */
    private static final long LARGEST = Integer.MAX_VALUE;

    /**
     * Reads a network and its weights.
     *
     * @throws ConfigurationException if there is no such file, it is no network, or its weights are
     *     not all in its folder
     */
    static NetworkFile read(Path path) {
        try {
            ModelProto model = parse(path);
            if (model.getGraph().getNodeCount() == 0) {
                throw new ConfigurationException(
                        path + ": expected an ONNX network, found no layers");
            }
            refuseOutside(path, model.getGraph().getNodeList());
            Map<String, Path> others = new TreeMap<>();
            for (TensorProto weight : model.getGraph().getInitializerList()) {
                if (isElsewhere(weight)) {
                    String location = external(weight, "location", "");
                    others.computeIfAbsent(location, l -> beside(path, l, weight));
                }
            }
            return others.isEmpty()
                    ? new NetworkFile(path, model, Sha256.of(path))
                    : withWeights(path, model, others);
        } catch (InvalidProtocolBufferException e) {
            throw new ConfigurationException(path + ": expected an ONNX network, found another", e);
        } catch (IOException e) {
            throw new ConfigurationException("backbone " + path + " cannot be read: " + e, e);
        }
    }

    /** The folder that a file lies in. */
    static Path folder(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent(), "the root is no file");
    }

    private static ModelProto parse(Path path) throws IOException {
        CodedInputStream in = map(path).newCodedInput();
        in.enableAliasing(true);
        return ModelProto.parseFrom(in);
    }

    private static ByteString map(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path)) {
            checkSize(path, channel.size());
            ByteBuffer bytes =
                    channel.map(MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto())
                            .asByteBuffer();
            return UnsafeByteOperations.unsafeWrap(bytes);
        }
    }

    private static void checkSize(Path path, long size) {
        if (size > LARGEST) {
            throw new ConfigurationException(
                    String.format(
                            Locale.ROOT,
                            "%s has %,d bytes, expected %,d at most, what one ONNX file can hold:"
                                    + " use a smaller network, or one in float16 or int8",
                            path,
                            size,
                            LARGEST));
        }
    }

    /** Only initializers may be elsewhere; ONNX Runtime would open the rest by itself. */
    private static void refuseOutside(Path path, List<NodeProto> nodes) {
        for (NodeProto node : nodes) {
            for (AttributeProto attribute : node.getAttributeList()) {
                for (GraphProto graph : Tensors.graphs(attribute)) {
                    refuseOutside(path, graph.getNodeList());
                    graph.getInitializerList().forEach(tensor -> refuseOutside(path, tensor));
                }
                attribute.getTensorsList().forEach(tensor -> refuseOutside(path, tensor));
                refuseOutside(path, attribute.getT());
            }
        }
    }

    private static void refuseOutside(Path path, TensorProto tensor) {
        if (isElsewhere(tensor)) {
            throw new ConfigurationException(
                    "%s keeps a constant, %s, in another file: save the network as one file"
                            .formatted(path, tensor.getName()));
        }
    }

    private static boolean isElsewhere(TensorProto weight) {
        return weight.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
    }

    private static String external(TensorProto weight, String key, String otherwise) {
        return weight.getExternalDataList().stream()
                .filter(entry -> entry.getKey().equals(key))
                .map(StringStringEntryProto::getValue)
                .findFirst()
                .orElse(otherwise);
    }

    /** The file of that name in the folder of the network; a network can name none elsewhere. */
    private static Path beside(Path path, String location, TensorProto weight) {
        String problem =
                "%s keeps the weights of %s in another file, %s"
                        .formatted(path, weight.getName(), location.isEmpty() ? "?" : location);
        Path folder = folder(path);
        try {
            Path file = folder.resolve(location).normalize();
            if (location.isEmpty() || !file.startsWith(folder)) {
                throw new ConfigurationException(
                        problem + ", which is not in its folder: save the network as one file");
            }
            if (!Files.isRegularFile(file)) {
                throw new ConfigurationException(
                        problem + ", and that is missing: put it into " + folder);
            }
            if (!file.toRealPath().startsWith(folder.toRealPath())) {
                throw new ConfigurationException(
                        problem
                                + ", which is a link out of its folder: copy the file itself"
                                + " there");
            }
            return file;
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigurationException(problem + ", which cannot be read: " + e, e);
        }
    }

    private static NetworkFile withWeights(Path path, ModelProto model, Map<String, Path> others)
            throws IOException {
        long size = Files.size(path);
        Map<String, ByteString> contents = new TreeMap<>();
        StringBuilder hashes = new StringBuilder(Sha256.of(path));
        for (Map.Entry<String, Path> other : others.entrySet()) {
            size += Files.size(other.getValue());
            checkSize(path, size);
            contents.put(other.getKey(), map(other.getValue()));
            hashes.append('\n')
                    .append(other.getKey())
                    .append(' ')
                    .append(Sha256.of(other.getValue()));
        }
        GraphProto.Builder graph = model.getGraph().toBuilder();
        for (int i = 0; i < graph.getInitializerCount(); i++) {
            TensorProto weight = graph.getInitializer(i);
            if (isElsewhere(weight)) {
                ByteString file =
                        contents.getOrDefault(external(weight, "location", ""), ByteString.EMPTY);
                graph.setInitializer(i, inside(weight, part(path, weight, file)));
            }
        }
        return new NetworkFile(
                path,
                model.toBuilder().setGraph(graph).build(),
                Sha256.of(hashes.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static ByteString part(Path path, TensorProto weight, ByteString file) {
        try {
            long from = Long.parseLong(external(weight, "offset", "0"));
            long length = Long.parseLong(external(weight, "length", "" + (file.size() - from)));
            if (from >= 0 && length >= 0 && from <= file.size() - length) {
                return file.substring((int) from, (int) (from + length));
            }
        } catch (NumberFormatException malformed) {
            // told below
        }
        throw new ConfigurationException(
                String.format(
                        Locale.ROOT,
                        "%s: the weights of %s are at %s, expected a part of its %,d bytes: the"
                                + " file is damaged or of another network",
                        path,
                        weight.getName(),
                        weight.getExternalDataList().stream()
                                .map(entry -> entry.getKey() + " " + entry.getValue())
                                .collect(Collectors.joining(", ")),
                        file.size()));
    }

    private static TensorProto inside(TensorProto weight, ByteString content) {
        return weight.toBuilder()
                .clearDataLocation()
                .clearExternalData()
                .setRawData(content)
                .build();
    }
}
