package dev.graft.classifier;

import dev.graft.feature.Float16;
import dev.graft.feature.LabelSet;
import dev.graft.feature.Sha256;
import dev.graft.feature.StoreException;
import dev.graft.head.Head;
import dev.graft.library.KeptAnswer;
import dev.graft.library.KeptAnswers;
import dev.graft.prediction.Classification;
import dev.graft.prediction.Judgement;
import dev.graft.training.ForgetRequests;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives every prediction an id, and keeps it where answers are kept. That is done before the
 * response, as Lambda runs nothing after it; a response is given all the same where the store does
 * not answer.
 */
final class KeptPredictions {
    private final KeptAnswers answers;
    private final LabelSet set;
    private final InstantSource clock;
    private final Consumer<RuntimeException> failed;
    private final SecureRandom random = new SecureRandom();

    KeptPredictions(
            KeptAnswers answers,
            LabelSet set,
            InstantSource clock,
            Consumer<RuntimeException> failed) {
        this.answers = answers;
        this.set = set;
        this.clock = clock;
        this.failed = failed;
    }

    /**
     * What was asked about.
     *
     * @param key of a stored image; empty for a picture that was sent along
     * @param file the bytes of that picture; empty for a stored image
     * @param feature (width)
     */
    record Asked(Optional<String> key, Optional<byte[]> file, float[] feature) {
        private String hash() {
            return file.map(Sha256::of).or(() -> key.map(ForgetRequests::id)).orElse("");
        }
    }

    /**
     * The name of a prediction.
     *
     * @param kept whether it is kept, so that feedback finds it
     */
    record Named(String id, boolean kept) {}

    /** Names a prediction that is not to be kept. */
    Named name() {
        return new Named(id(clock.instant()), false);
    }

    private String id(Instant now) {
        return KeptAnswers.id(now, random.nextLong(), set);
    }

    /** Names a prediction of a head, and keeps it if answers are kept. */
    Named keep(Asked asked, Head head, Classification.Prediction found, Judgement judgement) {
        if (answers.settings().days() == 0) {
            return name();
        }
        Instant now = clock.instant();
        String id = id(now);
        KeptAnswer answer =
                new KeptAnswer(
                        KeptAnswer.FORMAT,
                        id,
                        now.toString(),
                        asked.key().orElse(""),
                        asked.hash(),
                        head.version(),
                        head.backbone(),
                        Float16.encode(asked.feature()),
                        probabilities(head, found),
                        found.label(),
                        judgement.recognition().known(),
                        familiarity(judgement),
                        null);
        try {
            answers.keep(answer, asked.file());
            return new Named(id, true);
        } catch (StoreException e) {
            failed.accept(e);
            return new Named(id, false);
        }
    }

    private static Map<String, Double> probabilities(Head head, Classification.Prediction found) {
        double[] each = found.probabilities();
        Map<String, Double> byClass = new LinkedHashMap<>();
        for (int i = 0; i < each.length; i++) {
            byClass.put(head.classes().get(i), each[i]);
        }
        return byClass;
    }

    private static @Nullable Double familiarity(Judgement judgement) {
        return judgement.familiarity().isPresent() ? judgement.familiarity().getAsDouble() : null;
    }
}
