package dev.graft.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelSource;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.feature.SetLabels;
import dev.graft.feature.StoreException;
import dev.graft.head.Activation;
import dev.graft.head.HeadStore;
import dev.graft.index.FollowVectors;
import dev.graft.library.Forgetting;
import dev.graft.testing.Heads;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryHeadStore;
import dev.graft.testing.InMemoryHistory;
import dev.graft.testing.InMemoryImageIndex;
import dev.graft.testing.InMemoryImageStore;
import dev.graft.testing.InMemoryIndexStore;
import dev.graft.testing.InMemoryResultStore;
import dev.graft.testing.InMemoryVectorIndex;
import dev.graft.training.DeleteFeatures;
import dev.graft.training.TrainHead;
import dev.graft.training.TrainingSettings;
import dev.graft.training.Trainings;
import dev.graft.training.VerifyHead;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** With a clock that goes on by a millisecond whenever it is looked at. */
class TrainerHandlerTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final InMemoryFeatureStore features = new InMemoryFeatureStore();
    private final AtomicInteger looks = new AtomicInteger();
    private final Trainings trainings = new Trainings(new InMemoryIndexStore(), () -> NOON);
    private final List<String> stages = new ArrayList<>();
    private final StringBuilder log = new StringBuilder();
    private final Map<LabelSet, TrainHead> others = new TreeMap<>();
    private Optional<LargeTraining> large = Optional.empty();
    private final InMemoryVectorIndex put = new InMemoryVectorIndex();
    private Optional<FollowVectors> vectors = Optional.empty();

    TrainerHandlerTest() {
        Random random = new Random(1);
        for (int i = 0; i < 60; i++) {
            float[] values = new float[8];
            for (int j = 0; j < values.length; j++) {
                values[j] = (float) random.nextGaussian() + (j == i % 2 ? 2 : 0);
            }
            features.put(
                    new ImageFeature(
                            "images/%d.jpg".formatted(i),
                            SetLabels.of(
                                    Optional.of(
                                            new Label(
                                                    i % 2 == 0 ? "cat" : "dog",
                                                    LabelSource.FOLDER))),
                            "net",
                            Float16.encode(values),
                            "%064x".formatted(new BigInteger(255, random)),
                            8,
                            8,
                            "1",
                            NOON,
                            "",
                            new byte[0]));
        }
    }

    private TrainHead.Setup setup() {
        TrainHead.Setup plain = Heads.setup(TrainingSettings.standard(Activation.SOFTMAX));
        return new TrainHead.Setup(
                plain.settings(),
                plain.provenance(),
                plain.report(),
                plain.networks(),
                stage -> {
                    stages.add(stage);
                    trainings.reached(stage);
                });
    }

    private TrainerHandler handler() {
        TrainHead.Setup setup = setup();
        InMemoryHeadStore heads = new InMemoryHeadStore();
        TrainHead training =
                new TrainHead(
                        features,
                        new InMemoryImageIndex(features).built(),
                        heads,
                        setup,
                        () -> NOON.plusMillis(looks.incrementAndGet()));
        return new TrainerHandler(
                new Work(
                        features,
                        () -> {
                            var each = new TreeMap<>(Map.of(LabelSet.DEFAULT, training));
                            each.putAll(others);
                            return each;
                        },
                        new VerifyHead(features, heads, setup.settings(), setup.provenance()),
                        new DeleteFeatures(
                                features,
                                new InMemoryImageIndex(features),
                                heads,
                                new InMemoryImageIndex(features).built(),
                                "net"),
                        new FinishForgetting(
                                new Forgetting(
                                        new Forgetting.Stores(
                                                features,
                                                new InMemoryImageStore(),
                                                heads,
                                                new InMemoryIndexStore(),
                                                new InMemoryResultStore(),
                                                new InMemoryHistory(),
                                                Optional.empty()),
                                        () -> NOON),
                                new InMemoryImageIndex(features).built()),
                        large,
                        vectors),
                trainings,
                new TrainerHandler.Network("net", "Net"),
                Optional.empty());
    }

    private Map<String, String> train(
            TrainerHandler handler, int millis, Map<String, String> event) {
        return handler.handleRequest(event, new LimitedContext(millis, log));
    }

    @Test
    void theTimeOfTheCallEndsTheTrainingAndTheLogSaysSo() {
        String found = "";
        for (int millis = 20; !found.contains("cut short"); millis += 20) {
            assertTrue(millis < 100_000, "never cut short");
            log.setLength(0);
            var answer = train(handler(), millis, Map.of());
            found = answer.getOrDefault("reason", "");
            if (answer.get("outcome").equals("NotEnoughTime")) {
                assertTrue(log.toString().contains("NotEnoughTimeException"), log.toString());
                assertTrue(found.contains("a head that is in use stays"), found);
            }
        }
        assertTrue(log.toString().contains("\"level\":\"WARN\""), log.toString());
        assertTrue(log.toString().contains("cut short, as the time of"), log.toString());
    }

    private TrainHead head(LabelSet set, HeadStore heads) {
        return new TrainHead(
                features.in(set),
                new InMemoryImageIndex(features).built().in(set),
                heads,
                Heads.setup(TrainingSettings.standard(Activation.SOFTMAX)),
                () -> NOON.plusMillis(looks.incrementAndGet()));
    }

    private static <T> T broken(Class<T> port) {
        return port.cast(
                Proxy.newProxyInstance(
                        port.getClassLoader(),
                        new Class<?>[] {port},
                        (proxy, method, arguments) -> {
                            throw new StoreException("no answer", null);
                        }));
    }

    @Test
    void eachLabelSetIsTrainedAndOneThatCannotBeStopsNoOther() {
        LabelSet shape = new LabelSet("shape");
        for (int i = 0; i < 60; i++) {
            String key = "images/%d.jpg".formatted(i);
            Optional<String> label = Optional.of(i % 2 == 0 ? "round" : "long");
            features.in(shape).decide(Decision.of(key, label, "ann"));
        }
        InMemoryHeadStore heads = new InMemoryHeadStore();
        others.put(shape, head(shape, heads));
        others.put(new LabelSet("few"), head(new LabelSet("few"), heads));
        others.put(new LabelSet("broken"), head(new LabelSet("broken"), broken(HeadStore.class)));
        TrainerHandler handler = handler();
        var answer = train(handler, Integer.MAX_VALUE, Map.of());
        assertEquals("Trained", answer.get("outcome"), answer::toString);
        assertEquals("Trained", answer.get("shape.outcome"), answer::toString);
        assertEquals(heads.versions(), List.of(answer.get("shape.version")));
        assertEquals("NotEnoughData", answer.get("few.outcome"), answer::toString);
        assertEquals("Failed", answer.get("broken.outcome"), answer::toString);
        assertTrue(log.toString().contains("label set broken"), log.toString());
        assertFalse(log.toString().contains("label set few"), log.toString());
        answer = train(handler, Integer.MAX_VALUE, Map.of());
        assertEquals("NothingNew", answer.get("outcome"), answer::toString);
        assertFalse(answer.containsKey("shape.outcome"), answer::toString);
    }

    @Test
    void aHeadIsTrainedAgainOnRequest() {
        vectors = Optional.of(following(features));
        TrainerHandler handler = handler();
        String version = train(handler, Integer.MAX_VALUE, Map.of()).get("version");
        assertFalse(log.toString().contains("WARN"), log.toString());
        assertEquals(60, put.keys("net").size());
        var same = train(handler, Integer.MAX_VALUE, Map.of("verify", "latest"));
        assertEquals("Same", same.get("outcome"), same::toString);
        assertEquals(version, same.get("version"));
        features.remove("images/1.jpg", "2");
        var different = train(handler, Integer.MAX_VALUE, Map.of("verify", version));
        assertEquals("Different", different.get("outcome"));
        assertTrue(different.get("reason").contains("have changed since"), different::toString);
    }

    private FollowVectors following(FeatureStore store) {
        var files = new InMemoryIndexStore();
        var images = new InMemoryImageIndex(features);
        return new FollowVectors(store, images, files, put, () -> NOON);
    }

    @Test
    void aHeadIsTrainedWhereVectorsFail() {
        vectors = Optional.of(following(broken(FeatureStore.class)));
        var answer = train(handler(), Integer.MAX_VALUE, Map.of());
        assertEquals("Trained", answer.get("outcome"), answer::toString);
        assertTrue(log.toString().contains("no answer"), log.toString());
    }

    @Test
    void whatIsTooLargeIsNotTriedAndWhoeverAskedIsTold() throws IOException {
        var index = new InMemoryImageIndex(features);
        large =
                Optional.of(
                        new LargeTraining(
                                () -> List.of(index),
                                new InMemoryHeadStore(),
                                new InMemoryIndexStore(),
                                new LargeTraining.Place("net", 2048, 0),
                                () -> NOON));
        vectors = Optional.of(following(features));
        TrainerHandler handler = handler();
        assertTrue(trainings.ask());
        var answer = train(handler, 900_000, Map.of());
        assertEquals(60, put.keys("net").size(), "these are not");
        assertEquals("TooLarge", answer.get("outcome"), answer::toString);
        assertEquals(answer, trainings.last().orElseThrow().outcome());
        answer = train(handler, 900_000, event("take-over"));
        assertEquals("HandedOver", answer.get("outcome"), answer::toString);
        assertEquals("" + 60 * (8 * 2048 + 2 * 80), answer.get("bytes"));
        assertEquals(List.of(), stages);
    }

    @Test
    void oneTrainsAtATimeAndEachTellsHowItEnded() {
        TrainerHandler handler = handler();
        trainings.begin("another", Duration.ofMinutes(15));
        trainings.reached("reading");
        assertEquals("Running", train(handler, Integer.MAX_VALUE, Map.of()).get("outcome"));
        trainings.end(Map.of("outcome", "Kept"));
        assertTrue(trainings.ask());
        var trained = train(handler, Integer.MAX_VALUE, Map.of());
        assertEquals(trained, trainings.last().orElseThrow().outcome());
        assertEquals(
                List.of("reading", "near-duplicates", "validation", "figures", "head"), stages);
        assertTrue(trainings.ask());
        train(handler, Integer.MAX_VALUE, Map.of());
        assertEquals("NothingNew", trainings.last().orElseThrow().outcome().get("outcome"));
    }

    @Test
    void featuresOfANetworkThatIsOutOfUseAreDeletedOnRequest() throws IOException {
        vectors = Optional.of(following(features));
        TrainerHandler handler = handler();
        Map<String, String> event = event("delete-features");
        String old = event.get("deleteFeatures");
        var refused = train(handler, Integer.MAX_VALUE, event);
        assertEquals("Refused", refused.get("outcome"));
        assertTrue(refused.get("reason").contains("there are 60 of net"), refused::toString);
        features.scan("net", image -> features.put(of(old, image)));
        assertTrue(vectors.orElseThrow().run(old, Instant.MAX));
        assertEquals(60, put.keys(old).size());
        assertEquals(
                Map.of("outcome", "Deleting", "reason", "features are left: call again"),
                train(handler, -100_000, event));
        assertEquals(Map.of("outcome", "Deleted"), train(handler, Integer.MAX_VALUE, event));
        assertEquals(List.of(), put.keys(old));
        assertEquals(Optional.empty(), features.find("images/1.jpg", old));
        assertTrue(features.find("images/1.jpg", "net").isPresent());
        var ofBuild = train(handler, Integer.MAX_VALUE, Map.of("deleteFeatures", "net"));
        assertTrue(ofBuild.get("reason").contains("network of this build"), ofBuild::toString);
    }

    private static Map<String, String> event(String name) throws IOException {
        try (InputStream json = Files.newInputStream(Path.of("../../events/" + name + ".json"))) {
            return new ObjectMapper().readValue(json, new TypeReference<>() {});
        }
    }

    @Test
    void aFitThatIsNotThereIsRefused() throws IOException {
        var refused = train(handler(), Integer.MAX_VALUE, event("finish"));
        assertEquals("Refused", refused.get("outcome"), refused::toString);
        assertTrue(refused.get("reason").startsWith("index/fit/20261129 has no fit.json"));
    }

    private static ImageFeature of(String backbone, ImageFeature image) {
        return new ImageFeature(
                image.key(),
                image.labels(),
                backbone,
                image.feature(),
                image.imageHash(),
                image.width(),
                image.height(),
                image.sequencer(),
                image.time(),
                "",
                new byte[0]);
    }
}
