package dev.graft.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.feature.Float16;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Builds files in the format of huggingface/safetensors. */
public final class Tensors {
    private Tensors() {}

    /** A file of float16 tensors with one text in its metadata. */
    public static byte[] float16(Map<String, float[]> tensors, String name, String text) {
        ObjectNode header = new ObjectMapper().createObjectNode();
        header.putObject("__metadata__").put(name, text);
        int end = 0;
        for (var tensor : new TreeMap<>(tensors).entrySet()) {
            ObjectNode entry = header.putObject(tensor.getKey()).put("dtype", "F16");
            entry.putArray("shape").add(tensor.getValue().length);
            int from = end;
            end += 2 * tensor.getValue().length;
            entry.putArray("data_offsets").add(from).add(end);
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer file =
                ByteBuffer.allocate(Long.BYTES + json.length + end).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json);
        new TreeMap<>(tensors).values().forEach(values -> file.put(Float16.encode(values)));
        return file.array();
    }
}
