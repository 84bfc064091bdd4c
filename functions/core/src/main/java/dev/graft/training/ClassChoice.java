package dev.graft.training;

import dev.graft.head.Head;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

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
        TreeMap<String, Integer> leftOut = new TreeMap<>();
        for (TrainingImage image : labelled) {
            settings.activation()
                    .classes(image.label())
                    .forEach(name -> leftOut.merge(name, 1, Integer::sum));
        }
        TreeMap<String, Integer> kept = new TreeMap<>(leftOut);
        kept.values().removeIf(count -> count < settings.minimumPerClass());
        if (kept.size() < 2) {
            throw new NotEnoughDataException(leftOut, settings.minimumPerClass());
        }
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
