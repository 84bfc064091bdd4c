package dev.graft.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.SetLabels;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import dev.graft.head.HeadFiles;
import dev.graft.testing.Heads;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryHeadStore;
import dev.graft.testing.InMemoryImageIndex;
import dev.graft.testing.InMemoryIndexStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LargeTrainingTest {
    private static final Duration CALL = Duration.ofMinutes(15);

    private Instant now = Instant.parse("2026-11-23T12:00:00Z");
    private final InMemoryFeatureStore features = new InMemoryFeatureStore(() -> now);
    private final InMemoryHeadStore heads = new InMemoryHeadStore();
    private final InMemoryIndexStore files = new InMemoryIndexStore();

    LargeTrainingTest() {
        for (int i = 0; i < 10; i++) {
            put("images/%d.jpg".formatted(i), List.of("cat", "dog").get(i % 2));
        }
        put("images/fox.jpg", "fox"); // one is not enough to be learned
        put("images/none.jpg", Label.NONE_OF_THESE);
        now = now.plus(Duration.ofHours(1));
    }

    private void put(String key, String label) {
        features.put(
                new ImageFeature(
                        key,
                        SetLabels.of(Optional.of(new Label(label, LabelSource.FOLDER))),
                        "net",
                        Float16.encode(new float[4]),
                        "0".repeat(64),
                        8,
                        8,
                        "1",
                        now,
                        "",
                        new byte[0]));
    }

    private LargeTraining on(int width, long megabytes) {
        return new LargeTraining(
                () -> List.of(new InMemoryImageIndex(features)),
                heads,
                files,
                new LargeTraining.Place("net", width, megabytes),
                () -> now);
    }

    @Test
    void whatFitsIsTrainedHere() {
        assertEquals(Optional.empty(), on(2048, 3008).instead(CALL, true));
        assertEquals(Optional.empty(), on(2048, 3008).instead(CALL, false));
    }

    @Test
    void memoryAndTimeBoundIt() {
        // 11 images: 8 bytes a value, and 80 for each of the two classes
        int fits = ((1 << 20) - 2 * 80) / 8;
        assertEquals(Optional.empty(), on(fits, 11).instead(CALL, false));
        var answer = on(fits + 1, 11).instead(CALL, false).orElseThrow();
        assertEquals("TooLarge", answer.get("outcome"));
        assertTrue(answer.get("reason").startsWith("11 images with 131,053 values each"));
        // one second of 0.6 processors for 11 x 2 x width at 205 s / 1.024e9
        long megabytes = 1769;
        int width = (int) (0.6 * 100_000L * 2_048 * 5 / 205 / 22);
        Duration second = Duration.ofSeconds(1);
        assertEquals(Optional.empty(), on(width, megabytes).instead(second, false));
        assertTrue(on(width + 1, megabytes).instead(second, false).isPresent());
    }

    @Test
    void itIsHandedOverOnceUntilSomethingChangesOrADayBroughtNoHead() {
        LargeTraining large = on(1_000_000, 1);
        var handed = large.instead(CALL, true).orElseThrow();
        assertEquals("HandedOver", handed.get("outcome"));
        assertEquals("net", handed.get("backbone"));
        assertEquals("11", handed.get("images"));
        assertEquals("" + 11 * (8_000_000 + 160), handed.get("bytes"));
        assertEquals("22000000", handed.get("work"));
        assertEquals("Running", outcome(large));
        now = now.plus(Duration.ofHours(23));
        assertEquals("Running", outcome(large));
        now = now.plus(Duration.ofHours(2));
        assertEquals("HandedOver", outcome(large), "a day without a head");
        Head head =
                new Head(
                        "20990101T000000.000Z-00000000",
                        List.of("cat", "dog"),
                        "net",
                        new Head.Parameters(
                                new float[8],
                                new float[2],
                                new float[4],
                                new float[] {1, 1, 1, 1},
                                1,
                                Activation.SOFTMAX));
        heads.save(head.version(), HeadFiles.write(head, Heads.card(head, now.plusSeconds(60))));
        assertEquals("NothingNew", outcome(large));
        now = now.plus(Duration.ofHours(1));
        put("images/11.jpg", "cat");
        assertEquals("HandedOver", outcome(large), "another image");
        files.write("handed-over", new byte[] {1});
        assertEquals("HandedOver", outcome(large), "a damaged file");
    }

    private static String outcome(LargeTraining large) {
        Map<String, String> answer = large.instead(CALL, true).orElseThrow();
        return answer.get("outcome");
    }
}
