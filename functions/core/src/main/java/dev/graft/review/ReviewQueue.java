package dev.graft.review;

import dev.graft.head.Head;
import dev.graft.prediction.Neighbours;
import dev.graft.prediction.Neighbours.Neighbour;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Chooses the unlabelled images whose labels would help most: those whose answer is near another
 * one, and not like one another. An image is worth (1 - margin) x (1 - cosine to the nearest one
 * chosen before), where the margin is that of {@link dev.graft.head.Activation#margin} and the
 * cosine is that of the features as the head standardizes them: as they are stored, all point about
 * the same way.
 */
public final class ReviewQueue {
    /** Unlabelled images this similar, with the same suggestion, are offered together. */
    private static final double ALIKE = 0.9;

    private static final int MOST_ALIKE = 20;
    private static final int CANDIDATES_EACH = 10;

    private ReviewQueue() {}

    /**
     * One image to look at.
     *
     * @param key of the image
     * @param suggestion what the head answers, the text of a label
     * @param probability of it, 0..1; of several classes the least
     * @param alike unlabelled look-alikes, nearest first
     */
    public record Item(String key, String suggestion, double probability, List<Neighbour> alike) {}

    private record Candidate(int place, String suggestion, double probability, double doubt) {}

    /**
     * The most useful images first.
     *
     * @param limit at most so many
     */
    public static List<Item> of(Neighbours images, Head head, int limit) {
        Candidate[] all =
                IntStream.range(0, images.size())
                        .filter(place -> images.label(place) == null)
                        .parallel()
                        .mapToObj(place -> candidate(images, head, place))
                        .toArray(Candidate[]::new);
        String[] suggestions = new String[images.size()];
        Arrays.stream(all).forEach(image -> suggestions[image.place()] = image.suggestion());
        List<Candidate> open = mostDoubtful(all, images, CANDIDATES_EACH * limit);
        float[][] directions = directions(open, images, head.parameters());
        double[] novelty = new double[open.size()];
        Arrays.fill(novelty, 1);
        Set<String> used = new HashSet<>();
        List<Item> queue = new ArrayList<>();
        while (queue.size() < limit) {
            int chosen = best(open, novelty, images, used);
            if (chosen < 0) {
                break;
            }
            Candidate next = open.get(chosen);
            used.add(images.key(next.place()));
            List<Neighbour> alike =
                    images
                            .nearest(
                                    images.unit(next.place()),
                                    MOST_ALIKE,
                                    i ->
                                            next.suggestion().equals(suggestions[i])
                                                    && !used.contains(images.key(i)))
                            .stream()
                            .filter(image -> image.similarity() >= ALIKE)
                            .toList();
            alike.forEach(image -> used.add(image.key()));
            queue.add(
                    new Item(
                            images.key(next.place()),
                            next.suggestion(),
                            next.probability(),
                            alike));
            for (int i = 0; i < novelty.length; i++) {
                double cosine = Neighbours.cosine(directions[chosen], directions[i]);
                novelty[i] = Math.min(novelty[i], 1 - cosine);
            }
        }
        return queue;
    }

    private static List<Candidate> mostDoubtful(Candidate[] all, Neighbours images, int limit) {
        return Arrays.stream(all)
                .sorted(
                        Comparator.comparingDouble(Candidate::doubt)
                                .reversed()
                                .thenComparing(image -> images.key(image.place())))
                .limit(limit)
                .toList();
    }

    /** Standardized features of length 1, (candidates, width). */
    private static float[][] directions(
            List<Candidate> open, Neighbours images, Head.Parameters numbers) {
        return open.stream()
                .map(
                        image -> {
                            float[] feature = images.feature(image.place());
                            for (int i = 0; i < feature.length; i++) {
                                feature[i] = (feature[i] - numbers.mean()[i]) / numbers.scale()[i];
                            }
                            return Neighbours.unit(feature);
                        })
                .toArray(float[][]::new);
    }

    /** Place among the candidates of the one worth most; -1 if all are used. */
    private static int best(
            List<Candidate> open, double[] novelty, Neighbours images, Set<String> used) {
        int best = -1;
        double most = -1;
        for (int i = 0; i < novelty.length; i++) {
            double worth = open.get(i).doubt() * novelty[i];
            if (worth > most && !used.contains(images.key(open.get(i).place()))) {
                best = i;
                most = worth;
            }
        }
        return best;
    }

    private static Candidate candidate(Neighbours images, Head head, int place) {
        double[] probabilities = head.probabilities(images.feature(place));
        return new Candidate(
                place,
                head.label(probabilities),
                head.confidence(probabilities),
                1 - head.activation().margin(probabilities));
    }
}
