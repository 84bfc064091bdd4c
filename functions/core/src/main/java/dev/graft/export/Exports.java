package dev.graft.export;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageStore;
import dev.graft.index.ImageListing;
import dev.graft.library.ResultStore;
import java.time.InstantSource;

/** The exports of the whole collection. */
public final class Exports {
    private final ImageListing listing;
    private final ResultStore results;
    private final InstantSource clock;

    /** Of the images of a listing, as files among these results. */
    public Exports(ImageListing listing, ResultStore results, InstantSource clock) {
        this.listing = listing;
        this.results = results;
        this.clock = clock;
    }

    /** The images as zip files of folders, one a class. */
    public CollectionExport images(ImageStore images) {
        return new CollectionExport("images", new ImageZip(images, clock), listing, results, clock);
    }

    /** The features and labels as Parquet files. */
    public CollectionExport features(FeatureStore features) {
        return new CollectionExport(
                "features", new FeatureTable(features, clock), listing, results, clock);
    }
}
