package dev.graft.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.ConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server that plays Custom Vision by the documented shapes of its API. */
class CustomVisionTest {
    private static final Map<String, String> KEY =
            Map.of(CustomVisionProject.KEY, CustomVisionServer.KEY);

    @TempDir private Path folder;

    private Imported imported(CustomVisionServer server) throws InterruptedException {
        return new Imported(folder.resolve("into")).run(server.project(), Limits.USUAL, KEY);
    }

    @Test
    void aProjectIsReadByPages() throws Exception {
        try (CustomVisionServer server = new CustomVisionServer(600)) {
            Imported found = imported(server);
            assertEquals(602, found.files().size(), found::text);
            assertEquals(new Import.Result(true, 602, true), found.result);
            assertTrue(
                    found.files()
                            .containsAll(
                                    Set.of(
                                            "cat/image-0.png",
                                            "dog/image-1.png",
                                            "cat+dog/image-2.png",
                                            "none of these/image-3.png",
                                            "untagged-0.png")));
            assertTrue(found.text().contains("\n512 pictures so far"), found::text);
            assertTrue(found.text().contains("pictures have regions"), found::text);
            assertEquals(602, server.pictures());
            found = imported(server);
            assertEquals(602, server.pictures(), "none is fetched twice");
            assertTrue(found.text().contains("602 pictures are imported, 602 of them by earlier"));
            server.retag();
            assertTrue(imported(server).text().contains("1 have other labels in the source"));
        }
    }

    @Test
    void throttlingIsWaitedForAndExpiredAddressesAreRenewed() throws Exception {
        try (CustomVisionServer server = new CustomVisionServer(40)) {
            server.throttle(3);
            server.expireAfter(10);
            Imported found = imported(server);
            assertEquals(42, found.files().size(), found::text);
            assertTrue(found.result.complete());
            assertTrue(
                    found.text().contains("answers with status 429; tried again in 7 s"),
                    found::text);
            assertFalse(found.text().contains("sig="), "no signature is told");
        }
    }

    @Test
    void whatIsGoneIsTriedAgainAtTheNextStart() throws Exception {
        try (CustomVisionServer server = new CustomVisionServer(10)) {
            server.lose("image-4");
            Imported found = imported(server);
            assertEquals(11, found.files().size(), found::text);
            assertFalse(found.result.complete());
            assertTrue(found.text().contains("1 could not be fetched; start again"), found::text);
            server.lose("");
            assertTrue(imported(server).result.complete());
        }
    }

    @Test
    void aWrongKeyOrAddressEndsInASentence() throws Exception {
        try (CustomVisionServer server = new CustomVisionServer(1)) {
            Imported one = new Imported(folder.resolve("into"));
            String message =
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () ->
                                            one.run(
                                                    server.project(),
                                                    Limits.USUAL,
                                                    Map.of(CustomVisionProject.KEY, "wrong")))
                            .getMessage();
            assertTrue(message.endsWith("check the key in VISION_TRAINING_KEY"), message);
            assertThrows(
                    ConfigurationException.class,
                    () -> one.run(server.project(), Limits.USUAL, Map.of()));
            String clear = server.project().replaceFirst("http://[^/]+", "http://example.org");
            for (String address : Set.of("https://example.org/", clear, "s3://bucket/x")) {
                assertThrows(
                        IllegalArgumentException.class, () -> one.run(address, Limits.USUAL, KEY));
            }
        }
    }

    @Test
    void aKilledImportGoesOnWhereItWas() throws Exception {
        try (CustomVisionServer server = new CustomVisionServer(300)) {
            server.holdAt(150);
            Process run =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    ImportProcess.class.getName(),
                                    server.project(),
                                    folder.resolve("into").toString())
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("log").toFile())
                            .start();
            try {
                assertTrue(server.isHeld(60), () -> text(folder.resolve("log")));
            } finally {
                run.destroyForcibly();
                assertTrue(run.waitFor(30, TimeUnit.SECONDS), "it does not die");
            }
            Path journal = folder.resolve("into/.import/journal.jsonl");
            assertTrue(Files.readAllLines(journal).size() >= 100, "whole batches are noted");
            Files.writeString(journal, "{\"from\": \"half a li", StandardOpenOption.APPEND);
            int before = server.pictures();
            server.holdAt(0);
            Imported found = imported(server);
            assertEquals(302, found.files().size(), found::text);
            assertTrue(
                    server.pictures() <= 302 + 8,
                    () ->
                            server.pictures()
                                    + " after "
                                    + before
                                    + ": only those that were underway come again");
            try (var left = Files.list(folder.resolve("into/.import/fetched"))) {
                assertEquals(0, left.filter(one -> !one.toString().endsWith(".part")).count());
            }
        }
    }

    private static String text(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
