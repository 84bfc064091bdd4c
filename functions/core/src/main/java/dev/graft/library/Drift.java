package dev.graft.library;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.graft.feature.Float16;
import dev.graft.head.Head;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the answers of the last days look like, day by day, beside the images that the head in use
 * learned from. Pure; {@link Shift} says what changed.
 *
 * @param from first day, ISO 8601; the last is today, of UTC
 * @param mostRead answers that are read of a day at most; the figures of a day are of those
 * @param training null where no head is in use
 * @param days in order, those without answers included
 * @param changedOn the first day after the change that stands out most, ISO 8601; null for none
 * @param finding what changed, or that nothing did, or too little is known to say, as a sentence
 */
public record Drift(
        String from,
        int mostRead,
        @Nullable TrainingFigures training,
        List<Day> days,
        @Nullable String changedOn,
        String finding) {

    /**
     * The answers of one day; shares and means are null where nothing tells them.
     *
     * @param day ISO 8601
     * @param answers that are kept
     * @param read of them; all other figures are of these
     * @param heads versions that answered
     * @param classes share of the answers with each prediction, 0..1; of several labels an image
     *     they may sum to more
     * @param confidence mean, 0..1
     * @param unknown share of the answers about pictures unlike the labelled ones, of those where
     *     that could be judged, 0..1
     * @param featureDistance how far the mean feature lies from that of the training data: root
     *     mean square, over the values of a feature, of the difference in standard deviations of
     *     the training data, as the head in use scales; by chance about 1/sqrt(read). Of answers on
     *     the network of that head
     * @param told answers of which somebody said whether they were right
     * @param wrong of those
     */
    public record Day(
            String day,
            int answers,
            int read,
            Collection<String> heads,
            Map<String, Double> classes,
            @Nullable Double confidence,
            @Nullable Double unknown,
            @Nullable Double featureDistance,
            int told,
            @JsonProperty("toldWrong") int wrong) {

        static Day of(KeptAnswers.Day day, Optional<Head> inUse) {
            List<KeptAnswer> read = day.read();
            Map<String, Double> classes = new TreeMap<>();
            TreeSet<String> heads = new TreeSet<>();
            for (KeptAnswer answer : read) {
                heads.add(answer.head());
                answer.labels()
                        .forEach(name -> classes.merge(name, 1.0 / read.size(), Double::sum));
            }
            Sample wrong = Sample.of(read, Sample.WRONG);
            Sample confidence = Sample.of(read, Sample.CONFIDENCE);
            Sample unknown = Sample.of(read, Sample.UNKNOWN);
            return new Day(
                    day.day().toString(),
                    day.answers(),
                    read.size(),
                    heads,
                    classes,
                    confidence.isEmpty() ? null : confidence.mean(),
                    unknown.isEmpty() ? null : unknown.mean(),
                    inUse.map(head -> distance(read, head)).orElse(null),
                    (int) wrong.count(),
                    (int) wrong.sum());
        }
    }

    /**
     * Of the answers that were read.
     *
     * @param read at least one day
     * @param inUse the head that answers now; empty for none
     */
    public static Drift of(
            List<KeptAnswers.Day> read,
            int mostRead,
            Optional<Head> inUse,
            Optional<TrainingFigures> training) {
        Optional<Shift> shift = Shift.within(read);
        return new Drift(
                read.getFirst().day().toString(),
                mostRead,
                training.orElse(null),
                read.stream().map(day -> Day.of(day, inUse)).toList(),
                shift.flatMap(Shift::from).map(LocalDate::toString).orElse(null),
                shift.or(() -> Shift.fromTraining(read, training))
                        .map(Shift::sentence)
                        .orElseGet(() -> Shift.nothing(read)));
    }

    private static @Nullable Double distance(List<KeptAnswer> read, Head head) {
        List<float[]> features =
                read.stream()
                        .filter(answer -> answer.backbone().equals(head.backbone()))
                        .map(answer -> Float16.decode(answer.feature()))
                        .toList();
        if (features.isEmpty()) {
            return null;
        }
        Head.Parameters training = head.parameters();
        double sum = 0;
        for (int j = 0; j < head.width(); j++) {
            int value = j;
            double mean = features.stream().mapToDouble(f -> f[value]).average().orElseThrow();
            double deviations = (mean - training.mean()[j]) / training.scale()[j];
            sum += deviations * deviations;
        }
        return Math.sqrt(sum / head.width());
    }
}
