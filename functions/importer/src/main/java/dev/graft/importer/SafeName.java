package dev.graft.importer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.graft.feature.ImageStore;
import dev.graft.feature.KeyFolders;
import dev.graft.feature.Sha256;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names of files and folders that every system takes: Windows has signs and names of its own, and
 * file systems take 255 bytes. Unicode NFC. A name that may stay is never changed.
 */
final class SafeName {
    private static final int BYTES = 180;
    private static final int HASH = 8;
    private static final Pattern SIGNS = Pattern.compile("[\\p{Cntrl}\\p{Cs}<>:\"/\\\\|?*]");
    private static final Pattern DEVICE =
            Pattern.compile(
                    "(con|prn|aux|nul|(com|lpt)[0-9¹²³])([ .].*)?", Pattern.CASE_INSENSITIVE);

    private static final Map<String, Set<String>> ENDINGS =
            Map.of(
                    "image/jpeg", Set.of("jpg", "jpeg", "jpe", "jfif"),
                    "image/png", Set.of("png"),
                    "image/gif", Set.of("gif"),
                    "image/webp", Set.of("webp"));

    private SafeName() {}

    /** For the folder of a class; a + would join several. */
    static String ofClass(String label) {
        String name = any(label.replace('+', '_'));
        boolean read =
                KeyFolders.of(ImageStore.PREFIX + name + "/1.jpg")
                        .label()
                        .equals(Optional.of(name));
        return read ? name : "_" + name;
    }

    /** For a picture, with an ending that fits its type, which is added if it has another. */
    static String ofFile(String name, String mediaType) {
        int dot = name.lastIndexOf('.');
        String ending = name.substring(dot + 1).toLowerCase(Locale.ROOT);
        Set<String> known = ENDINGS.getOrDefault(mediaType, Set.of());
        if (dot > 0 && known.contains(ending)) {
            return any(name.substring(0, dot)) + name.substring(dot);
        }
        String added = mediaType.equals("image/jpeg") ? "jpg" : mediaType.replaceFirst(".*/", "");
        return any(name) + "." + added;
    }

    private static String any(String name) {
        String safe = Normalizer.normalize(name, Normalizer.Form.NFC).strip();
        safe = SIGNS.matcher(safe).replaceAll("_").replaceFirst("[. ]$", "_");
        if (safe.isEmpty() || KeyFolders.isSystem(safe) || DEVICE.matcher(safe).matches()) {
            safe = "_" + safe;
        }
        if (safe.getBytes(UTF_8).length <= BYTES) {
            return safe;
        }
        String hash = "~" + Sha256.of(safe.getBytes(UTF_8)).substring(0, HASH);
        int end = safe.length();
        while (safe.substring(0, end).getBytes(UTF_8).length > BYTES - hash.length()) {
            end = safe.offsetByCodePoints(end, -1);
        }
        return safe.substring(0, end) + hash;
    }
}
