package dev.graft.local;

import java.nio.file.attribute.BasicFileAttributes;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The files of a folder of pictures, without their bytes.
 *
 * @param folder its name in {@link Origins}
 * @param files by the key that each has or will have
 * @param unread whether a key belongs to what is there and cannot be read now, such as a folder
 * @param sha256 reads the file of a key, which takes its time
 */
record FolderListing(
        String folder,
        SortedMap<String, Stamp> files,
        Predicate<String> unread,
        UnaryOperator<String> sha256) {

    /**
     * Tells without its bytes whether a file changed.
     *
     * @param bytes its size
     * @param modified nanoseconds since 1970
     */
    record Stamp(long bytes, long modified) {
        static Stamp of(BasicFileAttributes file) {
            return new Stamp(file.size(), file.lastModifiedTime().to(TimeUnit.NANOSECONDS));
        }
    }
}
