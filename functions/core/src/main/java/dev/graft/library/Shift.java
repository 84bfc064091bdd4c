package dev.graft.library;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A change that chance does not explain. Every day may be the first after it, and every measure
 * (share of each class, of unknown pictures and of answers called wrong, mean confidence) may show
 * it; the one that stands out most is taken. It counts where both sides have {@value #LEAST}
 * numbers, a share changed by {@value #LEAST_SHARE} or more, and the probability of such a distance
 * without any change, times the number of days and measures that were tried (Bonferroni), is below
 * {@value #SIGNIFICANT}. That probability is bounded from above by exp(-z*z/2), for z standard
 * errors (Chernoff's bound of both tails of the normal distribution). The test takes answers for
 * independent; those of one burst are not, which the least share has to make up for.
 *
 * @param from the first day after the change; empty where the answers are compared with the
 *     training data
 * @param sentence for people
 */
record Shift(Optional<LocalDate> from, String sentence) {
    /** Answers on each side, before anything is said. */
    static final int LEAST = 50;

    private static final double LEAST_SHARE = 0.1;
    private static final double SIGNIFICANT = 0.01;

    /** A share with fewer cases, or fewer of the others, is far from normally distributed. */
    private static final int LEAST_CASES = 5;

    /**
     * One measure on both sides.
     *
     * @param text what is measured, in the middle of a sentence
     * @param day the first after; empty where the training data are before
     */
    private record Difference(String text, Optional<LocalDate> day, Sample before, Sample after) {
        boolean canBeTold() {
            Sample all = before.and(after);
            double smaller = Math.min(before.count(), after.count());
            double cases = smaller * Math.min(all.mean(), 1 - all.mean());
            boolean isShare = all.squares() == all.sum();
            return smaller >= LEAST && (!isShare || cases >= LEAST_CASES);
        }

        double distance() {
            return Math.abs(Sample.standardErrors(before, after));
        }

        boolean matters() {
            return Math.abs(after.mean() - before.mean()) >= LEAST_SHARE;
        }

        /** Probability of such a distance without a change, at most. */
        double chance() {
            return Math.exp(-distance() * distance() / 2);
        }
    }

    /** The change within these days; empty for none. */
    static Optional<Shift> within(List<KeptAnswers.Day> days) {
        List<Difference> tried = new ArrayList<>();
        measures(days)
                .forEach(
                        (text, measure) -> {
                            List<Sample> each =
                                    days.stream()
                                            .map(day -> Sample.of(day.read(), measure))
                                            .toList();
                            for (int i = 1; i < days.size(); i++) {
                                Sample before = Sample.all(each.subList(0, i));
                                Sample after = Sample.all(each.subList(i, days.size()));
                                if (!each.get(i).isEmpty()) {
                                    var day = Optional.of(days.get(i).day());
                                    tried.add(new Difference(text, day, before, after));
                                }
                            }
                        });
        return most(tried).map(found -> dated(found, days));
    }

    private static Map<String, Function<KeptAnswer, @Nullable Double>> measures(
            List<KeptAnswers.Day> days) {
        Map<String, Function<KeptAnswer, @Nullable Double>> measures = new LinkedHashMap<>();
        TreeSet<String> classes = new TreeSet<>();
        answers(days).forEach(answer -> classes.addAll(answer.labels()));
        classes.forEach(name -> measures.put(ofClass(name), Sample.of(name)));
        measures.put("the share of unknown pictures", Sample.UNKNOWN);
        measures.put("the share of answers called wrong", Sample.WRONG);
        measures.put("the mean confidence", Sample.CONFIDENCE);
        return measures;
    }

    private static String ofClass(String name) {
        return "the share of " + name;
    }

    private static Optional<Difference> most(List<Difference> all) {
        List<Difference> tried = all.stream().filter(Difference::canBeTold).toList();
        return tried.stream()
                .filter(one -> one.matters() && one.chance() * tried.size() < SIGNIFICANT)
                .max(Comparator.comparingDouble(Difference::distance));
    }

    private static Shift dated(Difference found, List<KeptAnswers.Day> days) {
        LocalDate from = found.day().orElseThrow();
        TreeSet<String> before = new TreeSet<>();
        TreeSet<String> after = new TreeSet<>();
        for (KeptAnswers.Day day : days) {
            boolean isBefore = day.day().isBefore(from);
            day.read().forEach(answer -> (isBefore ? before : after).add(answer.head()));
        }
        after.removeAll(before);
        String sentence =
                "Since %s %s is %s, before it was %s (%d and %d answers)%s."
                        .formatted(
                                from,
                                found.text(),
                                percent(found.after().mean()),
                                percent(found.before().mean()),
                                (long) found.after().count(),
                                (long) found.before().count(),
                                after.isEmpty()
                                        ? ""
                                        : "; another head answers since, which may be why");
        return new Shift(found.day(), sentence);
    }

    /** All these days against the training data, where nothing changed within them. */
    static Optional<Shift> fromTraining(
            List<KeptAnswers.Day> days, Optional<TrainingFigures> training) {
        if (training.isEmpty()) {
            return Optional.empty();
        }
        List<KeptAnswer> answers = answers(days);
        int images = training.get().images();
        Stream<Difference> classes =
                training.get().classes().entrySet().stream()
                        .map(
                                each ->
                                        new Difference(
                                                ofClass(each.getKey()),
                                                Optional.empty(),
                                                Sample.ofShare(images, each.getValue()),
                                                Sample.of(answers, Sample.of(each.getKey()))));
        return most(classes.toList())
                .map(
                        found ->
                                new Shift(
                                        Optional.empty(),
                                        "Nothing changed within these days, but %s is %s of %d answers and %s of the %d images that the head learned from."
                                                .formatted(
                                                        found.text(),
                                                        percent(found.after().mean()),
                                                        (long) found.after().count(),
                                                        percent(found.before().mean()),
                                                        images)));
    }

    /** Of days without a shift. */
    static String nothing(List<KeptAnswers.Day> days) {
        int answers = answers(days).size();
        return answers < LEAST
                ? "Too few answers to say whether anything changed: %d in these days, at least %d are needed."
                        .formatted(answers, LEAST)
                : "Nothing stands out: classes, confidence, unknown pictures and what people called wrong are as before, as far as %d answers tell."
                        .formatted(answers);
    }

    private static List<KeptAnswer> answers(List<KeptAnswers.Day> days) {
        return days.stream().flatMap(day -> day.read().stream()).toList();
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }
}
