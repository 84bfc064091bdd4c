package dev.graft.feature;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What the folders of an image's key say. The first folder behind {@value ImageStore#PREFIX} is the
 * label, and folders inside it mean nothing. Where the first folder names a split of a data set and
 * another folder follows, that second one is the label. An image directly in such a folder has no
 * label, except in {@code train}, which can be the name of a class. Immutable.
 *
 * @param split {@code train}, {@code val}, {@code valid}, {@code validation} or {@code test}, as it
 *     is written in the key
 * @param label as it is written in the key
 * @param system the folder or file name in the key that belongs to a system or a program, such as
 *     {@code .ipynb_checkpoints} or {@code Thumbs.db}: the file is no image of the user's
 */
public record KeyFolders(Optional<String> split, Optional<String> label, Optional<String> system) {
    private static final String CAN_BE_A_CLASS = "train";
    private static final Set<String> SPLITS =
            Set.of(CAN_BE_A_CLASS, "val", "valid", "validation", "test");

    /** In lower case; beside these, every name that begins with a dot. */
    private static final Set<String> SYSTEM =
            Set.of(
                    "@eadir", // thumbnails of a Synology disk station
                    "#recycle",
                    "@recycle", // of a QNAP one
                    "__macosx", // archives made by macOS
                    "thumbs.db",
                    "desktop.ini",
                    "$recycle.bin",
                    "system volume information",
                    "lost+found");

    /** Of a key that begins with {@value ImageStore#PREFIX}. */
    public static KeyFolders of(String key) {
        List<String> names =
                List.of(key.substring(ImageStore.PREFIX.length()).split("/", -1)).stream()
                        .filter(name -> !name.isEmpty())
                        .toList();
        Optional<String> system = names.stream().filter(KeyFolders::isSystem).findFirst();
        List<String> folders = names.subList(0, Math.max(0, names.size() - 1));
        if (folders.isEmpty()) {
            return new KeyFolders(Optional.empty(), Optional.empty(), system);
        }
        String first = folders.getFirst();
        String lower = first.toLowerCase(Locale.ROOT);
        if (!isSplit(first) || folders.size() == 1 && lower.equals(CAN_BE_A_CLASS)) {
            return new KeyFolders(Optional.empty(), Optional.of(first), system);
        }
        Optional<String> label = folders.stream().skip(1).findFirst();
        return new KeyFolders(Optional.of(first), label, system);
    }

    /** Whether this is what a data set calls a part of it, such as {@code train}. */
    public static boolean isSplit(String name) {
        return SPLITS.contains(name.toLowerCase(Locale.ROOT));
    }

    /** Whether a file or folder of this name belongs to a system or a program. */
    public static boolean isSystem(String name) {
        return name.startsWith(".") || SYSTEM.contains(name.toLowerCase(Locale.ROOT));
    }
}
