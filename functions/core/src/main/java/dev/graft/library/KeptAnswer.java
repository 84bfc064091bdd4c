package dev.graft.library;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graft.feature.DamagedFileException;
import dev.graft.feature.Label;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was predicted for one request, as a file of its own (JSON; the feature as base64).
 *
 * @param format of the file; {@value #FORMAT} today
 * @param id of the prediction, see {@link KeptAnswers#id}
 * @param time when, ISO 8601
 * @param key of the stored image that was asked about; empty text for a picture that was sent along
 * @param hash SHA-256 of that key, or of the file that was sent along; lower-case hex
 * @param head version of the head
 * @param backbone identity of the feature, see {@link dev.graft.feature.FeatureIdentity}
 * @param feature the values, see {@link dev.graft.feature.Float16}
 * @param probabilities by class, 0..1, in the order of the head's classes
 * @param label the predicted classes as one text, see {@link dev.graft.feature.Label#join}
 * @param known whether the image is like the labelled ones; null where that could not be judged
 * @param familiarity see {@link dev.graft.index.Novelty.Familiarity#score}; null where too few
 *     images were labelled to say what it means, or these were still being read
 * @param told what somebody said of it; null as long as nobody has
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record KeptAnswer(
        int format,
        String id,
        String time,
        String key,
        String hash,
        String head,
        String backbone,
        byte[] feature,
        Map<String, Double> probabilities,
        String label,
        @Nullable Boolean known,
        @Nullable Double familiarity,
        @Nullable Told told) {
    /** Of the files that are written. */
    public static final int FORMAT = 1;

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    /**
     * What somebody said of an answer, the last time.
     *
     * @param label the true one; null where it was only said to be wrong
     * @param key of the image that it concerns; empty text for none
     * @param time when, ISO 8601
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Told(@Nullable String label, String key, String time) {}

    /** The predicted classes. */
    List<String> labels() {
        return Label.split(label);
    }

    /** Probability of the least probable of the predicted classes, 0..1. */
    double confidence() {
        return labels().stream()
                .mapToDouble(name -> probabilities.getOrDefault(name, 0.0))
                .min()
                .orElse(0);
    }

    /** Whether somebody said that it was wrong; empty as long as nobody said anything. */
    Optional<Boolean> saidWrong() {
        return Optional.ofNullable(told)
                .map(said -> said.label() == null || !Label.split(said.label()).equals(labels()));
    }

    KeptAnswer with(Told said) {
        return new KeptAnswer(
                format,
                id,
                time,
                key,
                hash,
                head,
                backbone,
                feature,
                probabilities,
                label,
                known,
                familiarity,
                said);
    }

    /**
     * Reads one.
     *
     * @param name of the file, for the message
     * @throws DamagedFileException if it cannot be read
     */
    public static KeptAnswer read(String name, byte[] file) {
        try {
            return JSON.readValue(file, KeptAnswer.class);
        } catch (IOException e) {
            throw new DamagedFileException(
                    "the kept answer %s cannot be read: delete the file, and ask about the picture again"
                            .formatted(name),
                    e);
        }
    }

    byte[] json() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (IOException e) {
            throw new UncheckedIOException("texts and numbers always become JSON", e);
        }
    }
}
