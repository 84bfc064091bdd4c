package dev.graft.export;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageStore;
import dev.graft.feature.LabelSet;
import dev.graft.index.ImageListing;
import dev.graft.library.ResultStore;
import java.time.InstantSource;

/** The exports of the whole collection, with the labels of one label set. */
public final class Exports {
    private final LabelSet set;
    private final ImageListing listing;
    private final ResultStore results;
    private final InstantSource clock;

    /** Of the images of a listing in a label set, as files among these results. */
    public Exports(LabelSet set, ImageListing listing, ResultStore results, InstantSource clock) {
        this.set = set;
        this.listing = listing;
        this.results = results;
        this.clock = clock;
    }

    /** The images as zip files of folders, one a class. */
    public CollectionExport images(ImageStore images) {
        return new CollectionExport(
                set.folder() + "images", new ImageZip(images, clock), listing, results, clock);
    }

    /** The features and labels as Parquet files. */
    public CollectionExport features(FeatureStore features) {
        return new CollectionExport(
                set.folder() + "features",
                new FeatureTable(features, clock),
                listing,
                results,
                clock);
    }
}
