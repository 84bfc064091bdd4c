package dev.graft.review;

import dev.graft.feature.Vectors;
import dev.graft.head.Head;
import dev.graft.index.Neighbours;
import dev.graft.library.Feedback;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * In which order to label images (active learning). The next is always the one with the highest
 * score (1 - margin) x (1 - cosine to the most similar image chosen before).
 *
 * <p>With a head, the margin is that of {@link dev.graft.head.Activation#margin} and the cosine
 * that of the features as the head standardizes them, since the stored features all have about the
 * same direction. Without one the margin is 0 and the cosine is that from the mean of the features,
 * so that each is as far as can be from those before (farthest-first traversal, Gonzalez 1985);
 * labelled images count as chosen before. It looks at {@value #SAMPLE} unlabelled and {@value
 * #COVERED} labelled images then, those whose content hashes first: a fair sample, and the same
 * each time.
 *
 * <p>Before all others come the images that somebody said were answered wrongly ({@link
 * Feedback#WAITING}), in the same order among themselves.
 */
final class LabelingOrder {
    private static final int CANDIDATES_EACH = 10;
    private static final int SAMPLE = 1_000;
    private static final int COVERED = 300;

    /** Of opposite directions. */
    private static final double FARTHEST = 2;

    private LabelingOrder() {}

    /** An image by its place, and what the head predicts. */
    record Pick(int place, Optional<Suggestion> suggestion) {}

    private record Candidate(Pick pick, double uncertainty) {}

    /**
     * The first unlabelled images.
     *
     * @param limit at most so many
     */
    static List<Pick> of(Neighbours images, Optional<Head> head, int limit) {
        Map<Boolean, List<Integer>> unlabelled =
                IntStream.range(0, images.size())
                        .filter(i -> images.label(i) == null)
                        .boxed()
                        .collect(
                                Collectors.partitioningBy(
                                        i -> images.key(i).startsWith(Feedback.WAITING)));
        List<Pick> first = some(images, unlabelled.getOrDefault(true, List.of()), head, limit);
        List<Pick> others = some(images, unlabelled.getOrDefault(false, List.of()), head, limit);
        return Stream.concat(first.stream(), others.stream()).limit(limit).toList();
    }

    private static List<Pick> some(
            Neighbours images, List<Integer> unlabelled, Optional<Head> head, int limit) {
        if (unlabelled.isEmpty()) {
            return List.of();
        }
        int[] places = unlabelled.stream().mapToInt(Integer::intValue).toArray();
        return head.isPresent()
                ? byDoubt(images, places, head.get(), limit)
                : byDifference(images, places, limit);
    }

    private static List<Pick> byDoubt(Neighbours images, int[] places, Head head, int limit) {
        List<Candidate> open =
                Arrays.stream(places)
                        .parallel()
                        .mapToObj(place -> candidate(images, head, place))
                        .sorted(
                                Comparator.comparingDouble(Candidate::uncertainty)
                                        .reversed()
                                        .thenComparing(image -> images.key(image.pick().place())))
                        .limit((long) CANDIDATES_EACH * limit)
                        .toList();
        Head.Parameters numbers = head.parameters();
        float[][] directions = new float[open.size()][];
        for (int i = 0; i < directions.length; i++) {
            float[] feature = images.feature(open.get(i).pick().place());
            for (int j = 0; j < feature.length; j++) {
                feature[j] = (feature[j] - numbers.mean()[j]) / numbers.scale()[j];
            }
            directions[i] = Vectors.unit(feature);
        }
        return order(open, new Distances(directions, 1), limit);
    }

    private static Candidate candidate(Neighbours images, Head head, int place) {
        double[] probabilities = head.probabilities(images.feature(place));
        Suggestion suggestion =
                new Suggestion(head.label(probabilities), head.confidence(probabilities));
        return new Candidate(
                new Pick(place, Optional.of(suggestion)),
                1 - head.activation().margin(probabilities));
    }

    private static List<Pick> byDifference(Neighbours images, int[] places, int limit) {
        int[] some = Arrays.stream(places).limit(SAMPLE).toArray();
        int[] labelled =
                IntStream.range(0, images.size())
                        .filter(i -> images.label(i) != null)
                        .limit(COVERED)
                        .toArray();
        int[] all = IntStream.concat(Arrays.stream(some), Arrays.stream(labelled)).toArray();
        float[] mean = new float[all.length == 0 ? 0 : images.unit(all[0]).length];
        for (int place : all) {
            float[] unit = images.unit(place);
            for (int j = 0; j < mean.length; j++) {
                mean[j] += unit[j] / all.length;
            }
        }
        List<Candidate> open =
                Arrays.stream(some)
                        .mapToObj(place -> new Candidate(new Pick(place, Optional.empty()), 1))
                        .toList();
        Distances distances = new Distances(offMean(images, some, mean), FARTHEST);
        for (float[] before : offMean(images, labelled, mean)) {
            distances.approach(before);
        }
        return order(open, distances, limit);
    }

    private static float[][] offMean(Neighbours images, int[] places, float[] mean) {
        float[][] directions = new float[places.length][];
        for (int i = 0; i < places.length; i++) {
            float[] feature = images.unit(places[i]).clone();
            for (int j = 0; j < mean.length; j++) {
                feature[j] -= mean[j];
            }
            directions[i] = Vectors.unit(feature);
        }
        return directions;
    }

    /** The candidates by score, whose distances are changed. */
    private static List<Pick> order(List<Candidate> open, Distances distances, int limit) {
        boolean[] used = new boolean[open.size()];
        List<Pick> order = new ArrayList<>();
        while (order.size() < Math.min(limit, open.size())) {
            int best = -1;
            double highest = -1;
            for (int i = 0; i < used.length; i++) {
                double score = open.get(i).uncertainty() * distances.nearest[i];
                if (!used[i] && score > highest) {
                    best = i;
                    highest = score;
                }
            }
            used[best] = true;
            order.add(open.get(best).pick());
            distances.approach(distances.directions[best]);
        }
        return order;
    }

    /** Of candidates to the nearest of those that count as chosen before. For one thread. */
    private static final class Distances {
        /** (candidates, width), of length 1 */
        private final float[][] directions;

        /** (width, candidates): the cosines with all of them are sums of columns. */
        private final float[][] columns;

        /** (candidates) */
        private final double[] nearest;

        private Distances(float[][] directions, double each) {
            this.directions = directions;
            this.columns = Vectors.columns(directions);
            this.nearest = new double[directions.length];
            Arrays.fill(nearest, each);
        }

        /** What is nearer to this one than to any before has the distance to this one. */
        private void approach(float[] to) {
            float[] cosines = new float[nearest.length];
            Vectors.addColumns(cosines, columns, to);
            for (int i = 0; i < cosines.length; i++) {
                nearest[i] = Math.clamp(1 - (double) cosines[i], 0, nearest[i]);
            }
        }
    }
}
