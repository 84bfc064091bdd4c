package dev.graft.head;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How probable a class has to be to stand in the conformal set of an image, for each coverage that
 * can be asked for. Only for single-label heads.
 *
 * @param all least probability at each coverage from {@value #LEAST} to {@value #MOST} percent, of
 *     all images together
 * @param classes the same of the images of one class alone, from {@value #LEAST} percent as far as
 *     the class has enough of them; beyond that {@code all} holds
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ConformalSets(double[] all, Map<String, double[]> classes) {
    /** The lowest coverage, in percent. */
    public static final int LEAST = 50;

    /** The highest coverage, in percent. */
    public static final int MOST = 99;

    /**
     * The classes of which one is right for the asked share of images, the most probable first. The
     * most probable one is always among them.
     *
     * @param names of the classes
     * @param probabilities (classes), calibrated
     * @param coverage {@value #LEAST}..{@value #MOST} percent
     */
    public List<String> set(List<String> names, double[] probabilities, int coverage) {
        List<Integer> byProbability =
                IntStream.range(0, probabilities.length)
                        .boxed()
                        .sorted(Comparator.comparing(c -> -probabilities[c]))
                        .toList();
        int best = byProbability.getFirst();
        return byProbability.stream()
                .filter(c -> c == best || probabilities[c] >= least(names.get(c), coverage))
                .map(names::get)
                .toList();
    }

    private double least(String name, int coverage) {
        int at = coverage - LEAST;
        double[] own = classes.getOrDefault(name, new double[0]);
        return at < own.length ? own[at] : all[at];
    }
}
