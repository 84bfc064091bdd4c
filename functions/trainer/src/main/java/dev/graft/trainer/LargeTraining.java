package dev.graft.trainer;

import dev.graft.feature.ImageIndex;
import dev.graft.feature.Label;
import dev.graft.head.Head;
import dev.graft.head.HeadFiles;
import dev.graft.head.HeadStore;
import dev.graft.index.Download;
import dev.graft.index.IndexStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Tells by the counters alone, before anything is listed or read, that a training does not fit in
 * this function. Whoever asks for that takes it over ({@code infra/large-training.yaml}): once for
 * what changed, and once more after a day in which no head came of it.
 */
final class LargeTraining {
    /** Of memory for each value of a feature: 1,508 MB for 100,000 x 2,048 x 5. */
    private static final long BYTES_A_VALUE = 8;

    /** Likewise for each class of an image: ten ways to fit each predict it. */
    private static final long BYTES_A_CLASS = 80;

    /** Of a processor for image x value x class: 205 s for 100,000 x 2,048 x 5. */
    private static final double SECONDS = 205 / (100_000.0 * 2_048 * 5);

    /** Of the time, that choosing how to fit may take; see Deadline in the package training. */
    private static final double SHARE = 0.6;

    private static final double MEGABYTES_A_PROCESSOR = 1769;
    private static final Duration PATIENCE = Duration.ofDays(1);

    /** Longer than a change takes to show in an index of the table. */
    private static final Duration LAG = Duration.ofMinutes(2);

    private static final String FILE = "handed-over";

    private final Supplier<List<ImageIndex>> sets;
    private final HeadStore heads;
    private final IndexStore files;
    private final Place place;
    private final InstantSource clock;

    /**
     * What there is to train with.
     *
     * @param backbone identity of the features
     * @param width values of one
     * @param megabytes of memory of this function
     */
    record Place(String backbone, int width, long megabytes) {}

    /**
     * How much there is to learn.
     *
     * @param images labelled in the label set that has most
     * @param bytes of memory it takes to learn them
     * @param work image x value x class, of all label sets
     */
    record Size(long images, long bytes, double work) {}

    /**
     * Between these.
     *
     * @param sets the images looked at in each label set, the default one first
     */
    LargeTraining(
            Supplier<List<ImageIndex>> sets,
            HeadStore heads,
            IndexStore files,
            Place place,
            InstantSource clock) {
        this.sets = sets;
        this.heads = heads;
        this.files = files;
        this.place = place;
        this.clock = clock;
    }

    /**
     * What is to be answered instead of training; empty if it fits.
     *
     * @param left of the time of the call
     * @param takesOver whether the caller trains what does not fit; then the answer tells the size
     */
    Optional<Map<String, String>> instead(Duration left, boolean takesOver) {
        List<ImageIndex> looked = sets.get();
        Size size = size(looked);
        double seconds = left.toSeconds() * place.megabytes() / MEGABYTES_A_PROCESSOR * SHARE;
        if (size.bytes() <= place.megabytes() << 20 && size.work() * SECONDS <= seconds) {
            return Optional.empty();
        }
        String reason =
                String.format(
                        Locale.ROOT,
                        "%,d images with %,d values each are more than this function of %,d MB learns in %,d s",
                        size.images(),
                        place.width(),
                        place.megabytes(),
                        left.toSeconds());
        return Optional.of(
                takesOver ? handOver(looked.getFirst(), size, reason) : tooLarge(reason));
    }

    private Size size(List<ImageIndex> looked) {
        long most = 0;
        long bytes = 0;
        double work = 0;
        for (ImageIndex set : looked) {
            long images = 0;
            int classes = 0;
            for (var label : set.counts().labels().entrySet()) {
                if (Label.isOfClass(label.getKey())) {
                    images += label.getValue();
                    classes += label.getValue() >= Head.LEAST_PER_CLASS ? 1 : 0;
                }
            }
            most = Math.max(most, images);
            long each = BYTES_A_VALUE * place.width() + BYTES_A_CLASS * classes;
            bytes = Math.max(bytes, images * each);
            work += (double) images * place.width() * classes;
        }
        return new Size(most, bytes, work);
    }

    private static Map<String, String> tooLarge(String reason) {
        return Map.of(
                "outcome",
                "TooLarge",
                "reason",
                reason
                        + ": the state machine of infra/large-training.yaml does when it looks next, or start it");
    }

    private Map<String, String> handOver(ImageIndex index, Size size, String reason) {
        Instant now = clock.instant();
        Optional<Instant> last = last();
        if (last.isPresent() && index.changes(last.get().minus(LAG), 1).images().isEmpty()) {
            if (isNewer(last.get())) {
                return Map.of("outcome", "NothingNew");
            }
            if (now.isBefore(last.get().plus(PATIENCE))) {
                return Map.of(
                        "outcome",
                        "Running",
                        "reason",
                        "it was handed over at %s, and no head came of it yet"
                                .formatted(last.get()));
            }
        }
        files.write(FILE, now.toString().getBytes(StandardCharsets.UTF_8));
        return Map.of(
                "outcome",
                "HandedOver",
                "reason",
                reason + ", and were handed over",
                "backbone",
                place.backbone(),
                "images",
                "" + size.images(),
                "bytes",
                "" + size.bytes(),
                "work",
                String.format(Locale.ROOT, "%.0f", size.work()));
    }

    private Optional<Instant> last() {
        try {
            return Download.whole(files, FILE).map(LargeTraining::text).map(Instant::parse);
        } catch (DateTimeException damaged) {
            return Optional.empty();
        }
    }

    /** Whether the newest head was made since then. */
    private boolean isNewer(Instant time) {
        return heads.versions().stream()
                .limit(1)
                .map(version -> HeadFiles.card(version, file -> heads.read(version, file)))
                .anyMatch(card -> Instant.parse(card.created()).isAfter(time));
    }

    private static String text(InputStream file) {
        try (file) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
