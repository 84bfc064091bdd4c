package dev.graft.evaluation;

import dev.graft.feature.Vectors;
import dev.graft.image.Thumbnail;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Finds images that are one picture, altered: made smaller, cut, turned by a few degrees, mirrored,
 * compressed anew. Features and thumbnails that point in about the same direction propose pairs
 * ({@link SignPairs}), and the thumbnails, laid over each other, decide ({@link Alignment}): what
 * is shown alike is not one picture. Names that programs give to copies ({@link CopyName}) count
 * too.
 *
 * <p>From {@value #SAME} on two images are near-duplicates. A group grows from its first image
 * along such pairs, and takes only what is at least {@value #ALIKE} to that first one as well, so
 * that no chain leads from one picture to another. The thresholds and what they find were measured:
 * {@code functions/benchmarks/README.md}.
 */
public final class NearDuplicates {
    /** Where the random projections start. */
    public static final long SEED = SignPairs.SEED;

    private static final double SAME = 0.7;
    private static final double ALIKE = 0.6;

    /** Of the coarse thumbnails; 95 % of altered copies have more. */
    private static final double WORTH_A_LOOK = 0.78;

    /** Similarity of names, which tell of copies that pixels do not show. */
    private static final double SAID = 2;

    /** Of so many images the pairs are looked at together, about a kilobyte for each. */
    private static final int AT_ONCE = 50_000;

    private static final int NONE = -1;

    /** In place of a thumbnail. */
    private static final float[] NOTHING = new float[Thumbnail.COARSE * Thumbnail.COARSE];

    private NearDuplicates() {}

    /**
     * What is known of the images.
     *
     * @param keys (images), in the order in which they may become the first of a group
     * @param feature gives the feature of an image, from several threads at once
     * @param thumbnails (images), see {@link dev.graft.image.Thumbnail}; of length 0 where there is
     *     none
     * @param cosine from which on two images without thumbnails are near-duplicates
     */
    public record Images(
            List<String> keys,
            IntFunction<float[]> feature,
            List<byte[]> thumbnails,
            double cosine) {

        private boolean seen(int i) {
            return thumbnails.get(i).length > 0;
        }
    }

    private record Link(int to, double similarity) {}

    /**
     * Groups near-duplicates; the same images in the same order give the same groups.
     *
     * @param stop asked now and then; once it says so, not all near-duplicates are found
     * @return (images), the group of each: the index of its first image, its own if it has no
     *     near-duplicate
     */
    public static int[] groups(Images images, BooleanSupplier stop) {
        int count = images.keys().size();
        List<List<Link>> links = links(images, stop);
        addNames(images.keys(), links);
        int[] group = new int[count];
        Arrays.fill(group, NONE);
        for (int first = 0; first < count; first++) {
            if (group[first] == NONE) {
                grow(images, first, links, group);
            }
        }
        return group;
    }

    /**
     * The group of one image among few, of which all pairs are looked at.
     *
     * @param images first the one, then those that it is compared with
     * @return indices of the others in its group, ascending
     */
    public static int[] ofFirst(Images images) {
        int count = images.keys().size();
        List<List<Link>> links = empty(count);
        addNames(images.keys(), links);
        int[] near =
                IntStream.range(0, count)
                        .filter(i -> i == 0 || similarity(images, 0, i) >= ALIKE)
                        .toArray();
        for (int i : near) {
            for (int j : near) {
                double similarity = i < j ? similarity(images, i, j) : 0;
                if (similarity >= SAME) {
                    link(links, i, j, similarity);
                }
            }
        }
        int[] group = new int[count];
        Arrays.fill(group, NONE);
        grow(images, 0, links, group);
        return IntStream.range(1, count).filter(i -> group[i] == 0).toArray();
    }

    private static List<List<Link>> empty(int count) {
        return IntStream.range(0, count).<List<Link>>mapToObj(i -> new ArrayList<>()).toList();
    }

    private static void grow(Images images, int first, List<List<Link>> links, int[] group) {
        group[first] = first;
        Queue<Integer> open = new ArrayDeque<>(List.of(first));
        while (!open.isEmpty()) {
            int from = open.remove();
            for (Link link : links.get(from)) {
                if (group[link.to] == NONE
                        && link.similarity >= SAME
                        && (from == first
                                || link.similarity == SAID
                                || similarity(images, first, link.to) >= ALIKE)) {
                    group[link.to] = first;
                    open.add(link.to);
                }
            }
        }
    }

    private static double similarity(Images images, int i, int j) {
        byte[] a = images.thumbnails().get(i);
        byte[] b = images.thumbnails().get(j);
        if (a.length == 0 || b.length == 0 || Arrays.equals(a, b)) {
            float[] feature = images.feature().apply(i);
            double cosine = Vectors.cosine(feature, images.feature().apply(j));
            return cosine >= images.cosine() ? 1 : 0;
        }
        return Math.max(laid(a, b), laid(b, a));
    }

    private static double laid(byte[] whole, byte[] part) {
        float[][] parts = {Thumbnail.coarse(part)};
        return Alignment.similarity(whole, part, Alignment.best(whole, parts).poses()[0]);
    }

    private static void addNames(List<String> keys, List<List<Link>> links) {
        Map<String, List<Integer>> byStem = new HashMap<>();
        Map<String, Boolean> copied = new HashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            CopyName.Stem stem = CopyName.of(keys.get(i));
            byStem.computeIfAbsent(stem.text(), text -> new ArrayList<>()).add(i);
            copied.merge(stem.text(), stem.copy(), Boolean::logicalOr);
        }
        byStem.forEach(
                (stem, some) -> {
                    if (copied.getOrDefault(stem, false)) {
                        int first = some.getFirst();
                        some.stream().skip(1).forEach(i -> link(links, first, i, SAID));
                    }
                });
    }

    private static void link(List<List<Link>> links, int i, int j, double similarity) {
        links.get(i).add(new Link(j, similarity));
        links.get(j).add(new Link(i, similarity));
    }

    private static List<List<Link>> links(Images images, BooleanSupplier stop) {
        int count = images.keys().size();
        float[][] coarse =
                images.thumbnails().stream()
                        .map(t -> t.length == 0 ? NOTHING : Thumbnail.coarse(t))
                        .toArray(float[][]::new);
        int[] seen = IntStream.range(0, count).filter(images::seen).toArray();
        var byFeature = new SignPairs(count, images.feature());
        var byThumbnail = new SignPairs(seen.length, i -> coarse[seen[i]]);
        List<List<Link>> links = empty(count);
        for (int from = 0; from < count && !stop.getAsBoolean(); from += AT_ONCE) {
            int to = Math.min(count, from + AT_ONCE);
            int[][] proposed = proposed(count, pairs(byFeature, byThumbnail, seen, from, to));
            Laid[] laid =
                    IntStream.range(0, count)
                            .parallel()
                            .mapToObj(i -> laid(images, i, proposed[i], coarse, stop))
                            .toArray(Laid[]::new);
            List<List<Link>> found =
                    IntStream.range(from, to)
                            .parallel()
                            .mapToObj(i -> links(images, i, laid, stop))
                            .toList();
            for (int i = from; i < to; i++) {
                for (Link link : found.get(i - from)) {
                    link(links, i, link.to, link.similarity);
                }
            }
        }
        return links;
    }

    private static long[] pairs(
            SignPairs byFeature, SignPairs byThumbnail, int[] seen, int from, int to) {
        LongStream alikeThumbnails =
                Arrays.stream(byThumbnail.pairs(place(seen, from), place(seen, to)))
                        .map(p -> (long) seen[(int) (p >> 32)] << 32 | seen[(int) p]);
        return SignPairs.distinct(
                LongStream.concat(Arrays.stream(byFeature.pairs(from, to)), alikeThumbnails));
    }

    /** Of the first one that is not smaller. */
    private static int place(int[] ascending, int value) {
        int place = Arrays.binarySearch(ascending, value);
        return place < 0 ? -place - 1 : place;
    }

    /** For each image those that it is to be compared with, ascending. */
    private static int[][] proposed(int count, long[] pairs) {
        int[] sizes = new int[count];
        for (long pair : pairs) {
            sizes[(int) (pair >> 32)]++;
            sizes[(int) pair]++;
        }
        int[][] proposed = Arrays.stream(sizes).mapToObj(int[]::new).toArray(int[][]::new);
        int[] next = new int[count];
        for (long pair : pairs) {
            int i = (int) (pair >> 32);
            int j = (int) pair;
            proposed[i][next[i]++] = j;
            proposed[j][next[j]++] = i;
        }
        return proposed;
    }

    /**
     * How the whole of an image lies under those that it is compared with.
     *
     * @param with ascending
     * @param best of the coarse thumbnails, nothing where one has no thumbnail
     */
    private record Laid(int[] with, Alignment.Best best) {
        private int place(int other) {
            return Arrays.binarySearch(with, other);
        }
    }

    private static Laid laid(
            Images images, int i, int[] with, float[][] coarse, BooleanSupplier stop) {
        if (!images.seen(i) || with.length == 0 || stop.getAsBoolean()) {
            return new Laid(
                    with, new Alignment.Best(new byte[with.length], new float[with.length]));
        }
        float[][] parts = IntStream.of(with).mapToObj(j -> coarse[j]).toArray(float[][]::new);
        return new Laid(with, Alignment.best(images.thumbnails().get(i), parts));
    }

    /** To images after it; each pair is laid over each other in the better of both ways. */
    private static List<Link> links(Images images, int i, Laid[] laid, BooleanSupplier stop) {
        List<Link> links = new ArrayList<>();
        if (stop.getAsBoolean()) {
            return links;
        }
        for (int k = 0; k < laid[i].with.length; k++) {
            int j = laid[i].with[k];
            if (j > i) {
                double similarity = similarity(images, i, k, laid);
                if (similarity >= SAME) {
                    links.add(new Link(j, similarity));
                }
            }
        }
        return links;
    }

    private static double similarity(Images images, int i, int k, Laid[] laid) {
        int j = laid[i].with[k];
        byte[] a = images.thumbnails().get(i);
        byte[] b = images.thumbnails().get(j);
        if (a.length == 0 || b.length == 0 || Arrays.equals(a, b)) {
            return similarity(images, i, j);
        }
        int back = laid[j].place(i);
        Alignment.Best one = laid[i].best;
        Alignment.Best other = laid[j].best;
        float there = one.correlations()[k];
        float here = other.correlations()[back];
        if (Math.max(there, here) < WORTH_A_LOOK) {
            return 0;
        }
        return there >= here
                ? Alignment.similarity(a, b, one.poses()[k])
                : Alignment.similarity(b, a, other.poses()[back]);
    }
}
