package dev.graft.feature;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The class of an image. Where images have several, one text names them all, joined by +, which is
 * one of the few signs that object tags allow: {@code sea+sky}.
 *
 * @param name what people call the class
 * @param source who says so
 */
public record Label(String name, LabelSource source) {
    /**
     * Marks an image that shows none of the classes. It is no class: no head learns it, and what is
     * like such images is not known (see {@link dev.graft.index.Novelty}).
     */
    public static final String NONE_OF_THESE = "none of these";

    private static final String SEPARATOR = "+";

    /** Whether this is the name of a class, or of several. */
    public static boolean isOfClass(String text) {
        return !text.equals(NONE_OF_THESE);
    }

    /** One text of several names, each once and sorted. */
    public static String join(Collection<String> names) {
        return String.join(SEPARATOR, new TreeSet<>(names));
    }

    /** Whether this is one of the names it joins, or the only one. */
    public boolean has(String one) {
        return split(name).contains(one);
    }

    /** The names that one text joins, each once and sorted; none are empty. */
    public static List<String> split(String text) {
        return Stream.of(text.split("\\+"))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .distinct()
                .sorted()
                .toList();
    }
}
