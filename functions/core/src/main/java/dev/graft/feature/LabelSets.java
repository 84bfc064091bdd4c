package dev.graft.feature;

import java.util.SortedMap;

/**
 * Which label sets there are. Safe for use by many threads; throws {@link StoreException} if it
 * does not answer.
 */
public interface LabelSets {

    /**
     * The label sets but for the default one: those that were made, and those in which images have
     * labels. Of the latter an image has one label.
     */
    SortedMap<LabelSet, LabelsPerImage> all();

    /**
     * Makes a label set, or says anew how many labels an image may have in it.
     *
     * @param set not the default one, which is as the product was started
     */
    void put(LabelSet set, LabelsPerImage labelsPerImage);
}
