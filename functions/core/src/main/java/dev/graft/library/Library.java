package dev.graft.library;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.StoreCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** Changes labels and counts images. Every change may be repeated. Safe for use by many threads. */
public final class Library {
    private final FeatureStore features;
    private final ImageIndex index;

    /** Over the features and the list of the same images. */
    public Library(FeatureStore features, ImageIndex index) {
        this.features = features;
        this.index = index;
    }

    /**
     * Images per class.
     *
     * @param labels by name
     * @param labelled images with label
     * @param unlabelled images without
     */
    public record Counts(Map<String, Integer> labels, int labelled, int unlabelled) {}

    /**
     * What a change of many labels did.
     *
     * @param changed images that have the label now
     * @param missing keys that have no feature
     */
    public record Changed(int changed, List<String> missing) {}

    /**
     * Counts all images.
     *
     * @param several whether to count each of several labels of an image by itself
     */
    public Counts counts(boolean several) {
        TreeMap<String, Integer> labels = new TreeMap<>();
        int[] images = new int[2];
        index.forEach(
                image -> {
                    names(image, several).forEach(name -> labels.merge(name, 1, Integer::sum));
                    images[image.label().isPresent() ? 0 : 1]++;
                });
        return new Counts(labels, images[0], images[1]);
    }

    private static List<String> names(ImageIndex.Entry image, boolean several) {
        return image.label()
                .map(label -> several ? Label.split(label.name()) : List.of(label.name()))
                .orElse(List.of());
    }

    /**
     * Labels one image by hand.
     *
     * @param label empty to take the label away
     * @return the image as it is now
     * @throws NoSuchElementException if it has no feature
     */
    public ImageFeature label(String key, Optional<String> label) {
        if (!features.relabel(key, correction(label))) {
            throw new NoSuchElementException(
                    "nothing is known of '"
                            + key
                            + "': upload it first, or wait some seconds until it is featurized");
        }
        return features.find(key)
                .orElseThrow(() -> new NoSuchElementException("'" + key + "' was just deleted"));
    }

    /** Labels many images by hand. */
    public Changed label(List<String> keys, Optional<String> label) {
        Optional<Label> correction = correction(label);
        List<String> distinct = keys.stream().distinct().toList();
        List<Boolean> answers =
                StoreCalls.concurrently(
                        distinct.stream()
                                .<Callable<Boolean>>map(
                                        key -> () -> features.relabel(key, correction))
                                .toList());
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            if (!answers.get(i)) {
                missing.add(distinct.get(i));
            }
        }
        return new Changed(distinct.size() - missing.size(), missing);
    }

    /**
     * Gives every image of a class another class, which may be there already. An image labelled
     * while this runs may keep the old name; repeat to be sure.
     *
     * @param several whether it may be one of several labels of an image; the others stay
     */
    public Changed rename(String from, String to, boolean several) {
        Map<String, List<String>> keys = new TreeMap<>();
        index.forEach(
                image -> {
                    List<String> names = new ArrayList<>(names(image, several));
                    if (names.remove(from)) {
                        names.add(to);
                        String label = several ? Label.join(names) : to;
                        keys.computeIfAbsent(label, l -> new ArrayList<>()).add(image.key());
                    }
                });
        int changed = 0;
        List<String> missing = new ArrayList<>();
        for (var group : keys.entrySet()) {
            Changed part = label(group.getValue(), Optional.of(group.getKey()));
            changed += part.changed;
            missing.addAll(part.missing);
        }
        return new Changed(changed, missing);
    }

    private static Optional<Label> correction(Optional<String> label) {
        return label.map(name -> new Label(name, LabelSource.CORRECTION));
    }
}
