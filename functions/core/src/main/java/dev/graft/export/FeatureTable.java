package dev.graft.export;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Parquet files of features with what is known of their images: {@code key}, {@code label} (none
 * where nobody said), {@code image_hash} (SHA-256), {@code identity} (of the feature), {@code fold}
 * (by the hash, near-duplicates not grouped) and {@code feature}.
 */
final class FeatureTable implements PartWriter {
    private static final int ASKED = 100;
    private static final int FOLDS = 5;

    /** Values of the features in one file, 4 bytes each. */
    private static final int MAX_VALUES = 6_000_000;

    private final FeatureStore features;
    private final InstantSource clock;

    FeatureTable(FeatureStore features, InstantSource clock) {
        this.features = features;
        this.clock = clock;
    }

    @Override
    public String ending() {
        return ".parquet";
    }

    @Override
    public String type() {
        return "application/vnd.apache.parquet";
    }

    @Override
    public Part write(List<PlannedImage> images, String identity, Instant end) {
        List<PlannedImage> rows = new ArrayList<>();
        List<String> hashes = new ArrayList<>();
        List<float[]> values = new ArrayList<>();
        int taken = 0;
        int count = 0;
        while (taken < images.size()
                && count < MAX_VALUES
                && (taken == 0 || clock.instant().isBefore(end))) {
            List<PlannedImage> some = images.subList(taken, Math.min(images.size(), taken + ASKED));
            Map<String, FeatureStore.Vector> found = new HashMap<>();
            features.vectors(some.stream().map(PlannedImage::key).toList(), identity)
                    .forEach(vector -> found.put(vector.key(), vector));
            for (PlannedImage image : some) {
                FeatureStore.Vector vector = found.get(image.key());
                if (vector != null) {
                    rows.add(image);
                    hashes.add(vector.imageHash());
                    values.add(Float16.decode(vector.feature()));
                    count += values.getLast().length;
                }
            }
            taken += some.size();
        }
        byte[] file = rows.isEmpty() ? new byte[0] : file(rows, hashes, values, identity);
        return new Part(file, taken, taken - rows.size());
    }

    private static byte[] file(
            List<PlannedImage> rows, List<String> hashes, List<float[]> values, String identity) {
        return new ParquetFile(rows.size())
                .texts("key", rows.stream().map(PlannedImage::key).toList())
                .optionalTexts("label", rows.stream().map(PlannedImage::label).toList())
                .texts("image_hash", hashes)
                .texts("identity", Collections.nCopies(rows.size(), identity))
                .numbers(
                        "fold",
                        hashes.stream().mapToInt(hash -> ImageFeature.fold(hash, FOLDS)).toArray())
                .vectors("feature", values, values.getFirst().length)
                .bytes();
    }
}
