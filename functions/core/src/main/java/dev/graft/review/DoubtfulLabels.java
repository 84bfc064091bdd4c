package dev.graft.review;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.Label;
import dev.graft.head.HeadCard;
import java.util.List;
import java.util.Optional;

/**
 * The labels that a head doubts, see {@link HeadCard.LabelDoctor}, as far as they still stand: an
 * image that is gone, was labelled otherwise since the training or whose label a person confirmed
 * is not asked about. Safe for use by many threads.
 */
public final class DoubtfulLabels {
    private final FeatureStore records;

    /** Looked up among these records. */
    public DoubtfulLabels(FeatureStore records) {
        this.records = records;
    }

    /**
     * The surest ones; each that is looked at costs one read of its record.
     *
     * @param doctor of the head in use
     * @param limit at most so many
     * @throws dev.graft.feature.StoreException if the store does not answer
     */
    public List<HeadCard.Suspect> open(HeadCard.LabelDoctor doctor, int limit) {
        return doctor.first().stream().filter(this::stands).limit(limit).toList();
    }

    private boolean stands(HeadCard.Suspect suspect) {
        ImageRecord now = records.known(suspect.key());
        return now.picture().isPresent()
                && now.label().map(Label::name).equals(Optional.of(suspect.label()))
                && !now.isConfirmed();
    }
}
