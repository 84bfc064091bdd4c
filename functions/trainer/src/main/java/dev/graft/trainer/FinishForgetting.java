package dev.graft.trainer;

import dev.graft.index.BuildIndex;
import dev.graft.library.Forgetting;
import java.util.Map;
import java.util.Set;
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
     * The outcome of the training.
     *
     * @param training gives {@code outcome} and, where there is one, {@code reason}
     */
    Map<String, String> after(Supplier<Map<String, String>> training) {
        Map<String, String> answer = training.get();
        boolean done = finish(answer);
        if (!done && AGAIN.contains(answer.get(OUTCOME))) {
            answer = training.get();
            finish(answer);
        }
        return answer;
    }

    private boolean finish(Map<String, String> answer) {
        String outcome = answer.getOrDefault(OUTCOME, "");
        if (outcome.equals("NotEnoughData")) {
            forgetting.retireHead();
        }
        return forgetting.finish(built, answer.getOrDefault("reason", outcome));
    }
}
