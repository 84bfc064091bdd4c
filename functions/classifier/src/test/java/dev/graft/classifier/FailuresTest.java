package dev.graft.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.evaluation.Predictions;
import dev.graft.feature.ConfigurationException;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageStore;
import dev.graft.feature.LabelSets;
import dev.graft.feature.LabelStore;
import dev.graft.feature.StoreException;
import dev.graft.head.HeadFiles;
import dev.graft.head.HeadStore;
import dev.graft.index.IndexStore;
import dev.graft.library.History;
import dev.graft.library.Links;
import dev.graft.library.ResultStore;
import dev.graft.library.Shares;
import dev.graft.training.Trainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every route with each store failing, and with each stored file damaged. */
class FailuresTest {
    private static final String SECRET = "text of a library";

    /** The stores with one that fails when told to. */
    private static final class Failing {
        private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
        private final AtomicBoolean used = new AtomicBoolean();
        private final ClassifierHandler handler;

        Failing(String port) {
            Ports real = new TaughtStores().ports();
            Ports ports =
                    new Ports(
                            part(FeatureStore.class, real.features(), port.equals("features")),
                            part(LabelStore.class, real.labels(), port.equals("labels")),
                            part(ImageIndex.class, real.index(), port.equals("index")),
                            part(LabelSets.class, real.sets(), port.equals("sets")),
                            part(ImageStore.class, real.images(), port.equals("images")),
                            part(HeadStore.class, real.heads(), port.equals("heads")),
                            part(IndexStore.class, real.indexFiles(), port.equals("indexFiles")),
                            part(ResultStore.class, real.results(), port.equals("results")),
                            part(Links.class, real.links(), port.equals("links")),
                            part(History.class, real.history(), port.equals("history")),
                            part(Shares.class, real.shares(), port.equals("shares")),
                            part(Trainer.class, real.trainer(), port.equals("trainer")),
                            real.vectors());
            handler = TaughtStores.handler(ports);
        }

        private <T> T part(Class<T> type, T real, boolean fails) {
            return !fails
                    ? real
                    : type.cast(
                            Proxy.newProxyInstance(
                                    type.getClassLoader(),
                                    new Class<?>[] {type},
                                    (proxy, method, arguments) -> {
                                        if (method.getName().equals("in")) {
                                            Object given = method.invoke(real, arguments);
                                            return part(type, type.cast(given), true);
                                        }
                                        used.set(true);
                                        if (failure.get() != null) {
                                            throw failure.get();
                                        }
                                        try {
                                            return method.invoke(real, arguments);
                                        } catch (InvocationTargetException e) {
                                            throw e.getCause();
                                        }
                                    }));
        }
    }

    @Test
    void everyRouteSucceedsWhileNothingFails() {
        ClassifierHandler handler = TaughtStores.handler(new TaughtStores().ports());
        for (Call call : Call.everyRoute()) {
            Call.Reply reply = call.to(handler);
            assertTrue(reply.status() < 400, call + " -> " + reply);
            assertFalse(reply.log().contains("ERROR"), reply.log());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "features",
                "labels",
                "index",
                "sets",
                "images",
                "heads",
                "indexFiles",
                "results",
                "history",
                "shares",
                "trainer"
            })
    void aStoreThatFailsIs503AndAsksToTryAgain(String port) {
        Set<String> failed = new TreeSet<>();
        Failing stores = new Failing(port);
        for (Call call : Call.everyRoute()) {
            Call.Reply reply =
                    failing(stores, call, new StoreException(SECRET, new IOException(SECRET)));
            if (call.route().endsWith("/classify") && reply.body().contains("not compared")) {
                assertTrue(reply.json().path("known").isNull());
            } else if (stores.used.get()) {
                reply.assertProblem(503);
                assertTrue(reply.detail().contains("try again"), reply.detail());
                assertEquals("2", reply.headers().get("retry-after"));
                assertLogged(reply, call, "StoreException");
                failed.add(call.route());
            } else {
                assertTrue(reply.status() < 400, call + " -> " + reply);
            }
        }
        assertFalse(failed.isEmpty(), "no route uses " + port);
    }

