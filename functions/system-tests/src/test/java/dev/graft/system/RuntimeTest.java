package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.local.EmbeddedCloud;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each zip, unpacked, in a JVM of its own under AWS's runtime interface client, against the
 * embedded S3 and DynamoDB over HTTP; with a probe in the handler's place.
 */
class RuntimeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "trainer/target/trainer.zip",
                "featurizer/target/featurizer-x86_64.zip",
                "classifier/target/classifier-x86_64.zip"
            })
    void theZipHoldsAllThatTheStoresNeed(String name, @TempDir Path task) throws Exception {
        Path zip = Repository.file("functions/" + name);
        assumeTrue(Files.exists(zip), () -> name + " is not there: run mvn verify");
        assumeTrue(
                System.getProperty("os.name").equals("Linux"), "the runtime client is for Linux");
        unpack(zip, task);
        addProbe(task);
        try (EmbeddedCloud cloud = EmbeddedCloud.inMemory(event -> {})) {
            long start = System.nanoTime();
            try (var function =
                    new LambdaProcess(
                            task, ProbeHandler.class.getName(), cloud.environment(), "-Xmx256m")) {
                JsonNode cold = answer(function, 1);
                long coldMillis = (System.nanoTime() - start) / 1_000_000;
                assertEquals("none", cold.path("head").asText());
                assertEquals("none", cold.path("image").asText());
                assertEquals("1769", cold.path("memory").asText());
                var bad = function.invoke("{}");
                assertTrue(bad.failed());
                assertTrue(bad.body().contains("the event has no key"), bad.body());
                start = System.nanoTime();
                int calls = 20;
                for (int i = 2; i < 2 + calls; i++) {
                    answer(function, i);
                }
                System.out.printf(
                        "%s: cold %d ms, warm %.1f ms, peak %d MB%n",
                        zip.getFileName(),
                        coldMillis,
                        (System.nanoTime() - start) / 1e6 / calls,
                        function.peakMemory() / 1_000_000);
            }
        }
    }

    private static JsonNode answer(LambdaProcess function, int event) throws Exception {
        String sequencer = "%032X".formatted(event);
        var answer =
                function.invoke(
                        "{\"key\": \"images/a b+ü.jpg\", \"sequencer\": \"" + sequencer + "\"}");
        assertFalse(answer.failed(), answer.body());
        JsonNode json = new ObjectMapper().readTree(answer.body());
        assertEquals(sequencer, json.path("sequencer").asText());
        return json;
    }

    private static void addProbe(Path task) throws IOException {
        String name = ProbeHandler.class.getName().replace('.', '/') + ".class";
        Files.createDirectories(task.resolve(name).getParent());
        try (var bytes = ProbeHandler.class.getResourceAsStream("/" + name)) {
            Files.copy(bytes, task.resolve(name));
        }
    }

    private static void unpack(Path file, Path task) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().filter(e -> !e.isDirectory()).toList()) {
                Path target = task.resolve(entry.getName()).normalize();
                assertTrue(target.startsWith(task), entry.getName());
                Files.createDirectories(target.getParent());
                Files.copy(zip.getInputStream(entry), target);
            }
        }
    }
}
