package dev.graft.backbone;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import dev.graft.feature.ConfigurationException;
import dev.graft.feature.Sha256;
import dev.graft.image.NetworkMetadata;
import dev.graft.image.Preprocessing;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Cuts a network at its feature: what comes after is dropped, the input is named {@code image}, the
 * output {@code feature}, (n, width), both of float32. The same file and settings give the same
 * bytes. Immutable.
 *
 * @param name what people call the network
 * @param feature tensor to cut at, {@code logits}, one of {@link Tokens#OPTIONS}, or empty for the
 *     one that {@link FeatureTensor} finds
 * @param preprocessing some of {@link Preprocessing#KEYS}; those left out are those in the metadata
 *     of the file, else the usual ones: pixels 0..255 or 0..1 where the network normalizes its
 *     input itself, else ImageNet's, at the side of the input
 */
public record GraphCut(String name, String feature, Map<String, String> preprocessing) {
    /** Raise it whenever the same file and settings give other bytes than before. */
    static final int VERSION = 4;

    /**
     * The cut network. A file already cut comes back as it is; if it was changed after it was cut,
     * such as by a quantizer, it counts as a source of its own.
     *
     * @throws ConfigurationException if it has not exactly one image input, cannot be run, its
     *     feature is not found, or the preprocessing is wrong or does not fit the input
     */
    byte[] cut(NetworkFile network) {
        ModelProto model = network.model();
        Map<String, String> metadata = metadata(model);
        if (metadata.containsKey(NetworkMetadata.FEATURE)) {
            ModelProto unmarked = unmarked(model);
            boolean asItWasCut =
                    !metadata.containsKey(NetworkMetadata.CUT)
                            || metadata.get(NetworkMetadata.CUT).equals(hash(unmarked));
            return (asItWasCut ? model : marked(unmarked, network.source())).toByteArray();
        }
        ImageInput input = ImageInput.of(model.getGraph(), network.path());
        Tensors tensors = new Tensors(model.getGraph());
        CutGraph graph = new CutGraph(network, tensors, input, preprocessing(network, input), name);
        Feature chosen =
                new FeatureTensor(
                                tensors,
                                new Probe(graph, network.path()),
                                network.path().toString())
                        .choose(feature);
        return marked(described(graph, chosen), network.source()).toByteArray();
    }

    private ModelProto described(CutGraph graph, Feature chosen) {
        Map<String, String> metadata = new TreeMap<>(graph.preprocessing().toMetadata());
        metadata.put(NetworkMetadata.NAME, name);
        metadata.put(NetworkMetadata.FEATURE, chosen.name());
        GraphProto.Builder cut = graph.upTo(chosen);
        ModelProto.Builder result = graph.model(cut);
        metadata.forEach((key, text) -> result.addMetadataProps(entry(key, text)));
        return result.build();
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

    private Preprocessing preprocessing(NetworkFile network, ImageInput input) {
        Map<String, String> given = new TreeMap<>(metadata(network.model()));
        given.keySet().removeIf(key -> !key.startsWith(NetworkMetadata.PREFIX));
        preprocessing.forEach((key, text) -> given.put(NetworkMetadata.PREFIX + key, text));
        Map<String, String> all = new TreeMap<>(usual(network, input, given).toMetadata());
        String resize = NetworkMetadata.PREFIX + "resize";
        String crop = NetworkMetadata.PREFIX + "crop";
        if (given.containsKey(crop) && !given.containsKey(resize)) {
            all.remove(resize);
        }
        all.putAll(given);
        all.putIfAbsent(resize, resizeFor(all.getOrDefault(crop, "")));
        Preprocessing result;
        try {
            result = Preprocessing.fromMetadata(all);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(network.path() + ": " + e.getMessage(), e);
        }
        check(network, input, result);
        return result;
    }

    /**
     * What the network wants where nobody says so; where somebody says all, it is not looked at.
     */
    private static Preprocessing usual(
            NetworkFile network, ImageInput input, Map<String, String> given) {
        Preprocessing usual = input.usual();
        boolean saysValues =
                Stream.of("mean", "deviation", "scale")
                        .map(key -> NetworkMetadata.PREFIX + key)
                        .allMatch(given::containsKey);
        if (input.takesBytes()) {
            return InputScaling.raw(usual, 1);
        }
        return saysValues
                ? usual
                : InputScaling.preprocessing(
                        network.model().getGraph(), input.name(), usual, network.path().toString());
    }

    private static String resizeFor(String crop) {
        try {
            return Integer.toString(ImageInput.usualResize(Integer.parseInt(crop.strip())));
        } catch (NumberFormatException e) {
            return crop;
        }
    }

    private static void check(NetworkFile network, ImageInput input, Preprocessing given) {
        if ((input.isLayoutKnown() && given.layout() != input.layout())
                || (input.side() > 0 && given.crop() != input.side())) {
            throw new ConfigurationException(
                    "%s: its input is %s with side %d, but its preprocessing says %s with crop %d"
                            .formatted(
                                    network.path(),
                                    input.layout(),
                                    input.side() == 0 ? given.crop() : input.side(),
                                    given.layout(),
                                    given.crop()));
        }
        if (input.takesBytes() && !given.equals(InputScaling.raw(given, 1))) {
            throw new ConfigurationException(
                    "%s: its input takes bytes, the pixels as they are, but its preprocessing says mean %s, deviation %s and scale %s, expected 0,0,0 and 1,1,1 and 1 or none of them"
                            .formatted(
                                    network.path(),
                                    given.mean(),
                                    given.deviation(),
                                    given.scale()));
        }
    }
}
