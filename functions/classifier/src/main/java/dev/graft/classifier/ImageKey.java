package dev.graft.classifier;

import dev.graft.feature.BadRequestException;
import dev.graft.feature.ImageStore;
import java.nio.charset.StandardCharsets;

/**
 * Checks the keys of images that a request names. A key is refused only where no object of the
 * images bucket can have it.
 */
final class ImageKey {
    /** Amazon S3 User Guide, "Naming Amazon S3 objects": bytes of UTF-8. */
    static final int MAX_BYTES = 1024;

    private static final int SHOWN = 100;

    private ImageKey() {}

    /**
     * The key, if an image can have it.
     *
     * @throws BadRequestException if none can
     */
    static String of(String key) {
        if (key.equals(ImageStore.PREFIX) || key.endsWith("/")) {
            throw refused("key", key, "expected the key of an image, such as images/cat/1.jpg");
        }
        return checked("key", key, "expected the key of an image, such as images/cat/1.jpg");
    }

    /**
     * The text, if keys of images can start with it and a list of them can be asked for: not every
     * S3 can say in XML what has a control character.
     *
     * @throws BadRequestException if not
     */
    static String prefix(String prefix) {
        if (prefix.chars().anyMatch(Character::isISOControl)) {
            throw refused("prefix", prefix, "expected no control character: give a shorter one");
        }
        return checked("prefix", prefix, "expected one that starts with " + ImageStore.PREFIX);
    }

    private static String checked(String what, String text, String expected) {
        if (!text.startsWith(ImageStore.PREFIX)) {
            throw refused(what, text, expected);
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_BYTES) {
            throw refused(
                    what,
                    text,
                    "it has %d bytes, and S3 takes at most %d".formatted(bytes.length, MAX_BYTES));
        }
        if (!new String(bytes, StandardCharsets.UTF_8).equals(text) || text.indexOf('\0') >= 0) {
            throw refused(what, text, "it has a character that S3 does not take");
        }
        if ((text + "/").contains("/../")) {
            throw refused(what, text, "S3 takes no key with the segment '..'");
        }
        return text;
    }

    private static BadRequestException refused(String what, String text, String why) {
        String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        return new BadRequestException("%s is '%s': %s".formatted(what, shown, why));
    }
}
