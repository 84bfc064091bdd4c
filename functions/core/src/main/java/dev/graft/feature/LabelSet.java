package dev.graft.feature;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a label set: one question about the images of a collection, such as what type of
 * thing they show, or whether it is damaged. An image has one feature and in each set a label of
 * its own; each set has its own heads, settings and reports. A store, an index or a record looked
 * at {@code in} a set is the same one with the labels of that set, so that whatever works on the
 * labels works on each set alike.
 *
 * <p>Where no set is named, {@link #DEFAULT} is meant: it needs no other, and folders label no
 * other. Another is made by who names it first, for the objects of the bucket, or by the API.
 *
 * @param name 1 to 32 lower-case letters of ASCII, digits and hyphens, a letter first, so that an
 *     object tag, a header, a path and a query parameter can all name it; none that {@link
 *     KeyFolders#isSplit} knows, as many data sets call their splits sets
 */
public record LabelSet(String name) implements Comparable<LabelSet> {
    /**
     * In which the files of sets other than the default one are, below the folder of their kind.
     */
    public static final String FOLDER = "sets/";

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    /** The one that is meant where none is named. */
    public static final LabelSet DEFAULT = new LabelSet("default");

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if it is no name of a set
     */
    public LabelSet {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "label set '%s': expected 1 to 32 lower-case letters, digits and hyphens, a letter first, and not what data sets call a split, such as train"
                            .formatted(name));
        }
    }

    /** The set of this name; empty if no set can have it. */
    public static Optional<LabelSet> named(String text) {
        return isName(text) ? Optional.of(new LabelSet(text)) : Optional.empty();
    }

    private static boolean isName(String text) {
        return NAME.matcher(text).matches() && !KeyFolders.isSplit(text);
    }

    /**
     * The set that somebody names.
     *
     * @throws BadRequestException if no set can have this name
     */
    public static LabelSet of(String text) {
        try {
            return new LabelSet(text);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Whether this is the one that is meant where none is named. */
    public boolean isDefault() {
        return equals(DEFAULT);
    }

    /**
     * Where its files are below the folder of their kind: {@code sets/damage/}; empty text for the
     * default one.
     */
    public String folder() {
        return isDefault() ? "" : FOLDER + name + "/";
    }

    /** By name, the default one first. */
    @Override
    public int compareTo(LabelSet other) {
        return isDefault() == other.isDefault() ? name.compareTo(other.name) : isDefault() ? -1 : 1;
    }

    @Override
    public String toString() {
        return name;
    }
}
