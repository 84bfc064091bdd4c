package dev.graft.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.feature.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotedHashTest {
    @TempDir private Path folder;

    @Test
    void isThatOfTheFile() throws IOException {
        Path network = Files.writeString(folder.resolve("network.onnx"), "a network");
        String hash = Sha256.of(network);
        assertEquals(hash, NotedHash.of(network));
        ObjectNode noted = new ObjectMapper().createObjectNode().put("id", "a-p1");
        Path beside = Files.writeString(folder.resolve("network.json"), "{not ours");
        assertEquals(hash, NotedHash.of(network), "something else beside it");
        Files.writeString(beside, noted.toString());
        assertEquals(hash, NotedHash.of(network), "nothing noted");
        NotedHash.note(network, noted);
        assertEquals(hash, noted.path("sha256").asText());
        Files.writeString(beside, noted.put("sha256", "noted").toString());
        assertEquals("noted", NotedHash.of(network), "not computed once more");
        Files.writeString(network, "another");
        assertEquals(Sha256.of(network), NotedHash.of(network), "another file came");
    }
}
