package dev.graft.head;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.feature.Float16;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads named tensors from a file in the format of huggingface/safetensors (its README): the length
 * of the header as u64, the header as JSON, raw little-endian tensors. Immutable.
 *
 * @param header what the file says of each tensor, by name; {@code __metadata__} holds texts
 * @param data the tensors
 */
public record Safetensors(JsonNode header, ByteBuffer data) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads a file.
     *
     * @throws IOException if the file is not in this format
     */
    public static Safetensors read(byte[] bytes) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long length = file.remaining() < Long.BYTES ? -1 : file.getLong();
        if (length < 0 || length > file.remaining()) {
            throw new IOException("the file of tensors has a header of " + length + " bytes");
        }
        byte[] header = new byte[(int) length];
        file.get(header);
        return new Safetensors(JSON.readTree(header), file.slice());
    }

    /**
     * The values of a tensor of float32 or float16, in its order.
     *
     * @throws IOException if there is no such tensor
     */
    public float[] floats(String name) throws IOException {
        JsonNode tensor = header.path(name);
        int from = tensor.at("/data_offsets/0").asInt(-1);
        int to = tensor.at("/data_offsets/1").asInt(-1);
        if (from < 0 || to < from || to > data.limit()) {
            throw new IOException("the file of tensors has no " + name);
        }
        byte[] bytes = new byte[to - from];
        data.get(from, bytes);
        String type = tensor.path("dtype").asText();
        if (type.equals("F16")) {
            return Float16.decode(bytes);
        }
        if (!type.equals("F32")) {
            throw new IOException("tensor %s is of %s, expected F32 or F16".formatted(name, type));
        }
        float[] values = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }

    /** A text of the metadata; empty if there is none of this name. */
    public String text(String name) {
        return header.path("__metadata__").path(name).asText();
    }
}
