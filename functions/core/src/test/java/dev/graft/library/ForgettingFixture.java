package dev.graft.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelSource;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.feature.SetLabels;
import dev.graft.head.Activation;
import dev.graft.index.BuildIndex;
import dev.graft.index.FollowVectors;
import dev.graft.index.ImageListing;
import dev.graft.testing.Heads;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryHeadStore;
import dev.graft.testing.InMemoryHistory;
import dev.graft.testing.InMemoryImageIndex;
import dev.graft.testing.InMemoryImageStore;
import dev.graft.testing.InMemoryIndexStore;
import dev.graft.testing.InMemoryResultStore;
import dev.graft.testing.InMemoryVectorIndex;
import dev.graft.training.ForgetRequests;
import dev.graft.training.ForgetRequests.Request;
import dev.graft.training.ForgottenKeys;
import dev.graft.training.LearnedImages;
import dev.graft.training.TrainHead;
import dev.graft.training.TrainingSettings;
import dev.graft.versions.HeadVersions;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Heads that learned from an image that is to be forgotten, and whatever else names it. */
abstract class ForgettingFixture {
    /** In each way of writing it is another text. */
    static final String KEY = "images/cat/my \"cat\" & 😀.jpg";

    /** A kept answer about another image. */
    static final String OTHER =
            "results/answers/2026-11-29/20261129T120000000-%016x.%s"
                    .formatted((long) 'c', "c".repeat(64));

    static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
    static final Duration HOUR = Duration.ofHours(1);

    final InMemoryFeatureStore features = new InMemoryFeatureStore();
    final InMemoryHeadStore heads = new InMemoryHeadStore();
    final InMemoryImageStore images = new InMemoryImageStore();
    final InMemoryIndexStore files = new InMemoryIndexStore();
    final InMemoryResultStore results = new InMemoryResultStore();
    final InMemoryHistory history = new InMemoryHistory();
    final InMemoryVectorIndex vectors = new InMemoryVectorIndex();
    final AtomicInteger seconds = new AtomicInteger();
    final BuildIndex built =
            new BuildIndex(
                    features,
                    new ImageListing(new InMemoryImageIndex(features), files, this::now),
                    files,
                    this::now);
    final FollowVectors followed =
            new FollowVectors(
                    features, new InMemoryImageIndex(features), files, vectors, this::now);
    final TrainHead training =
            new TrainHead(
                    features,
                    built,
                    heads,
                    Heads.setup(TrainingSettings.standard(Activation.SOFTMAX)),
                    this::now);
    final Forgetting forgetting = new Forgetting(stores(), this::now);
    final HeadVersions versions =
            new HeadVersions(
                    heads, new LearnedImages(heads, files), (id, each) -> {}, network -> true);

    Instant now() {
        return NOON.plusSeconds(seconds.incrementAndGet());
    }

    Forgetting.Stores stores() {
        return new Forgetting.Stores(
                features, images, heads, files, results, history, Optional.of(followed));
    }

    void put(String key, String label, int hot) {
        Random random = new Random(key.hashCode());
        float[] values = new float[12];
        for (int j = 0; j < values.length; j++) {
            values[j] = (float) random.nextGaussian() * 0.5f + (j == hot ? 3 : 0);
        }
        images.put(key, key.getBytes(StandardCharsets.UTF_8));
        images.putThumbnail(key, new byte[] {1});
        features.put(
                new ImageFeature(
                        key,
                        SetLabels.of(Optional.of(new Label(label, LabelSource.FOLDER))),
                        "net",
                        Float16.encode(values),
                        "%064x".formatted(new BigInteger(255, random)),
                        8,
                        8,
                        "0".repeat(31) + "1",
                        NOON,
                        "",
                        new byte[0]));
    }

