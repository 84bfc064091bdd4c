package dev.graft.evaluation;

import dev.graft.feature.ImageFeature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The fold each image is held out with. By the hash of its content, which spreads every class
 * evenly but for chance and does not move an image when others come or go; near-duplicates all go
 * with the one whose feature is oldest, so that an image added later follows and does not lead. A
 * group larger than a fold is no series of one thing: its images cannot be told apart (parts on one
 * belt, say), and each stays where its own content puts it.
 *
 * @param byHash (images), by the hash alone
 * @param grouped (images), near-duplicates always in one fold
 * @param groups of near-duplicates, the oldest of each first
 */
public record Folds(int[] byHash, int[] grouped, List<List<Integer>> groups) {

    /**
     * What decides the fold of an image.
     *
     * @param hash SHA-256 of the file, lower-case hex
     * @param time when its feature was made
     * @param thumbnail see {@link dev.graft.image.Thumbnail}; of length 0 where there is none
     */
    public record Image(String key, String hash, Instant time, byte[] thumbnail) {}

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
        int[] byHash = images.stream().mapToInt(i -> ImageFeature.fold(i.hash(), folds)).toArray();
        int[] grouped = byHash.clone();
        for (List<Integer> group : groups.values()) {
            group.forEach(i -> grouped[i] = byHash[group.getFirst()]);
        }
        return new Folds(byHash, grouped, List.copyOf(groups.values()));
    }

    /** Images that have at least one near-duplicate. */
    public int nearDuplicates() {
        return groups.stream().mapToInt(Collection::size).sum();
    }
}
