package dev.graft.head;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.feature.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A head as files: {@code head.safetensors} with the float32 tensors weights (classes, width), bias
 * (classes), mean (width) and scale (width), and {@code head.json} with everything else. Format of
 * the former: README of huggingface/safetensors (header length as u64, JSON header, raw
 * little-endian tensors); any Python reads it with {@code safetensors.numpy.load_file}.
 */
public final class HeadFiles {
    /** The tensors. */
    public static final String TENSORS = "head.safetensors";

    /** Classes, backbone and provenance. */
    public static final String DESCRIPTION = "head.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    private HeadFiles() {}

    /**
     * The files of a head; the same head and provenance give the same bytes.
     *
     * @param provenance more fields of {@code head.json}: settings, seed, snapshot, metrics
     * @return by file name
     */
    public static Map<String, byte[]> write(Head head, ObjectNode provenance) {
        Head.Parameters numbers = head.parameters();
        ObjectNode json = JSON.createObjectNode();
        json.put("version", head.version());
        json.set("classes", JSON.valueToTree(head.classes()));
        json.put("backbone", head.backbone());
        json.put("temperature", numbers.temperature());
        json.put("activation", numbers.activation().name().toLowerCase(Locale.ROOT));
        json.setAll(provenance);
        Map<String, float[]> tensors = new LinkedHashMap<>();
        tensors.put("weights", numbers.weights());
        tensors.put("bias", numbers.bias());
        tensors.put("mean", numbers.mean());
        tensors.put("scale", numbers.scale());
        return Map.of(
                TENSORS,
                tensors(tensors, head.classes().size()),
                DESCRIPTION,
                json.toPrettyString().getBytes(StandardCharsets.UTF_8));
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
     * Reads a head.
     *
     * @param files gives a file of the version by name
     * @throws StoreException if a file is missing or damaged
     */
    public static Head read(String version, Function<String, Optional<byte[]>> files) {
        try {
            JsonNode json = description(version, files);
            List<String> classes = new ArrayList<>();
            json.required("classes").forEach(name -> classes.add(name.asText()));
            ByteBuffer file =
                    ByteBuffer.wrap(bytes(version, TENSORS, files)).order(ByteOrder.LITTLE_ENDIAN);
            byte[] header = new byte[Math.toIntExact(file.getLong())];
            file.get(header);
            JsonNode tensors = JSON.readTree(header);
            ByteBuffer data = file.slice().order(ByteOrder.LITTLE_ENDIAN);
            return new Head(
                    version,
                    classes,
                    json.required("backbone").asText(),
                    new Head.Parameters(
                            tensor(tensors, data, "weights"),
                            tensor(tensors, data, "bias"),
                            tensor(tensors, data, "mean"),
                            tensor(tensors, data, "scale"),
                            json.required("temperature").asDouble(),
                            activation(json)));
        } catch (IOException | RuntimeException e) {
            if (e instanceof StoreException known) {
                throw known;
            }
            throw new StoreException(
                    "head " + version + " cannot be read: promote another version", e);
        }
    }

    /** Of a {@code head.json}; one of the time when every head was softmax does not say so. */
    static Activation activation(JsonNode json) {
        return Activation.valueOf(
                json.path("activation").asText("softmax").toUpperCase(Locale.ROOT));
    }

    /**
     * The contents of {@code head.json}.
     *
     * @throws StoreException if the version has none
     */
    public static JsonNode description(String version, Function<String, Optional<byte[]>> files) {
        try {
            return JSON.readTree(bytes(version, DESCRIPTION, files));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(
            String version, String file, Function<String, Optional<byte[]>> files) {
        return files.apply(file)
                .orElseThrow(
                        () ->
                                new StoreException(
                                        "head "
                                                + version
                                                + " has no "
                                                + file
                                                + ": promote another version",
                                        null));
    }

    private static float[] tensor(JsonNode tensors, ByteBuffer data, String name) {
        JsonNode offsets = tensors.required(name).required("data_offsets");
        int from = offsets.get(0).asInt();
        float[] values = new float[(offsets.get(1).asInt() - from) / 4];
        for (int i = 0; i < values.length; i++) {
            values[i] = data.getFloat(from + 4 * i);
        }
        return values;
    }
}
