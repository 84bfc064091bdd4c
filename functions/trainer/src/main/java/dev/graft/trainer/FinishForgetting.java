package dev.graft.trainer;

import dev.graft.feature.LabelSet;
import dev.graft.index.BuildIndex;
import dev.graft.library.Forgetting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;

/**
 * Trains, and then finishes what people asked to forget. What was asked for while a training ran is
 * not in what that learned from, so that it is done once more.
 *
 * @param built the files of the index
 */
record FinishForgetting(Forgetting forgetting, BuildIndex built) {
    private static final String OUTCOME = "outcome";

    /** After these the data may hold other images than the training began with. */
    private static final Set<String> AGAIN = Set.of("Trained", "Kept");

    /**
     * The outcomes of the trainings of all label sets.
     *
     * @param training gives by label set {@code outcome} and, where there is one, {@code reason}
     */
    SortedMap<LabelSet, Map<String, String>> after(
            Supplier<SortedMap<LabelSet, Map<String, String>>> training) {
        SortedMap<LabelSet, Map<String, String>> answers = training.get();
        boolean done = finish(answers);
        boolean again =
                answers.values().stream().anyMatch(answer -> AGAIN.contains(answer.get(OUTCOME)));
        if (!done && again) {
            answers = training.get();
            finish(answers);
        }
        return answers;
    }

    private boolean finish(SortedMap<LabelSet, Map<String, String>> answers) {
        List<String> reasons = new ArrayList<>();
        answers.forEach(
                (set, answer) -> {
                    String outcome = answer.getOrDefault(OUTCOME, "");
                    if (outcome.equals("NotEnoughData")) {
                        forgetting.retireHead(set);
                    }
                    String reason = answer.getOrDefault("reason", outcome);
                    reasons.add(
                            set.isDefault() ? reason : "label set %s: %s".formatted(set, reason));
                });
        return forgetting.finish(built, String.join("; ", reasons));
    }
}
