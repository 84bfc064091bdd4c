package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.backbone.Backbones;
import dev.graft.local.HttpEndpoint;
import dev.graft.local.LocalProduct;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A data folder that an earlier version wrote changes over to another network and back, with a kill
 * in the middle, while every request is answered.
 */
class ChangeOfNetworkTest {
    private static final String OLD_HEAD = "20261128T083306.650Z-c8b5c62e";
    private static final Path SAMPLES = Repository.file("functions/local/samples");
    private static final String BEFORE = "resnet10-graft";
    private static final String NEXT = "graft-resnet18";

    @TempDir private Path folder;

    @Test
    void forwardsAndBackWithAKillInTheMiddle() throws Exception {
        RecordedData.unzip("data-format-1", folder);
        int featurized = startAndKillHalfWay();
        try (Served served = open(NEXT)) {
            JsonNode status = served.api().get("/status").json();
            assertTrue(status.at("/networkChange/featurized").asInt() >= featurized, "" + status);
            Requests requests = new Requests(served);
            served.product().reconcile();
            Served.until(served.product()::idle);
            status = served.api().get("/status").json();
            assertFalse(status.path("networkChange").isMissingNode());
            assertEquals(OLD_HEAD, status.path("head").asText());
            assertEquals(BEFORE, status.at("/backbone/name").asText());
            JsonNode outcome = train(served);
            String trained = outcome.path("version").asText();
            JsonNode head = served.api().get("/heads/" + trained).json();
            assertEquals(BEFORE, head.at("/findings/networks/0/1").asText());
            assertEquals(NEXT, head.at("/findings/networks/0/2").asText());
            if (outcome.path("outcome").asText().equals("Kept")) {
                promote(served, trained);
            }
            Served.until(() -> answers(served, trained, NEXT));
            assertTrue(served.api().get("/status").json().path("networkChange").isMissingNode());
            assertFalse(
                    served.api()
                                    .get("/heads/" + OLD_HEAD + "/preview")
                                    .json()
                                    .path("images")
                                    .asInt()
                            == 0);
            promote(served, OLD_HEAD);
            Served.until(() -> answers(served, OLD_HEAD, BEFORE));
            promote(served, trained);
            Served.until(() -> answers(served, trained, NEXT));
            requests.allAnswered();
        }
        goesBack();
    }

    /** With the old network again, the head of the new one predicts until it is rolled back. */
    private void goesBack() throws Exception {
        try (Served served = open(BEFORE)) {
            Requests requests = new Requests(served);
            assertEquals(NEXT, served.api().get("/status").json().at("/backbone/name").asText());
            promote(served, OLD_HEAD);
            Served.until(() -> answers(served, OLD_HEAD, BEFORE));
            requests.allAnswered();
        }
    }

    /** The kill may have left counters behind that are put right once all is quiet. */
    private static JsonNode train(Served served) {
        AtomicReference<JsonNode> outcome = new AtomicReference<>();
        Served.until(
                () -> {
                    outcome.set(served.train());
                    return !outcome.get().path("outcome").asText().equals("Waiting");
                });
        return outcome.get();
    }

    private static void promote(Served served, String version) {
        assertEquals(
                200,
                served.api().json("PUT", "/heads/latest", Map.of("version", version)).status());
    }

    private static boolean answers(Served served, String head, String network) {
        JsonNode answer = classify(served);
        return answer.path("head").asText().equals(head)
                && answer.at("/backbone/name").asText().equals(network);
    }

    private static JsonNode classify(Served served) {
        try {
            byte[] key = Files.readAllBytes(SAMPLES.resolve("key/20.jpg"));
            return served.api().send("POST", "/classify?evidence=true", null, key).json();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Served open(String network) {
        Backbones backbones = Backbones.ofUser();
        var product =
                new LocalProduct(
                        Optional.of(folder),
                        backbones.resolve(network),
                        Map.of("NETWORKS_FOLDER", backbones.before().toString()));
        HttpEndpoint endpoint = product.serve(0);
        return new Served(product, endpoint, new ApiDocument(endpoint.url()));
    }

    /**
     * Runs the product as a user does, with the new network and more pictures, and kills it while
     * it featurizes.
     *
     * @return images that had a feature of the new network
     */
    private int startAndKillHalfWay() throws Exception {
        Path log = folder.resolveSibling("log-" + folder.getFileName());
        Process run =
                JavaProcess.product(
                                log,
                                "-Ddata=" + folder,
                                "-Dimages=" + SAMPLES,
                                "-Dbackbone=" + NEXT,
                                "-Dport=0")
                        .start();
        try {
            AtomicReference<String> address = new AtomicReference<>("");
            Served.until(
                    () -> {
                        assertTrue(run.isAlive(), () -> text(log));
                        text(log)
                                .lines()
                                .filter(line -> line.endsWith("answers with head " + OLD_HEAD))
                                .forEach(line -> address.set(line.substring(0, line.indexOf(' '))));
                        return !address.get().isEmpty();
                    });
            ApiDocument api = new ApiDocument(address.get());
            AtomicInteger featurized = new AtomicInteger();
            Served.until(
                    () -> {
                        assertTrue(run.isAlive(), () -> text(log));
                        JsonNode status = api.get("/status").json();
                        assertEquals(OLD_HEAD, status.path("head").asText());
                        featurized.set(status.at("/networkChange/featurized").asInt());
                        return featurized.get() > 5;
                    });
            return featurized.get();
        } finally {
            run.destroyForcibly();
            assertTrue(run.waitFor(30, TimeUnit.SECONDS), "it does not die");
        }
    }

    private static String text(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks for a prediction again and again. */
    private static final class Requests {
        private final AtomicBoolean over = new AtomicBoolean();
        private final List<String> failures = new CopyOnWriteArrayList<>();
        private final AtomicInteger answered = new AtomicInteger();
        private final Thread thread;

        Requests(Served served) {
            thread =
                    Thread.startVirtualThread(
                            () -> {
                                while (!over.get()) {
                                    JsonNode answer = classify(served);
                                    if (answer.path("label").isMissingNode()) {
                                        failures.add(answer.toString());
                                    }
                                    answered.incrementAndGet();
                                }
                            });
        }

        void allAnswered() throws InterruptedException {
            Served.until(() -> answered.get() > 5);
            over.set(true);
            thread.join();
            assertEquals(List.of(), failures);
        }
    }
}
