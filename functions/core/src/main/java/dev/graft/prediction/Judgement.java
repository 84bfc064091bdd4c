package dev.graft.prediction;

import dev.graft.feature.Vectors;
import dev.graft.head.Head;
import dev.graft.index.KnownImages;
import dev.graft.index.Neighbours.Neighbour;
import dev.graft.index.Novelty;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Whether a prediction counts.
 *
 * @param nearest labelled images, none where there is nothing to compare with
 * @param recognition whether the image is like them
 * @param verdict what to do with the prediction
 * @param familiarity see {@link Novelty.Familiarity#score}; empty while too few images are labelled
 *     to say what it means
 */
public record Judgement(
        List<Neighbour> nearest,
        Recognition recognition,
        Verdict verdict,
        OptionalDouble familiarity) {
    /** Percentage of known images that are to count as known where nobody asks for another. */
    public static final int ACCEPTED = 95;

    /**
     * Judges what a head predicts.
     *
     * @param images that are known; empty if they cannot be had soon
     * @param accepted percentage of known images that are to count as known, 1..99
     */
    public static Judgement of(
            VerdictSettings settings,
            Head head,
            Classification.Prediction found,
            Optional<KnownImages.Snapshot> images,
            int accepted) {
        Optional<Novelty.Familiarity> familiarity =
                images.map(now -> now.familiarity(Vectors.unit(found.feature())));
        Recognition recognition =
                familiarity
                        .map(
                                familiar ->
                                        Recognition.of(
                                                head,
                                                found.labels(),
                                                images.orElseThrow(),
                                                familiar,
                                                accepted))
                        .orElseGet(Recognition::notCompared);
        List<Neighbour> nearest = familiarity.map(Novelty.Familiarity::nearest).orElseGet(List::of);
        OptionalDouble score =
                familiarity
                        .filter(f -> images.orElseThrow().novelty().threshold(accepted).isPresent())
                        .stream()
                        .mapToDouble(Novelty.Familiarity::score)
                        .findFirst();
        Verdict verdict = Verdict.of(settings, head, found.probabilities(), recognition);
        return new Judgement(nearest, recognition, verdict, score);
    }
}
