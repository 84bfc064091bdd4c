package dev.graft.review;

import dev.graft.feature.Similarity;
import dev.graft.feature.Vectors;
import dev.graft.head.Head;
import dev.graft.index.Neighbours;
import dev.graft.index.Neighbours.Neighbour;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Chooses the unlabelled images whose labels would help most (active learning): those whose
 * prediction is least certain, and which are unlike one another. The score of an image is (1 -
 * margin) x (1 - cosine to the most similar image chosen before). The margin is that of {@link
 * dev.graft.head.Activation#margin}. The cosine is that of the features as the head standardizes
 * them, since the stored features all have about the same direction.
 */
public final class ReviewQueue {
    private static final int MOST_SIMILAR = 20;
    private static final int CANDIDATES_EACH = 10;

    private ReviewQueue() {}

    /**
     * One image to label.
     *
     * @param key of the image
     * @param suggestion what the head predicts, as the text of a label
     * @param probability of it, 0..1; of several classes the least
     * @param alike unlabelled images with the same suggestion that are similar by {@link
     *     Similarity#alike}, nearest first
     */
    public record Item(String key, String suggestion, double probability, List<Neighbour> alike) {
        /** With only those similar images whose keys are wanted. */
        public Item withAlike(Predicate<String> wanted) {
            List<Neighbour> some = alike.stream().filter(i -> wanted.test(i.key())).toList();
            return new Item(key, suggestion, probability, some);
        }
    }

    private record Candidate(
            int index, String suggestion, double probability, double uncertainty) {}

    /**
     * The most useful images first.
     *
     * @param images with features of the network that the head takes
     * @param limit at most so many
     */
    public static List<Item> of(Neighbours images, Head head, int limit) {
        Candidate[] all =
                IntStream.range(0, images.size())
                        .filter(index -> images.label(index) == null)
                        .parallel()
                        .mapToObj(index -> candidate(images, head, index))
                        .toArray(Candidate[]::new);
        String[] suggestions = new String[images.size()];
        Arrays.stream(all).forEach(image -> suggestions[image.index()] = image.suggestion());
        List<Candidate> open = leastCertain(all, images, CANDIDATES_EACH * limit);
        float[][] directions = directions(open, images, head.parameters());
        double similar = Similarity.of(head.backbone()).alike();
        double[] distance = new double[open.size()];
        Arrays.fill(distance, 1);
        Set<String> used = new HashSet<>();
        List<Item> queue = new ArrayList<>();
        while (queue.size() < limit) {
            int chosen = best(open, distance, images, used);
            if (chosen < 0) {
                break;
            }
            Candidate next = open.get(chosen);
            used.add(images.key(next.index()));
            List<Neighbour> alike =
                    images
                            .nearest(
                                    images.unit(next.index()),
                                    MOST_SIMILAR,
                                    i ->
                                            next.suggestion().equals(suggestions[i])
                                                    && !used.contains(images.key(i)))
                            .stream()
                            .filter(image -> image.similarity() >= similar)
                            .toList();
            alike.forEach(image -> used.add(image.key()));
            queue.add(
                    new Item(
                            images.key(next.index()),
                            next.suggestion(),
                            next.probability(),
                            alike));
            for (int i = 0; i < distance.length; i++) {
                double cosine = Vectors.cosineOfUnits(directions[chosen], directions[i]);
                distance[i] = Math.min(distance[i], 1 - cosine);
            }
        }
        return queue;
    }

    private static List<Candidate> leastCertain(Candidate[] all, Neighbours images, int limit) {
        return Arrays.stream(all)
                .sorted(
                        Comparator.comparingDouble(Candidate::uncertainty)
                                .reversed()
                                .thenComparing(image -> images.key(image.index())))
                .limit(limit)
                .toList();
    }

    /** Standardized features of length 1, (candidates, width). */
    private static float[][] directions(
            List<Candidate> open, Neighbours images, Head.Parameters numbers) {
        return open.stream()
                .map(
                        image -> {
                            float[] feature = images.feature(image.index());
                            for (int i = 0; i < feature.length; i++) {
                                feature[i] = (feature[i] - numbers.mean()[i]) / numbers.scale()[i];
                            }
                            return Vectors.unit(feature);
                        })
                .toArray(float[][]::new);
    }

    /** Index of the candidate with the highest score; -1 if all are used. */
    private static int best(
            List<Candidate> open, double[] distance, Neighbours images, Set<String> used) {
        int best = -1;
        double highest = -1;
        for (int i = 0; i < distance.length; i++) {
            double score = open.get(i).uncertainty() * distance[i];
            if (score > highest && !used.contains(images.key(open.get(i).index()))) {
                best = i;
                highest = score;
            }
        }
        return best;
    }

    private static Candidate candidate(Neighbours images, Head head, int index) {
        double[] probabilities = head.probabilities(images.feature(index));
        return new Candidate(
                index,
                head.label(probabilities),
                head.confidence(probabilities),
                1 - head.activation().margin(probabilities));
    }
}
