package dev.graft.prediction;

import dev.graft.feature.Label;
import dev.graft.head.Head;
import dev.graft.index.KnownImages;
import dev.graft.index.Neighbours;
import dev.graft.index.Neighbours.Neighbour;
import dev.graft.index.Novelty;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Whether an image is like the labelled ones, so that its prediction counts.
 *
 * @param known null where that cannot be judged
 * @param reason a sentence; null if it is known
 * @param notLearned the label of the most similar images where the head does not have it; else null
 */
public record Recognition(
        @Nullable Boolean known, @Nullable String reason, @Nullable String notLearned) {
    private static final int MOST_ALIKE = 3;

    /** While there is nothing to compare with. */
    public static Recognition notCompared() {
        return unsure(
                "not compared with the labelled images, which are still being read: ask again in a few seconds");
    }

    /**
     * Judges an image.
     *
     * @param labels that the head predicts
     * @param now the images that are known
     * @param familiarity of the image, among these
     * @param accepted percentage of known images that are to count as known, 1..99
     */
    public static Recognition of(
            Head head,
            List<String> labels,
            KnownImages.Snapshot now,
            Novelty.Familiarity familiarity,
            int accepted) {
        Neighbours images = now.images();
        Optional<Recognition> notLearned = notLearned(head, images, familiarity.nearest());
        if (notLearned.isPresent()) {
            return notLearned.get();
        }
        OptionalDouble threshold = now.novelty().threshold(accepted);
        if (threshold.isEmpty()) {
            return unsure(
                    "too few images are labelled to judge whether this one is like them: expected at least %d"
                            .formatted(Novelty.LEAST));
        }
        for (String label : labels) {
            int count = count(head, images, label);
            if (count < Head.ENOUGH_OF_A_CLASS) {
                return unsure(
                        "only %d images are labelled %s, too few to judge whether this is one more: expected at least %d"
                                .formatted(count, label, Head.ENOUGH_OF_A_CLASS));
            }
        }
        if (familiarity.score() >= threshold.getAsDouble()) {
            return new Recognition(true, null, null);
        }
        return new Recognition(
                false,
                familiarity.likeMarked()
                        ? "more like the images marked '%s' than like the labelled ones"
                                .formatted(Label.NONE_OF_THESE)
                        : String.format(
                                Locale.ROOT,
                                "unlike every labelled image: familiarity %.1f, where %d %% of known images reach %.1f",
                                familiarity.score(),
                                accepted,
                                threshold.getAsDouble()),
                null);
    }

    /** Where the most similar images are of one class that the head does not have. */
    private static Optional<Recognition> notLearned(
            Head head, Neighbours images, List<Neighbour> nearest) {
        List<String> names =
                nearest.stream().flatMap(one -> one.label().stream()).limit(MOST_ALIKE).toList();
        if (names.isEmpty()
                || head.classes().containsAll(head.activation().classes(names.getFirst()))) {
            return Optional.empty();
        }
        String name = names.getFirst();
        int count = images.counts().getOrDefault(name, 0);
        return names.stream().limit(count).allMatch(name::equals)
                ? Optional.of(
                        new Recognition(
                                false,
                                "looks like your images labelled %s, %d so far, which the head in use has not learned: the next training learns each class of at least %d"
                                        .formatted(name, count, Head.LEAST_PER_CLASS),
                                name))
                : Optional.empty();
    }

    /** How many images show a class, alone or with others. */
    private static int count(Head head, Neighbours images, String label) {
        int count = 0;
        for (Map.Entry<String, Integer> of : images.counts().entrySet()) {
            count += head.activation().classes(of.getKey()).contains(label) ? of.getValue() : 0;
        }
        return count;
    }

    private static Recognition unsure(String reason) {
        return new Recognition(null, reason, null);
    }
}
