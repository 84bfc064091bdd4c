package dev.graft.testing;

import dev.graft.feature.ImageRecord;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelSets;
import dev.graft.feature.LabelsPerImage;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The sets in which the images of a store have labels, and those that were made. */
public final class InMemoryLabelSets implements LabelSets {
    private final InMemoryFeatureStore store;
    private final Map<LabelSet, LabelsPerImage> made = new ConcurrentHashMap<>();

    /** Of these images. */
    public InMemoryLabelSets(InMemoryFeatureStore store) {
        this.store = store;
    }

    @Override
    public SortedMap<LabelSet, LabelsPerImage> all() {
        SortedMap<LabelSet, LabelsPerImage> sets = new TreeMap<>(made);
        for (ImageRecord image : store.records()) {
            image.decisions().keySet().stream()
                    .filter(set -> image.picture().isPresent())
                    .filter(set -> image.in(set).label().isPresent())
                    .forEach(set -> sets.putIfAbsent(set, LabelsPerImage.ONE));
        }
        sets.remove(LabelSet.DEFAULT);
        return sets;
    }

    @Override
    public void put(LabelSet set, LabelsPerImage labelsPerImage) {
        if (set.isDefault()) {
            throw new IllegalArgumentException("the default label set is as the product is");
        }
        made.put(set, labelsPerImage);
    }
}
