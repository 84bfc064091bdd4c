package dev.graft.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.ConflictException;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.feature.NotFoundException;
import dev.graft.feature.SetLabels;
import dev.graft.feature.StoreException;
import dev.graft.head.Activation;
import dev.graft.index.FollowVectors;
import dev.graft.index.IndexStore;
import dev.graft.index.VectorIndex;
import dev.graft.testing.Heads;
import dev.graft.testing.InMemoryImageIndex;
import dev.graft.training.ForgetRequests;
import dev.graft.training.ForgetRequests.Request;
import dev.graft.training.ForgottenKeys;
import dev.graft.training.LabelledImages;
import dev.graft.training.LearnedImages;
import dev.graft.training.NotEnoughDataException;
import dev.graft.training.TrainHead;
import dev.graft.training.TrainingSettings;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ForgettingTest extends ForgettingFixture {
    @Test
    void forgetsAnImageToTheEndAndSaysWhatIsLeft() {
        fill(20);
        String first = train().version();
        put("images/dog/new.jpg", "dog", 1);
        String second = train().version();
        assertEquals(List.of(second, first), new LearnedImages(heads, files).versions(KEY));
        Request asked = forgetting.ask(KEY, "ann@example.org");
        assertEquals(List.of(first, second), asked.versions());
        assertEquals(List.of(), features.history(KEY));
        assertTrue(features.find(KEY, "net").isEmpty());
        var refused = assertThrows(ConflictException.class, () -> versions.promote(first));
        assertTrue(refused.getMessage().contains("to be forgotten"), refused.getMessage());
        var trained = assertInstanceOf(TrainHead.Trained.class, train());
        assertTrue(trained.reason().contains("to be forgotten"), trained.reason());
        assertTrue(forgetting.finish(built, "Trained"));
        assertForgotten();
        Request done = request();
        assertEquals(ForgetRequests.State.DONE, done.state());
        assertEquals(trained.version(), done.head());
        assertEquals(List.of(first, second), done.versions());
        assertTrue(done.files().contains("results/batch/1/0.csv"), done::toString);
        assertTrue(done.files().contains("results/answers/2026-11-29/"), done::toString);
        assertTrue(done.files().contains("s3vectors/net"), done::toString);
        assertTrue(done.left().getFirst().startsWith("labels/mine.csv, line 2:"), done::toString);
        assertEquals(List.of(trained.version()), heads.versions());
        var gone = assertThrows(NotFoundException.class, () -> versions.promote(first));
        assertTrue(gone.getMessage().contains("was deleted on 2026-11-29"), gone.getMessage());
        assertInstanceOf(TrainHead.NothingNew.class, train());
    }

    /** The heads of every label set are looked through. */
    @Test
    void forgetsAnImageInEveryLabelSet() {
        fill(20);
        LabelSet damage = new LabelSet("damage");
        for (int i = 0; i < 20; i++) {
            decide(damage, "images/cat/%d.jpg".formatted(i), "dent");
            decide(damage, "images/dog/%d.jpg".formatted(i), "none");
        }
        decide(damage, KEY, "dent");
        train();
        String inSet = train(damage).version();
        assertTrue(new ForgottenKeys(List.of(KEY)).areIn(heads.in(damage), inSet));
        assertTrue(files.in(damage).names().contains("net/features"));
        assertTrue(forgetting.ask(KEY, "").versions().contains(inSet));
        assertEquals(List.of(), features.in(damage).history(KEY));
        assertInstanceOf(TrainHead.Trained.class, train());
        assertFalse(forgetting.finish(built, "of the default set alone"));
        assertTrue(request().reason().contains(inSet), request()::toString);
        var now = assertInstanceOf(TrainHead.Trained.class, train(damage));
        assertTrue(forgetting.finish(built, "Trained"));
        assertForgotten();
        assertEquals(List.of(now.version()), heads.in(damage).versions());
        for (String name : files.in(damage).names()) {
            byte[] bytes = files.in(damage).read(name, 0, 1 << 24).orElseThrow().bytes();
            assertFalse(new ForgottenKeys(List.of(KEY)).areIn(bytes), name);
        }
    }

    private void decide(LabelSet set, String key, String label) {
        features.in(set).decide(Decision.of(key, Optional.of(label), "ann@example.org"));
    }

    private TrainHead.Outcome train(LabelSet set) {
        var ofSet =
                new TrainHead(
                        features.in(set),
                        built.in(set),
                        heads.in(set),
                        Heads.setup(TrainingSettings.standard(Activation.SOFTMAX)),
                        this::now);
        try (LabelledImages labelled = new LabelledImages(features, "net")) {
            return ofSet.run(labelled, set, "Net", HOUR);
        }
    }

    @Test
    void noHeadStaysInUseWhereTooFewImagesAreLeft() {
        put("images/dog/0.jpg", "dog", 1);
        put("images/dog/1.jpg", "dog", 1);
        put("images/cat/0.jpg", "cat", 0);
        put(KEY, "cat", 0);
        train();
        forgetting.ask(KEY, "");
        assertThrows(NotEnoughDataException.class, this::train);
        assertFalse(forgetting.finish(built, "too few"));
        assertTrue(request().reason().contains("too few"), request()::toString);
        forgetting.retireHead(LabelSet.DEFAULT);
        assertTrue(forgetting.finish(built, "too few"));
        assertEquals(Optional.empty(), heads.latest());
        assertEquals(List.of(), heads.versions());
        assertEquals("", request().head());
    }

    /** Only what learned from it or names it is deleted. */
    @Test
    void aVersionThatNeverSawTheImageStays() {
        put(KEY.replace(".jpg", ".jpg.png"), "cat", 0);
        for (int i = 0; i < 20; i++) {
            put("images/cat/%d.jpg".formatted(i), "cat", 0);
            put("images/dog/%d.jpg".formatted(i), "dog", 1);
        }
        String before = train().version();
        put(KEY, "cat", 0);
        String with = train().version();
        forgetting.ask(KEY, "");
        String now = train().version();
        assertTrue(forgetting.finish(built, ""));
        assertEquals(List.of(now, before), heads.versions());
        assertEquals(List.of(with), request().versions());
        versions.promote(before);
    }

    @Test
    void anImageThatNoHeadKnowsNeedsNoTraining() {
        fill(20);
        String added = "images/feedback-%s.jpg".formatted("c".repeat(16));
        features.put(unlabelled("images/other.jpg"));
        train();
        features.put(unlabelled(added));
        forgetting.ask(added, "");
        assertInstanceOf(TrainHead.NothingNew.class, train());
        assertTrue(forgetting.finish(built, ""));
        assertEquals(List.of(), results.keys(OTHER, "", 9), "the answer that it was made of");
        assertEquals(0, features.known(added).version());
    }

    private static ImageFeature unlabelled(String key) {
        return new ImageFeature(
                key,
                SetLabels.of(Optional.empty()),
                "net",
                Float16.encode(new float[12]),
                "a".repeat(64),
                8,
                8,
                "0".repeat(31) + "1",
                NOON,
                "",
                new byte[0]);
    }

    /** Each call of a store fails once in turn; the next training goes on. */
    @Test
    void goesOnWhereverItWasBrokenOff() {
        fill(20);
        train();
        put("images/dog/new.jpg", "dog", 1);
        train();
        int failed = 0;
        for (int at = 1; ; at++) {
            AtomicInteger calls = new AtomicInteger();
            int last = at;
            var failing =
                    new Forgetting.Stores(
                            failing(dev.graft.feature.FeatureStore.class, features, calls, last),
                            failing(dev.graft.feature.ImageStore.class, images, calls, last),
                            failing(dev.graft.head.HeadStore.class, heads, calls, last),
                            failing(IndexStore.class, files, calls, last),
                            failing(ResultStore.class, results, calls, last),
                            failing(History.class, history, calls, last),
                            Optional.of(
                                    new FollowVectors(
                                            features,
                                            new InMemoryImageIndex(features),
                                            failing(IndexStore.class, files, calls, last),
                                            failing(VectorIndex.class, vectors, calls, last),
                                            this::now)));
            Forgetting broken = new Forgetting(failing, this::now);
            try {
                broken.ask(KEY, "");
                train();
                broken.finish(built, "");
                break;
            } catch (StoreException e) {
                failed++;
            }
        }
        assertTrue(failed > 20, failed + " calls failed");
        assertForgotten();
        assertEquals(ForgetRequests.State.DONE, request().state());
    }

    private static <T> T failing(Class<T> port, T store, AtomicInteger calls, int at) {
        return port.cast(
                Proxy.newProxyInstance(
                        port.getClassLoader(),
                        new Class<?>[] {port},
                        (proxy, method, arguments) -> {
                            boolean another = method.getName().equals("in");
                            if (!another && calls.incrementAndGet() == at) {
                                throw new StoreException("broken off", null);
                            }
                            try {
                                Object given = method.invoke(store, arguments);
                                return another ? failing(port, port.cast(given), calls, at) : given;
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        }));
    }

    /** As an event that came late writes again that the image is gone. */
    @Test
    void theNextTrainingTakesAwayWhatALateEventWrote() {
        fill(20);
        train();
        forgetting.ask(KEY, "");
        train();
        assertTrue(forgetting.finish(built, ""));
        features.remove(KEY, "0".repeat(31) + "9");
        assertTrue(features.known(KEY).version() > 0);
        assertTrue(forgetting.finish(built, ""));
        assertEquals(0, features.known(KEY).version());
    }

    @Test
    void askingAgainChangesNothing() {
        fill(20);
        train();
        Request first = forgetting.ask(KEY, "ann@example.org");
        assertEquals(first, forgetting.ask(KEY, "ben@example.org"));
        assertEquals(Set.of(KEY), Set.copyOf(forgetting.requests().keys()));
        train();
        assertTrue(forgetting.finish(built, ""));
        assertEquals(0, forgetting.requests().waiting().size());
    }
}
