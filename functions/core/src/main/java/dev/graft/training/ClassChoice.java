package dev.graft.training;

import dev.graft.feature.ImageIndex;
import dev.graft.feature.Label;
import dev.graft.head.Head;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which classes are learned, and from which images.
 *
 * @param counts the classes, sorted, with how many images each has
 * @param leftOut classes with too few images, with their counts
 * @param images those that have at least one of the classes, sorted by key
 */
record ClassChoice(
        SortedMap<String, Integer> counts,
        Map<String, Integer> leftOut,
        List<TrainingImage> images) {
    /**
     * Every class that has enough images.
     *
     * @param labelled sorted by key
     * @throws NotEnoughDataException if these are fewer than two
     */
    static ClassChoice of(List<TrainingImage> labelled, TrainingSettings settings) {
        var leftOut = counts(labelled.stream().map(TrainingImage::label), settings);
        var kept = kept(leftOut, settings);
        leftOut.keySet().removeAll(kept.keySet());
        List<TrainingImage> images =
                labelled.stream()
                        .filter(
                                image ->
                                        settings.activation().classes(image.label()).stream()
                                                .anyMatch(kept::containsKey))
                        .toList();
        return new ClassChoice(kept, leftOut, images);
    }

    /**
     * Tells by the listing alone, before any feature is read, that a training could not begin.
     *
     * @param listed pictures as they are listed
     * @throws NotEnoughDataException if fewer than two classes have enough images
     */
    static void expectEnough(
            Collection<ImageIndex.Change> listed, String backbone, TrainingSettings settings) {
        Stream<String> labels =
                listed.stream()
                        .filter(
                                image ->
                                        image.picture()
                                                .filter(p -> p.backbones().contains(backbone))
                                                .isPresent())
                        .flatMap(image -> image.label().stream())
                        .map(Label::name)
                        .filter(Label::isOfClass);
        kept(counts(labels, settings), settings);
    }

    private static TreeMap<String, Integer> counts(
            Stream<String> labels, TrainingSettings settings) {
        TreeMap<String, Integer> counts = new TreeMap<>();
        labels.flatMap(label -> settings.activation().classes(label).stream())
                .forEach(name -> counts.merge(name, 1, Integer::sum));
        return counts;
    }

    private static TreeMap<String, Integer> kept(
            Map<String, Integer> counts, TrainingSettings settings) {
        TreeMap<String, Integer> kept = new TreeMap<>(counts);
        kept.values().removeIf(count -> count < settings.minimumPerClass());
        if (kept.size() < 2) {
            throw new NotEnoughDataException(counts, settings.minimumPerClass());
        }
        return kept;
    }

    /** The classes, sorted. */
    List<String> classes() {
        return List.copyOf(counts.keySet());
    }

    /** Those that are learned from few images, with their counts. */
    Map<String, Integer> weak() {
        TreeMap<String, Integer> weak = new TreeMap<>(counts);
        weak.values().removeIf(count -> count >= Head.ENOUGH_OF_A_CLASS);
        return weak;
    }
}
