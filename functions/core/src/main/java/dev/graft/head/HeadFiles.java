package dev.graft.head;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.feature.DamagedFileException;
import dev.graft.feature.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A head as files: {@code head.safetensors} with the float32 tensors weights (classes, width), bias
 * (classes), mean (width) and scale (width), and {@code head.json} with everything else. The former
 * is as {@link Safetensors} describes; any Python reads it with {@code
 * safetensors.numpy.load_file}.
 */
public final class HeadFiles {
    /** The tensors. */
    public static final String TENSORS = "head.safetensors";

    /** All else, see {@link HeadCard}. */
    public static final String CARD = "head.json";

    /** The page about a version, for people. */
    public static final String REPORT = "report.html";

    private static final ObjectMapper JSON = new ObjectMapper();

    private HeadFiles() {}

    /**
     * The files of a head; the same head and card give the same bytes.
     *
     * @return by file name
     */
    public static Map<String, byte[]> write(Head head, HeadCard card) {
        try {
            return Map.of(
                    TENSORS,
                    tensors(head),
                    CARD,
                    JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(card));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file of the tensors alone. */
    public static byte[] tensors(Head head) {
        Head.Parameters numbers = head.parameters();
        Map<String, float[]> tensors = new LinkedHashMap<>();
        tensors.put("weights", numbers.weights());
        tensors.put("bias", numbers.bias());
        tensors.put("mean", numbers.mean());
        tensors.put("scale", numbers.scale());
        return tensors(tensors, head.classes().size());
    }

    private static byte[] tensors(Map<String, float[]> tensors, int classes) {
        ObjectNode header = JSON.createObjectNode();
        int offset = 0;
        for (var tensor : tensors.entrySet()) {
            int length = tensor.getValue().length;
            ObjectNode entry = header.putObject(tensor.getKey()).put("dtype", "F32");
            var shape = entry.putArray("shape");
            if (tensor.getKey().equals("weights")) {
                shape.add(classes).add(length / classes);
            } else {
                shape.add(length);
            }
            entry.putArray("data_offsets").add(offset).add(offset + 4 * length);
            offset += 4 * length;
        }
        String text = header.toString();
        byte[] padded =
                (text + " ".repeat(Math.floorMod(-text.length(), 8)))
                        .getBytes(StandardCharsets.UTF_8);
        ByteBuffer file =
                ByteBuffer.allocate(8 + padded.length + offset).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(padded.length).put(padded);
        for (float[] values : tensors.values()) {
            for (float value : values) {
                file.putFloat(value);
            }
        }
        return file.array();
    }

    /**
     * Reads a head. Of its card only what predictions need is looked at, as a function that starts
     * would spend more time on the types of the rest than on its first image.
     *
     * @param files gives a file of the version by name
     * @throws DamagedFileException if a file is missing or damaged
     */
    public static Head read(String version, Function<String, Optional<byte[]>> files) {
        try {
            JsonNode card = json(version, files);
            List<String> classes = new ArrayList<>();
            card.path("classes").forEach(name -> classes.add(name.asText()));
            Safetensors tensors = Safetensors.read(bytes(version, TENSORS, files));
            Head head =
                    new Head(
                            version,
                            classes,
                            card.path("backbone").asText(),
                            new Head.Parameters(
                                    tensors.floats("weights"),
                                    tensors.floats("bias"),
                                    tensors.floats("mean"),
                                    tensors.floats("scale"),
                                    card.path("temperature").asDouble(),
                                    Activation.named(card.path("activation").asText("softmax"))));
            JsonNode conformal = card.path("validation").path("conformal");
            return conformal.isObject() ? head.with(conformal(conformal)) : head;
        } catch (IOException | RuntimeException e) {
            if (e instanceof StoreException known) {
                throw known;
            }
            throw new DamagedFileException(
                    "head " + version + " cannot be read: promote another version", e);
        }
    }

    private static ConformalSets conformal(JsonNode told) {
        Map<String, double[]> classes = new LinkedHashMap<>();
        told.path("classes")
                .properties()
                .forEach(named -> classes.put(named.getKey(), numbers(named.getValue())));
        return new ConformalSets(numbers(told.path("all")), classes);
    }

    private static double[] numbers(JsonNode array) {
        double[] numbers = new double[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = array.path(i).asDouble();
        }
        return numbers;
    }

    /**
     * The contents of {@code head.json}, of any format so far.
     *
     * @throws DamagedFileException if the version has none, one that is no JSON object, or one of a
     *     format that a later version of Graft writes
     */
    public static HeadCard card(String version, Function<String, Optional<byte[]>> files) {
        try {
            return JSON.treeToValue(json(version, files), HeadCard.class);
        } catch (IOException e) {
            throw damaged(version, e);
        }
    }

    /**
     * The identity of the features that a head takes.
     *
     * @throws DamagedFileException as {@link #card}
     */
    public static String backbone(String version, Function<String, Optional<byte[]>> files) {
        return json(version, files).path("backbone").asText();
    }

    private static JsonNode json(String version, Function<String, Optional<byte[]>> files) {
        try {
            JsonNode card = JSON.readTree(bytes(version, CARD, files));
            if (!card.isObject()) {
                throw damaged(version, null);
            }
            int format = card.path("format").asInt();
            if (format > HeadCard.FORMAT) {
                throw new DamagedFileException(
                        "head %s is of format %d, and this version of Graft reads up to %d: deploy the version that wrote it, or promote another head"
                                .formatted(version, format, HeadCard.FORMAT),
                        null);
            }
            return card;
        } catch (IOException e) {
            throw damaged(version, e);
        }
    }

    private static DamagedFileException damaged(String version, @Nullable IOException cause) {
        return new DamagedFileException(
                "%s of head %s is no JSON object: promote another version, or restore the file"
                        .formatted(CARD, version),
                cause);
    }

    private static byte[] bytes(
            String version, String file, Function<String, Optional<byte[]>> files) {
        return files.apply(file)
                .orElseThrow(
                        () ->
                                new DamagedFileException(
                                        "head "
                                                + version
                                                + " has no "
                                                + file
                                                + ": promote another version",
                                        null));
    }
}
