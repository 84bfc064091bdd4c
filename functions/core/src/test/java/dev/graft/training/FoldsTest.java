package dev.graft.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.evaluation.Folds;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.SetLabels;
import dev.graft.fit.FeatureMatrix;
import dev.graft.head.Activation;
import dev.graft.testing.InMemoryFeatureStore;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FoldsTest {
    private final Random random = new Random(4);

    /** An image, nearly the same as {@code like} if there is one. */
    private ImageFeature image(String key, ImageFeature like, int second) {
        return image(key, "cat", like, second);
    }

    private ImageFeature image(String key, String label, ImageFeature like, int second) {
        float[] values = new float[32];
        float[] before = like == null ? values : Float16.decode(like.feature());
        for (int j = 0; j < values.length; j++) {
            values[j] = before[j] + (float) random.nextGaussian() * (like == null ? 1 : 0.05f);
        }
        return new ImageFeature(
                key,
                SetLabels.of(Optional.of(new Label(label, LabelSource.FOLDER))),
                "net",
                Float16.encode(values),
                "%064x".formatted(new BigInteger(255, random)),
                8,
                8,
                "1",
                Instant.ofEpochSecond(second),
                "",
                new byte[0]);
    }

    private static Map<String, Integer> folds(List<ImageFeature> images) {
        InMemoryFeatureStore store = new InMemoryFeatureStore();
        images.forEach(store::put);
        try (FeatureMatrix matrix = new FeatureMatrix()) {
            List<TrainingImage> sorted = TrainingImage.scan(store, "net", matrix);
            Folds folds =
                    Folds.of(
                            TrainingImage.toFold(sorted, Activation.SOFTMAX, Map.of()),
                            i -> Float16.decode(sorted.get(i).feature()),
                            5,
                            0.95,
                            () -> false);
            Map<String, Integer> byKey = new HashMap<>();
            for (int i = 0; i < sorted.size(); i++) {
                byKey.put(sorted.get(i).key(), folds.grouped()[i]);
            }
            return byKey;
        }
    }

    @Test
    void noImageMovesWhenImagesAreAddedAndLookAlikesStayTogether() {
        List<ImageFeature> images = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            images.add(image("b%03d".formatted(i), i < 200 ? null : images.get(i - 200), i));
        }
        Map<String, Integer> before = folds(images);
        for (int i = 0; i < 100; i++) {
            assertEquals(before.get("b%03d".formatted(i)), before.get("b%03d".formatted(i + 200)));
        }
        for (int i = 0; i < 300; i++) {
            String key = "%s%03d".formatted(i % 2 == 0 ? "a" : "c", i);
            images.add(image(key, i < 150 ? images.get(i) : null, 1000 + i));
        }
        Map<String, Integer> after = folds(images);
        before.forEach((key, fold) -> assertEquals(fold, after.get(key), key));
        for (int fold = 0; fold < 5; fold++) {
            int part = fold;
            long size = after.values().stream().filter(f -> f == part).count();
            assertTrue(size > 80 && size < 160, "fold %d has %d of 600".formatted(fold, size));
        }
    }

    /** A backbone to which all pictures are one made every training fail. */
    @Test
    void imagesThatTheBackboneCannotTellApartAreSpreadByTheirContent() {
        List<ImageFeature> images = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            images.add(image("b%03d".formatted(i), i == 0 ? null : images.getFirst(), i));
        }
        assertEquals(5, Set.copyOf(folds(images).values()).size());
    }

    @Test
    void everyFoldHasItsShareOfASmallClass() {
        List<ImageFeature> images = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            images.add(image("two" + i, "two", null, i));
        }
        for (int i = 0; i < 12; i++) {
            images.add(image("twelve" + i, "twelve", null, 50 - i));
        }
        Map<String, Integer> folds = folds(images);
        assertEquals(2, Set.of(folds.get("two0"), folds.get("two1")).size());
        for (int fold = 0; fold < 5; fold++) {
            int part = fold;
            long size =
                    folds.entrySet().stream()
                            .filter(one -> one.getKey().startsWith("twelve"))
                            .filter(one -> one.getValue() == part)
                            .count();
            assertTrue(size == 2 || size == 3, "fold %d has %d of 12".formatted(fold, size));
        }
    }

    @Test
    void anImageMovesOnlyWithAnOlderOneOfTheFirstOfItsClass() {
        List<ImageFeature> images = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            images.add(image("b%02d".formatted(i), i % 2 == 0 ? "cat" : "dog", null, i));
        }
        Map<String, Integer> before = folds(images);
        Map<String, Integer> after = folds(images.subList(1, 60));
        for (int i = 1; i < 60; i++) {
            String key = "b%02d".formatted(i);
            boolean mayMove = i % 2 == 0 && i <= 2 * 25;
            assertTrue(mayMove || before.get(key).equals(after.get(key)), key);
        }
    }

    @Test
    void theSameContentIsAlwaysInOneFold() {
        List<ImageFeature> images = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            images.add(image("b" + i, null, i));
        }
        ImageFeature first = images.getFirst();
        images.add(
                new ImageFeature(
                        "copy",
                        SetLabels.of(Optional.of(new Label("dog", LabelSource.FOLDER))),
                        "net",
                        first.feature(),
                        first.imageHash(),
                        8,
                        8,
                        "1",
                        Instant.ofEpochSecond(100),
                        "",
                        new byte[0]));
        Map<String, Integer> folds = folds(images);
        assertEquals(folds.get("b0"), folds.get("copy"));
    }
}
