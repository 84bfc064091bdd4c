package dev.graft.evaluation;

import dev.graft.feature.ImageFeature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The fold each image is held out with. The {@value #DEALT} oldest of each class are dealt to the
 * folds in turn, so that every fold has its share of a small class; all others go by the hash of
 * their content. An image added later moves none. One moves when an older one among those dealt is
 * deleted, gets another label, or has its feature made anew. Near-duplicates all go with the one
 * whose feature is oldest, so that an image added later follows and does not lead. A group larger
 * than a fold is no series of one thing: its images cannot be told apart (parts on one belt, say),
 * and each stays where its own content puts it.
 *
 * @param byHash (images), of the same content always in one fold, near-duplicates not
 * @param grouped (images), near-duplicates always in one fold
 * @param groups of near-duplicates, the oldest of each first
 */
public record Folds(int[] byHash, int[] grouped, List<List<Integer>> groups) {
    /** Beyond that many, chance spreads a class evenly enough. */
    private static final int DEALT = 25;

    /**
     * What decides the fold of an image.
     *
     * @param label its class; where it has several, the rarest
     * @param hash SHA-256 of the file, lower-case hex
     * @param time when its feature was made
     * @param thumbnail see {@link dev.graft.image.Thumbnail}; of length 0 where there is none
     */
    public record Image(String key, String label, String hash, Instant time, byte[] thumbnail) {}

    /**
     * Of images with their features.
     *
     * @param feature gives the feature of an image, from several threads at once
     * @param folds how many, at least 2
     * @param cosine from which on two images without thumbnails are near-duplicates
     * @param stop asked now and then; once it says so, not all near-duplicates are found
     */
    public static Folds of(
            List<Image> images,
            IntFunction<float[]> feature,
            int folds,
            double cosine,
            BooleanSupplier stop) {
        int[] byAge =
                IntStream.range(0, images.size())
                        .boxed()
                        .sorted(
                                Comparator.<Integer, Instant>comparing(i -> images.get(i).time())
                                        .thenComparing(i -> images.get(i).hash())
                                        .thenComparing(i -> images.get(i).key()))
                        .mapToInt(i -> i)
                        .toArray();
        int[] first =
                NearDuplicates.groups(
                        new NearDuplicates.Images(
                                IntStream.of(byAge).mapToObj(i -> images.get(i).key()).toList(),
                                i -> feature.apply(byAge[i]),
                                IntStream.of(byAge)
                                        .mapToObj(i -> images.get(i).thumbnail())
                                        .toList(),
                                cosine),
                        stop);
        TreeMap<Integer, List<Integer>> groups = new TreeMap<>();
        for (int i = 0; i < first.length; i++) {
            groups.computeIfAbsent(first[i], group -> new ArrayList<>()).add(byAge[i]);
        }
        groups.values()
                .removeIf(g -> g.size() == 1 || g.size() > Math.max(2, images.size() / folds));
        int[] byHash = dealt(images, byAge, folds);
        List<Integer> following = new ArrayList<>();
        groups.values().forEach(group -> following.addAll(group.subList(1, group.size())));
        Set<Integer> follow = Set.copyOf(following);
        int[] leading = IntStream.of(byAge).filter(i -> !follow.contains(i)).toArray();
        int[] grouped = dealt(images, leading, folds);
        for (List<Integer> group : groups.values()) {
            group.forEach(i -> grouped[i] = grouped[group.getFirst()]);
        }
        return new Folds(byHash, grouped, List.copyOf(groups.values()));
    }

    /**
     * The folds of some images.
     *
     * @param byAge which, the oldest first
     * @return (images), 0 of all others
     */
    private static int[] dealt(List<Image> images, int[] byAge, int folds) {
        int[] fold = new int[images.size()];
        Map<String, Integer> ofContent = new HashMap<>();
        Map<String, Integer> ofClass = new HashMap<>();
        for (int i : byAge) {
            Image image = images.get(i);
            Integer same = ofContent.get(image.hash());
            if (same != null) {
                fold[i] = same;
            } else {
                int place = ofClass.merge(image.label(), 1, Integer::sum) - 1;
                fold[i] = place < DEALT ? place % folds : ImageFeature.fold(image.hash(), folds);
                ofContent.put(image.hash(), fold[i]);
            }
        }
        return fold;
    }

    /** Images that have at least one near-duplicate. */
    public int nearDuplicates() {
        return groups.stream().mapToInt(Collection::size).sum();
    }
}
