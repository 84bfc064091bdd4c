package dev.graft.library;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.NotFoundException;
import dev.graft.feature.StoreCalls;
import dev.graft.head.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/**
 * Changes labels and counts images. Every change may be repeated. Safe for use by many threads.
 *
 * <p>The text of a label may join several names. {@link Activation} says how to read it: for
 * single-label heads the whole text is one class, for multi-label heads each name is.
 */
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
     * @param labelled number of images with a label
     * @param unlabelled number of images without one
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
     * Counts all images per class.
     *
     * @param reading says which classes a label names
     */
    public Counts counts(Activation reading) {
        TreeMap<String, Integer> labels = new TreeMap<>();
        int[] images = new int[2];
        index.forEach(
                image -> {
                    classes(image, reading).forEach(name -> labels.merge(name, 1, Integer::sum));
                    images[image.label().isPresent() ? 0 : 1]++;
                });
        return new Counts(labels, images[0], images[1]);
    }

    private static List<String> classes(ImageIndex.Entry image, Activation reading) {
        return image.label().map(label -> reading.classes(label.name())).orElse(List.of());
    }

    /**
     * Labels one image by hand.
     *
     * @param label empty to take the label away
     * @return the image as it is now
     * @throws NotFoundException if it has no feature
     */
    public ImageFeature label(String key, Optional<String> label) {
        if (!features.relabel(key, correction(label))) {
            throw new NotFoundException(
                    "no image '"
                            + key
                            + "' has a feature: upload it first, or wait some seconds until its feature is stored");
        }
        return features.find(key)
                .orElseThrow(() -> new NotFoundException("'" + key + "' was just deleted"));
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
     * Gives every image of a class another class, which may exist already. An image that is
     * labelled while this runs may keep the old name; repeat to be sure.
     *
     * @param reading says which classes a label names; the other names of a label stay
     */
    public Changed rename(String from, String to, Activation reading) {
        Map<String, List<String>> keys = new TreeMap<>();
        index.forEach(
                image -> {
                    List<String> names = new ArrayList<>(classes(image, reading));
                    if (names.remove(from)) {
                        names.add(to);
                        keys.computeIfAbsent(Label.join(names), l -> new ArrayList<>())
                                .add(image.key());
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