    static List<RuntimeException> faults() {
        return List.of(
                new IllegalArgumentException(SECRET),
                new IllegalStateException(SECRET),
                new NoSuchElementException(SECRET),
                new NumberFormatException(SECRET),
                new NullPointerException(SECRET),
                new UncheckedIOException(new IOException(SECRET)),
                new ConfigurationException(SECRET));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void anyOtherFaultIs500NamesTheRequestAndIsLogged(RuntimeException fault) {
        for (String port :
                List.of(
                        "features",
                        "labels",
                        "index",
                        "sets",
                        "images",
                        "heads",
                        "indexFiles",
                        "results",
                        "links",
                        "history",
                        "shares",
                        "trainer")) {
            Failing stores = new Failing(port);
            for (Call call : Call.everyRoute()) {
                Call.Reply reply = failing(stores, call, fault);
                if (stores.used.get()) {
                    reply.assertProblem(500);
                    assertTrue(reply.detail().contains(RecordedContext.REQUEST), reply.detail());
                    assertLogged(reply, call, fault.getClass().getSimpleName());
                } else {
                    assertTrue(reply.status() < 400, call + " -> " + reply);
                }
            }
        }
    }

    private static Call.Reply failing(Failing stores, Call call, RuntimeException failure) {
        stores.used.set(false);
        stores.failure.set(failure);
        Call.Reply reply = call.to(stores.handler);
        assertFalse(reply.body().contains(SECRET), call + " -> " + reply);
        return reply;
    }

    private static void assertLogged(Call.Reply reply, Call call, String failure) {
        JsonNode line = log(reply);
        assertEquals(RecordedContext.REQUEST, line.path("requestId").asText());
        assertEquals(call.target().replaceAll("\\?.*", ""), line.path("about").asText());
        assertEquals(failure, line.path("failure").asText());
    }

    private static JsonNode log(Call.Reply reply) {
        String error =
                reply.log().lines().filter(l -> l.contains("ERROR")).findFirst().orElse("{}");
        try {
            return Call.JSON.readTree(error);
        } catch (IOException e) {
            throw new UncheckedIOException(error, e);
        }
    }

    /** A file of the head in use, and what became of it. */
    record Damage(String file, String how, Optional<byte[]> bytes) {
        @Override
        public String toString() {
            return file + " " + how;
        }
    }

    static List<Damage> damages() {
        List<Damage> damages = new ArrayList<>();
        TaughtStores.files(TaughtStores.IN_USE, 1)
                .forEach(
                        (file, bytes) -> {
                            damages.add(new Damage(file, "empty", Optional.of(new byte[0])));
                            damages.add(
                                    new Damage(
                                            file,
                                            "cut",
                                            Optional.of(Arrays.copyOf(bytes, bytes.length / 2))));
                            for (String text : List.of("not json", "null", "[]", "x".repeat(99))) {
                                byte[] other = text.getBytes(StandardCharsets.UTF_8);
                                damages.add(new Damage(file, text, Optional.of(other)));
                            }
                            byte[] longHeader = new byte[64];
                            longHeader[3] = 0x7f;
                            damages.add(new Damage(file, "long header", Optional.of(longHeader)));
                            if (!file.equals(HeadFiles.CARD)) {
                                damages.add(new Damage(file, "missing", Optional.empty()));
                            }
                        });
        return damages;
    }

    @ParameterizedTest
    @MethodSource("damages")
    void aDamagedFileIs503AndSaysOfWhichHead(Damage damage) {
        Set<String> failed = new TreeSet<>();
        TaughtStores stores = new TaughtStores(Map.of(damage.file(), damage.bytes()));
        ClassifierHandler handler = TaughtStores.handler(stores.ports());
        for (Call call : Call.everyRoute()) {
            Call.Reply reply = call.to(handler);
            if (call.route().equals("PUT /heads/latest") && reply.status() == 409) {
                reply.assertProblem(409);
            } else if (call.route().equals("GET /heads/{version}/report")
                    && damage.how().equals("missing")
                    && damage.file().equals(HeadFiles.REPORT)) {
                reply.assertProblem(404);
            } else if (reply.status() >= 400) {
                reply.assertProblem(503);
                assertTrue(reply.detail().contains("head " + TaughtStores.IN_USE), reply.detail());
                assertLogged(reply, call, "DamagedFileException");
                failed.add(call.route());
            }
        }
        assertEquals(expected(damage), failed);
    }

    private static Set<String> expected(Damage damage) {
        Set<String> predicting =
                Set.of(
                        "GET /classify",
                        "GET /shared",
                        "POST /classify",
                        "POST /shared/classify",
                        "GET /queue",
                        "GET /copies",
                        "GET /doctor",
                        "POST /batch",
                        "GET /drift",
                        "GET /export/model.onnx",
                        "GET /status",
                        "GET /settings",
                        "PUT /settings",
                        "GET /heads/{version}/preview",
                        "GET /heads/{version}/shadow");
        return switch (damage.file()) {
            case HeadFiles.TENSORS -> predicting;
            case HeadFiles.CARD -> union(predicting, "GET /heads/{version}");
            case Predictions.FILE ->
                    damage.how().equals("missing") ? Set.of() : Set.of("GET /heads");
            default -> Set.of();
        };
    }

    private static Set<String> union(Set<String> some, String another) {
        Set<String> all = new TreeSet<>(some);
        all.add(another);
        return all;
    }

    @Test
    void oneDamagedVersionIsListedAsUnreadableAmongTheOthers() {
        Optional<byte[]> text = Optional.of("not json".getBytes(StandardCharsets.UTF_8));
        TaughtStores stores = new TaughtStores(Map.of(HeadFiles.CARD, text));
        JsonNode heads =
                Call.of("GET /heads").to(TaughtStores.handler(stores.ports())).json().path("heads");
        assertEquals(2, heads.size());
        assertEquals(TaughtStores.IN_USE, heads.at("/1/version").asText());
        assertTrue(heads.at("/1/reason").asText().startsWith("unreadable: "), heads.toString());
        assertTrue(heads.at("/1/latest").asBoolean());
        assertEquals("blue", heads.at("/0/classes/0").asText());
    }

    @Test
    void aHeadThatCannotBeReadIsCountedAndTheOneBeforeGoesOn() {
        TaughtStores stores = new TaughtStores();
        Instant[] now = {TaughtStores.NOON};
        ClassifierHandler handler = TaughtStores.handler(stores.ports(), () -> now[0]);
        Call call = Call.everyRoute().getFirst();
        assertFalse(call.to(handler).log().contains("RefreshesFailed"));
        stores.heads.save("v3", Map.of(HeadFiles.CARD, new byte[] {'{'}));
        stores.heads.promote("v3", stores.heads.latest());
        now[0] = now[0].plusSeconds(60);
        Call.Reply reply = call.to(handler);
        assertEquals(TaughtStores.IN_USE, reply.json().path("head").asText());
        assertTrue(reply.log().contains("\"RefreshesFailed\":1"), reply.log());
        assertTrue(reply.log().contains("head.json of head v3 is no JSON object"), reply.log());
    }

    @Test
    void aDamagedVersionIsNotPutToUse() {
        Optional<byte[]> text = Optional.of("not tensors".getBytes(StandardCharsets.UTF_8));
        TaughtStores stores = new TaughtStores(Map.of(HeadFiles.TENSORS, text));
        ClassifierHandler handler = TaughtStores.handler(stores.ports());
        assertEquals(200, promotion(TaughtStores.OTHER).to(handler).status());
        Call.Reply refused = promotion(TaughtStores.IN_USE).to(handler);
        refused.assertProblem(409);
        assertTrue(refused.detail().contains("head v1 cannot be read"), refused.detail());
        assertEquals(TaughtStores.OTHER, stores.heads.latest().orElseThrow().version());
    }

    private static Call promotion(String version) {
        String body = "{\"version\": \"" + version + "\"}";
        return Call.of("PUT /heads/latest", "/heads/latest", body);
    }

    @Test
    void aDamagedProgressOfABatchSaysWhichFileToDelete() {
        TaughtStores stores = new TaughtStores();
        Call batch = Call.of("POST /batch", "/batch", "{\"prefix\": \"images/\"}");
        String id = batch.to(TaughtStores.handler(stores.ports())).json().path("id").asText();
        String file = "batch/" + id + "/state.json";
        Stream.of("", "{}", "not json")
                .forEach(
                        text -> {
                            stores.results.write(
                                    file, text.getBytes(StandardCharsets.UTF_8), "text/plain");
                            Call.Reply reply = batch.to(TaughtStores.handler(stores.ports()));
                            reply.assertProblem(503);
                            assertTrue(reply.detail().contains("results/" + file), reply.detail());
                        });
    }
}
