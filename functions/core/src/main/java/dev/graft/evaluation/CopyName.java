package dev.graft.evaluation;

import dev.graft.feature.ImageStore;
import dev.graft.feature.KeyFolders;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What programs add to the name of a picture for a copy: {@code cat.rf.0123….jpg} of Roboflow,
 * {@code cat-150x150.jpg} of WordPress, {@code cat_aug_3.jpg}, {@code cat copy.jpg}, {@code cat -
 * Copy (2).jpg}. A bare {@code (2)} is none of them: Windows numbers different pictures so.
 */
final class CopyName {
    private static final Pattern MARK =
            Pattern.compile(
                    "(\\.rf\\.[0-9a-z]{20,}|-\\d{2,5}x\\d{2,5}|[-_ ](aug|augmented)([-_ ]?\\d+)?"
                            + "|( - |[-_ ])copy([-_ ]?\\d+| ?\\(\\d+\\))?)$");

    private static final Pattern ENDING = Pattern.compile("\\.[0-9a-z]{1,5}$");

    private CopyName() {}

    /**
     * What the copies of a picture have in common.
     *
     * @param text the key in lower case, without split, ending and marks of copies
     * @param copy whether there was such a mark
     */
    record Stem(String text, boolean copy) {}

    /** Of a key that begins with {@value ImageStore#PREFIX}, or another one. */
    static Stem of(String key) {
        String name = key.toLowerCase(Locale.ROOT);
        if (name.startsWith(ImageStore.PREFIX)) {
            int split = KeyFolders.of(name).split().map(s -> s.length() + 1).orElse(0);
            name = name.substring(ImageStore.PREFIX.length() + split);
        }
        String whole = without(ENDING, name);
        String original = whole;
        String shorter = without(MARK, original);
        while (!shorter.equals(original)) {
            original = shorter;
            shorter = without(MARK, original);
        }
        return new Stem(original, !original.equals(whole));
    }

    /** Without what the name ends in; as it is where nothing would be left of it. */
    private static String without(Pattern end, String name) {
        String left = end.matcher(name).replaceFirst("");
        return left.isEmpty() || left.endsWith("/") ? name : left;
    }
}
