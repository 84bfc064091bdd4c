package dev.graft.library;

import dev.graft.feature.ConflictException;
import dev.graft.feature.Float16;
import dev.graft.feature.Label;
import dev.graft.head.Head;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What another head would have answered to the kept requests, beside the one in use, both by the
 * kept features, so that no network runs.
 *
 * @param version of the other head
 * @param inUse version of the one in use
 * @param answers compared
 * @param otherNetwork answers that were left out, as their features are those of another network
 * @param differ of those compared
 * @param pairs how they differ, the most frequent first, at most 50
 * @param truth what people said of them
 */
public record Shadow(
        String version,
        String inUse,
        int answers,
        int otherNetwork,
        int differ,
        List<Pair> pairs,
        Truth truth) {
    private static final int MOST_PAIRS = 50;
    private static final int EXAMPLES = 3;

    /**
     * Requests to which both give another label.
     *
     * @param now label by the head in use
     * @param then label by the other
     * @param count how many
     * @param examples some of them, the first in time
     */
    public record Pair(String now, String then, int count, List<Example> examples) {}

    /**
     * One request.
     *
     * @param id of the prediction
     * @param key of the stored image; empty text for a picture that was sent along
     */
    public record Example(String id, String key) {}

    /**
     * Answers of which somebody said what they should have been.
     *
     * @param told how many
     * @param inUseRight of them, by the head in use
     * @param otherRight by the other
     */
    public record Truth(int told, int inUseRight, int otherRight) {}

    /** One answer with the labels of both. */
    private record Answered(KeptAnswer answer, String now, String then) {
        static Answered by(KeptAnswer answer, Head inUse, Head other) {
            float[] feature = Float16.decode(answer.feature());
            return new Answered(answer, label(inUse, feature), label(other, feature));
        }

        private static String label(Head head, float[] feature) {
            return head.label(head.probabilities(feature));
        }

        boolean differs() {
            return !now.equals(then);
        }

        Optional<String> truth() {
            return Optional.ofNullable(answer.told())
                    .flatMap(told -> Optional.ofNullable(told.label()))
                    .map(label -> Label.join(Label.split(label)));
        }
    }

    /**
     * Lets both answer.
     *
     * @throws ConflictException if the heads take features of two networks
     */
    public static Shadow of(List<KeptAnswers.Day> days, Head inUse, Head other) {
        if (!inUse.backbone().equals(other.backbone())) {
            throw new ConflictException(
                    "head %s takes the features of another network than head %s, which is in use, and a kept answer has those of one: look at GET /heads/%s/preview, which compares on the stored images"
                            .formatted(other.version(), inUse.version(), other.version()));
        }
        List<KeptAnswer> all = days.stream().flatMap(day -> day.read().stream()).toList();
        List<Answered> answered =
                all.stream()
                        .filter(answer -> answer.backbone().equals(inUse.backbone()))
                        .map(answer -> Answered.by(answer, inUse, other))
                        .toList();
        List<Answered> told = answered.stream().filter(one -> one.truth().isPresent()).toList();
        return new Shadow(
                other.version(),
                inUse.version(),
                answered.size(),
                all.size() - answered.size(),
                (int) answered.stream().filter(Answered::differs).count(),
                pairs(answered),
                new Truth(
                        told.size(),
                        (int) told.stream().filter(one -> isTrue(one, one.now())).count(),
                        (int) told.stream().filter(one -> isTrue(one, one.then())).count()));
    }

    private static boolean isTrue(Answered one, String label) {
        return one.truth().filter(label::equals).isPresent();
    }

    private static List<Pair> pairs(List<Answered> answered) {
        Map<List<String>, List<Answered>> byPair =
                new TreeMap<>(Comparator.comparing(List::toString));
        for (Answered one : answered) {
            if (one.differs()) {
                byPair.computeIfAbsent(List.of(one.now(), one.then()), pair -> new ArrayList<>())
                        .add(one);
            }
        }
        return byPair.entrySet().stream()
                .map(each -> pair(each.getKey(), each.getValue()))
                .sorted(Comparator.comparingInt(Pair::count).reversed())
                .limit(MOST_PAIRS)
                .toList();
    }

    private static Pair pair(List<String> labels, List<Answered> answered) {
        List<Example> examples =
                answered.stream()
                        .limit(EXAMPLES)
                        .map(one -> new Example(one.answer().id(), one.answer().key()))
                        .toList();
        return new Pair(labels.getFirst(), labels.getLast(), answered.size(), examples);
    }
}
