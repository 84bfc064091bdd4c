package dev.graft.trainer;

import dev.graft.feature.LabelSet;
import dev.graft.lambda.CallLog;
import dev.graft.training.TrainHead;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Outcomes of trainings as the function answers them, and logs what the owner is to know.
 *
 * @param network what people call the one that is learned from
 */
record TrainingAnswers(String network) {
    private static final String NOTHING_NEW = TrainHead.NothingNew.class.getSimpleName();

    /** Those of the default set as they are, those of others under their name where it is new. */
    static Map<String, String> told(SortedMap<LabelSet, Map<String, String>> answers) {
        Map<String, String> told = new TreeMap<>();
        answers.forEach(
                (set, answer) -> {
                    if (set.isDefault()) {
                        told.putAll(answer);
                    } else if (!NOTHING_NEW.equals(answer.get("outcome"))) {
                        answer.forEach((field, text) -> told.put(set + "." + field, text));
                    }
                });
        return told;
    }

    /** Named as the exception is, such as NotEnoughData. */
    static Map<String, String> of(RuntimeException e) {
        String outcome = e.getClass().getSimpleName().replace("Exception", "");
        return Map.of("outcome", outcome, "reason", String.valueOf(e.getMessage()));
    }

    /** Of a training that ended well. */
    Map<String, String> of(TrainHead.Outcome outcome, CallLog log) {
        String reason =
                switch (outcome) {
                    case TrainHead.NothingNew nothing -> "";
                    case TrainHead.Kept kept -> kept.reason();
                    case TrainHead.GaveUp gaveUp -> TrainHead.GaveUp.REASON;
                    case TrainHead.Waiting waiting ->
                            String.format(
                                    Locale.ROOT,
                                    "%,d of %,d images have a feature of the network %s; until all have, head %s predicts with its own network",
                                    waiting.featurized(),
                                    waiting.images(),
                                    network,
                                    waiting.version());
                    case TrainHead.Trained trained -> reason(trained);
                };
        if (!outcome.cutShort().isEmpty()) {
            log.warning(outcome.version(), outcome.cutShort());
            reason += "; " + outcome.cutShort();
        }
        if (outcome instanceof TrainHead.GaveUp gaveUp && gaveUp.isNew()) {
            log.warning(network, reason);
        }
        Map<String, String> answer = new TreeMap<>();
        answer.put("outcome", outcome.getClass().getSimpleName());
        if (!outcome.version().isEmpty()) {
            answer.put("version", outcome.version());
        }
        if (!reason.isEmpty()) {
            answer.put("reason", reason);
        }
        return answer;
    }

    private static String reason(TrainHead.Trained trained) {
        return trained.reason()
                + told("left out, too few images", trained.leftOut())
                + told("learned from few images", trained.weak());
    }

    private static String told(String what, Map<String, Integer> classes) {
        return classes.isEmpty() ? "" : "; %s: %s".formatted(what, classes);
    }
}
