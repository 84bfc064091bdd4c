package dev.graft.evaluation;

import dev.graft.feature.ImageFeature;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The fold each image is held out with. By the hash of its content, which spreads every class
 * evenly but for chance and does not move an image when others come or go; near-duplicates all go
 * with the one whose feature is oldest, so that an image added later follows and does not lead. A
 * group larger than a fold is no series of one thing: the backbone cannot tell its images apart
 * (parts on one belt, say), and each stays where its own content puts it.
 *
 * @param byHash (images), by the hash alone
 * @param grouped (images), near-duplicates always in one fold
 * @param nearDuplicates images that have at least one
 */
public record Folds(int[] byHash, int[] grouped, int nearDuplicates) {

    /**
     * What decides the fold of an image.
     *
     * @param hash SHA-256 of the file, lower-case hex
     * @param time when its feature was made
     */
    public record Image(String hash, Instant time) {}

    /**
     * Of images with their features.
     *
     * @param feature gives the feature of an image, from several threads at once
     * @param folds how many, at least 2
     * @param cosine from which on two images are near-duplicates
     */
    public static Folds of(
            List<Image> images, IntFunction<float[]> feature, int folds, double cosine) {
        int[] groups = NearDuplicates.groups(images.size(), feature, cosine);
        Comparator<Integer> age =
                Comparator.<Integer, Instant>comparing(i -> images.get(i).time())
                        .thenComparing(i -> images.get(i).hash());
        int[] eldest = new int[groups.length];
        int[] sizes = new int[groups.length];
        for (int i = 0; i < groups.length; i++) {
            int group = groups[i];
            eldest[group] =
                    sizes[group]++ == 0 || age.compare(i, eldest[group]) < 0 ? i : eldest[group];
        }
        int[] byHash = new int[groups.length];
        int[] grouped = new int[groups.length];
        int alike = 0;
        for (int i = 0; i < groups.length; i++) {
            byHash[i] = ImageFeature.fold(images.get(i).hash(), folds);
            int size = sizes[groups[i]];
            boolean series = size > 1 && size <= Math.max(2, groups.length / folds);
            int leader = series ? eldest[groups[i]] : i;
            grouped[i] = ImageFeature.fold(images.get(leader).hash(), folds);
            alike += series ? 1 : 0;
        }
        return new Folds(byHash, grouped, alike);
    }
}