    void fill(int each) {
        for (int i = 0; i < each; i++) {
            put("images/cat/%d.jpg".formatted(i), "cat", 0);
            put("images/dog/%d.jpg".formatted(i), "dog", 1);
        }
        put(KEY, "cat", 0);
        features.decide(Decision.of(KEY, Optional.of("dog"), "ann@example.org"));
        features.decide(Decision.of(KEY, Optional.of("cat"), "ann@example.org"));
        history.add(new History.Act(NOON, "ann@example.org", "deleted", KEY));
        results.write("batch/1/0.csv", ("x\n" + KEY + ",cat\n").getBytes(), "text/csv");
        results.write("batch/2/0.csv", "images/cat/1.jpg,cat".getBytes(), "text/csv");
        results.write("export/images/1/0.zip", new byte[1], "application/zip");
        keepDeleted();
        answer(ForgetRequests.id(KEY), KEY);
        answer(features.known(KEY).picture().orElseThrow().imageHash(), "");
        answer("c".repeat(64), "images/cat/1.jpg");
        String labels = "images/cat/1.jpg,cat\n\"" + KEY.replace("\"", "\"\"") + "\",cat\n";
        images.put("labels/mine.csv", labels.getBytes(StandardCharsets.UTF_8));
        assertTrue(followed.run("net", Instant.MAX));
        assertTrue(vectors.keys("net").contains(KEY));
    }

    /** With its picture. */
    void answer(String hash, String key) {
        var answers = new KeptAnswers(results, new KeptAnswers.Settings(1, true), this::now);
        answers.keep(
                new KeptAnswer(
                        KeptAnswer.FORMAT,
                        KeptAnswers.id(NOON, hash.charAt(0), LabelSet.DEFAULT),
                        NOON.toString(),
                        key,
                        hash,
                        "v1",
                        "net",
                        new byte[0],
                        Map.of(),
                        "cat",
                        null,
                        null,
                        null),
                Optional.of(new byte[1]));
    }

    /** As if the image had been deleted with another one, and labelled, which can be taken back. */
    void keepDeleted() {
        String other = "images/cat/1.jpg";
        var change =
                new Change(
                        "deleted 2 images, " + KEY + " first",
                        List.of(other, KEY),
                        List.of(
                                new Change.Decided(KEY, "", NOON.toString()),
                                new Change.Decided(other, "", NOON.toString())),
                        LabelSet.DEFAULT,
                        Map.of());
        results.write("undo/1/change.json", change.json(), "application/json");
        results.write("undo/1/0", new byte[1], "image/jpeg");
        results.write("undo/1/1", new byte[1], "image/jpeg");
    }

    TrainHead.Outcome train() {
        return training.run("net", "Net", HOUR);
    }

    Request request() {
        return forgetting.requests().find(ForgetRequests.id(KEY)).orElseThrow();
    }

    void assertForgotten() {
        ForgottenKeys key = new ForgottenKeys(List.of(KEY));
        for (String version : heads.versions()) {
            assertFalse(key.areIn(heads, version), version);
        }
        for (String name : files.names()) {
            byte[] bytes = files.read(name, 0, 1 << 24).orElseThrow().bytes();
            assertFalse(key.areIn(bytes), name);
        }
        assertEquals(
                List.of(
                        OTHER + ".jpg",
                        OTHER + ".json",
                        "results/batch/2/0.csv",
                        "results/undo/1/0",
                        "results/undo/1/change.json"),
                results.keys("results/", "", 9));
        Change kept = Change.read("1", results.read("undo/1/change.json").orElseThrow());
        assertFalse(key.areIn(kept.json()), kept::toString);
        assertEquals(List.of("images/cat/1.jpg", ""), kept.deleted());
        assertEquals(1, kept.decided().size());
        assertEquals(0, features.known(KEY).version(), "no tombstone is left");
        assertTrue(images.find(KEY).isEmpty());
        assertFalse(history.latest(9).toString().contains(KEY));
        assertEquals(List.of(), new LearnedImages(heads, files).versions(KEY));
        assertFalse(vectors.keys("net").contains(KEY));
        assertTrue(vectors.keys("net").contains("images/cat/1.jpg"));
    }
}
