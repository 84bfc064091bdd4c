package dev.graft.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
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
     * @param modified when it was changed, in nanoseconds since 1970: written, replaced or renamed
     *     where the system tells that (programs that unpack or copy files set the time when they
     *     were written back, and pictures without compression have one size), else written
     */
    record Stamp(long bytes, long modified) {
        private static final String UNIX = "unix";

        static Stamp of(Path file, BasicFileAttributes attributes) throws IOException {
            boolean tells = file.getFileSystem().supportedFileAttributeViews().contains(UNIX);
            FileTime time =
                    tells && Files.getAttribute(file, UNIX + ":ctime") instanceof FileTime changed
                            ? changed
                            : attributes.lastModifiedTime();
            return new Stamp(attributes.size(), time.to(TimeUnit.NANOSECONDS));
        }
    }
}
