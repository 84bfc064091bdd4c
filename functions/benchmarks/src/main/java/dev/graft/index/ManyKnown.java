package dev.graft.index;

import dev.graft.benchmarks.ManyRows;
import dev.graft.feature.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An index file of as many made up images as one wants, of which the table knows nothing. */
public final class ManyKnown {
    private ManyKnown() {}

    /**
     * Writes it in place of the one that is there.
     *
     * @param backbone id of the backbone
     * @param labels that the images have in turn
     */
    public static void write(
            IndexStore files, String backbone, List<String> labels, int images, int width) {
        FeatureRows rows = new FeatureRows(FeatureRows.Limits.ofThisMachine());
        List<byte[]> features = ManyRows.clustered(images, width, 0).rows();
        for (int i = 0; i < images; i++) {
            String key = String.format(Locale.ROOT, "images/made up/%07d.jpg", i);
            rows.put(
                    new FeatureRows.Row(
                            key,
                            Optional.of(labels.get(i / 500 % labels.size())),
                            Sha256.of(key.getBytes(StandardCharsets.UTF_8)),
                            Instant.EPOCH,
                            KeptFeature.stored(features.get(i)),
                            FeatureRows.NO_CELL,
                            new byte[0]));
        }
        rows.arrange();
        Novelty novelty = Novelty.of(rows.neighbours());
        byte[] file = FeatureFile.write(new FeatureFile(0, Instant.now(), novelty, rows));
        files.write(FeatureFile.name(backbone), file);
    }
}
