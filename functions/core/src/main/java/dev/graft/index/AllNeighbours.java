package dev.graft.index;

import dev.graft.feature.ImageIndex;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSet;
import dev.graft.feature.StoreException;
import dev.graft.index.Neighbours.Neighbour;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The most similar of all images: of those in memory and, where these are a sample, of those in a
 * {@link VectorIndex}, which the last training brought up to date. Labels are as they are now, and
 * images that are gone are left out, as the table is asked for those that were found. While the
 * index does not answer, those in memory count. Safe for use by many threads.
 */
public final class AllNeighbours {
    /** Some of those found may have lost their labels since. */
    private static final int ASKED_FOR_LABELLED = 2 * Novelty.NEAREST;

    private final KnownImages known;
    private final Optional<VectorIndex> vectors;
    private final ImageIndex index;
    private final LabelSet set;
    private final Consumer<RuntimeException> failed;

    /**
     * Of the images in memory and those beyond.
     *
     * @param vectors empty where there is none
     * @param index of the same images with their labels in {@code set}
     * @param failed is told why an index was not asked
     */
    public AllNeighbours(
            KnownImages known,
            Optional<VectorIndex> vectors,
            ImageIndex index,
            LabelSet set,
            Consumer<RuntimeException> failed) {
        this.known = known;
        this.vectors = vectors;
        this.index = index;
        this.set = set;
        this.failed = failed;
    }

    /** The images in memory. */
    public KnownImages known() {
        return known;
    }

    /** Whether every image of a backbone is in an index, up to the last training. */
    public static boolean areFound(VectorIndex vectors, IndexStore files, String backbone) {
        return VectorsWritten.read(files.in(LabelSet.DEFAULT), backbone, vectors.place())
                .filter(written -> written.begun().isEmpty())
                .isPresent();
    }

    /**
     * The most similar images, best first.
     *
     * @param feature (width), of length 1
     * @param count at most so many
     * @param except the key of an image to leave out; empty text for none
     */
    public List<Neighbour> nearest(
            KnownImages.Snapshot now, float[] feature, int count, String except) {
        Neighbours images = now.images();
        int self = images.place(except);
        var asked = new Question(feature, count + 1, VectorIndex.Which.ALL);
        return best(
                count,
                images.nearest(feature, count, i -> i != self),
                beyond(now, asked, image -> !image.key().equals(except)));
    }

    /**
     * The most similar images with the label of a class, best first, as many as {@link
     * Novelty.Familiarity#nearest} has.
     *
     * @param feature (width), of length 1
     * @param inMemory these in memory
     */
    public List<Neighbour> labelled(
            KnownImages.Snapshot now, float[] feature, List<Neighbour> inMemory) {
        // an index knows of the labels of the default set alone
        Question asked =
                set.isDefault()
                        ? new Question(feature, ASKED_FOR_LABELLED, VectorIndex.Which.LABELLED)
                        : new Question(feature, VectorIndex.MOST, VectorIndex.Which.ALL);
        return best(Novelty.NEAREST, inMemory, beyond(now, asked, AllNeighbours::isOfClass));
    }

    private static boolean isOfClass(ImageIndex.Entry image) {
        return image.label().map(Label::name).filter(Label::isOfClass).isPresent();
    }

    private record Question(float[] feature, int count, VectorIndex.Which which) {}

    private List<Neighbour> beyond(
            KnownImages.Snapshot now, Question asked, Predicate<ImageIndex.Entry> wanted) {
        if (vectors.isEmpty() || !now.images().told().sampled()) {
            return List.of();
        }
        try {
            Map<String, Double> found = new LinkedHashMap<>();
            int count = Math.min(asked.count(), VectorIndex.MOST);
            vectors.get()
                    .nearest(now.backbone(), asked.feature(), count, asked.which())
                    .forEach(image -> found.put(image.key(), image.similarity()));
            return index.find(List.copyOf(found.keySet())).stream()
                    .filter(wanted)
                    .map(image -> neighbour(image, found))
                    .toList();
        } catch (StoreException e) {
            failed.accept(e);
            return List.of();
        }
    }

    private static Neighbour neighbour(ImageIndex.Entry image, Map<String, Double> found) {
        double similarity = found.getOrDefault(image.key(), -1.0);
        return new Neighbour(image.key(), image.label().map(Label::name), similarity);
    }

    /** Of those in both the ones of the index, whose values are not rounded. */
    private static List<Neighbour> best(
            int count, List<Neighbour> inMemory, List<Neighbour> beyond) {
        Map<String, Neighbour> both = new HashMap<>();
        inMemory.forEach(image -> both.put(image.key(), image));
        beyond.forEach(image -> both.put(image.key(), image));
        List<Neighbour> sorted = new ArrayList<>(both.values());
        sorted.sort(Neighbours.BEST_FIRST);
        return List.copyOf(sorted.subList(0, Math.min(count, sorted.size())));
    }
}
