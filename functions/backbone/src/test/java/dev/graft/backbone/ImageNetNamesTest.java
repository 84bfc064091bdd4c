package dev.graft.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * The head for ImageNet's classes on the feature of graft-resnet18, as training/names.py writes.
 */
class ImageNetNamesTest {

    @Test
    void everyRowHasANameOfItsOwn() throws IOException {
        List<String> names =
                new String(read("imagenet-names.txt"), StandardCharsets.UTF_8).lines().toList();
        assertEquals(1000, names.size());
        assertEquals(1000, new HashSet<>(names).size());
        assertEquals("tench", names.getFirst());
        assertEquals("coffee mug", names.get(504));
        assertEquals("toilet paper", names.getLast());
        assertTrue(names.stream().allMatch(name -> name.equals(name.strip()) && !name.isEmpty()));
    }

    @Test
    void weightAndBiasFitTheFeature() throws IOException {
        ByteBuffer file =
                ByteBuffer.wrap(read("graft-resnet18-names.safetensors"))
                        .order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[Math.toIntExact(file.getLong())];
        file.get(header);
        JsonNode tensors = new ObjectMapper().readTree(header);
        assertEquals("F16", tensors.path("weight").path("dtype").asText());
        assertEquals("[1000,512]", tensors.path("weight").path("shape").toString());
        assertEquals("F16", tensors.path("bias").path("dtype").asText());
        assertEquals("[1000]", tensors.path("bias").path("shape").toString());
        assertEquals(2 * (1000 * 512 + 1000), file.remaining());
        while (file.hasRemaining()) {
            assertTrue(Float.isFinite(Float.float16ToFloat(file.getShort())));
        }
    }

    private static byte[] read(String name) throws IOException {
        try (InputStream in = ImageNetNamesTest.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }
}
