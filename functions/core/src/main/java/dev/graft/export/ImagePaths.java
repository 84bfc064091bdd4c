package dev.graft.export;

import dev.graft.feature.Label;
import dev.graft.feature.Sha256;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where each image lies in a folder of files: {@code classes/<label>/<file name>}, beside it {@code
 * unlabelled/} and {@code none of these/}, so that {@code classes} holds classes and nothing else.
 * Names are such that Linux, macOS and Windows can all have them, and no two differ by case alone:
 * of those that would, all but the first get a part of the hash of what they are of. For one
 * thread.
 */
final class ImagePaths {
    private static final int LONGEST = 120;
    private static final int HASH = 8;
    private static final Pattern RESERVED =
            Pattern.compile("(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?");
    private static final Pattern IMAGE = Pattern.compile("(?i).*\\.(jpe?g|png|gif|webp)");
    private static final Pattern FORBIDDEN = Pattern.compile("[\\p{Cntrl}<>:\"/\\\\|?*]");
    private static final Pattern END = Pattern.compile("[. ]+$");

    private final Map<String, String> folders = new HashMap<>();
    private final Set<String> taken = new HashSet<>();

    /**
     * The path of the next image.
     *
     * @param label empty text where nobody said
     */
    String of(String key, String label) {
        String name = key.substring(key.lastIndexOf('/') + 1);
        // loaders go by the name, and the programs that read an image by its first bytes
        String file = safe(isImage(name) ? name : name + ".jpg");
        return unique(folders.computeIfAbsent(label, this::folder) + "/", file, key);
    }

    private String folder(String label) {
        if (label.isEmpty()) {
            return unique("", "unlabelled", "");
        }
        return Label.isOfClass(label)
                ? unique("classes/", safe(label), label)
                : unique("", Label.NONE_OF_THESE, "");
    }

    private String unique(String folder, String name, String source) {
        String path = folder + name;
        for (int i = 0; !taken.add(comparable(path)); i++) {
            String hash = Sha256.of((source + "\0" + i).getBytes(StandardCharsets.UTF_8));
            int dot = isImage(name) ? name.lastIndexOf('.') : name.length();
            path = folder + name.substring(0, dot) + "~" + hash.substring(0, HASH);
            path += name.substring(dot);
        }
        return path;
    }

    /** What file systems that ignore case and normalize take for the same. */
    private static String comparable(String path) {
        String upper = Normalizer.normalize(path, Normalizer.Form.NFKC).toUpperCase(Locale.ROOT);
        return upper.toLowerCase(Locale.ROOT);
    }

    private static String safe(String name) {
        String allowed = FORBIDDEN.matcher(name).replaceAll("_");
        String plain = END.matcher(allowed).replaceAll("_");
        String own =
                RESERVED.matcher(plain).matches() || plain.startsWith(".") ? "_" + plain : plain;
        if (own.codePointCount(0, own.length()) <= LONGEST) {
            return own.isEmpty() ? "_" : own;
        }
        int dot = isImage(own) ? own.lastIndexOf('.') : own.length();
        String hash = Sha256.of(name.getBytes(StandardCharsets.UTF_8)).substring(0, HASH);
        int end = own.offsetByCodePoints(0, LONGEST / 2);
        return own.substring(0, Math.min(end, dot)) + "~" + hash + own.substring(dot);
    }

    private static boolean isImage(String name) {
        return IMAGE.matcher(name).matches();
    }
}
