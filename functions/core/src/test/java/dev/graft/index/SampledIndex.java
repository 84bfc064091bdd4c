package dev.graft.index;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageIndex;
import java.time.InstantSource;
import java.util.Set;

/** The files of the index as they are where there is no memory for all images. */
public final class SampledIndex {
    private SampledIndex() {}

    /**
     * Writes the files of a backbone.
     *
     * @param images so many of this width are kept
     */
    public static void write(
            FeatureStore features,
            ImageIndex index,
            IndexStore files,
            String backbone,
            Size images) {
        InstantSource clock = images.clock();
        long bytes = (long) images.count() * (FeatureRows.BESIDE + 2L * images.width());
        var limits = new FeatureRows.Limits(bytes, 1 << 20);
        var listing = new ImageListing(index, files, clock);
        new BuildIndex(features, listing, files, clock, limits).run(Set.of(backbone));
    }

    /** How many images, of which width, and when. */
    public record Size(int count, int width, InstantSource clock) {}
}
