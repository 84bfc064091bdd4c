package dev.graft.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The folder that keeps everything between runs. One process has it at a time, and its secret is
 * made once and readable by its owner alone. Safe for use by many threads.
 */
final class DataFolder implements AutoCloseable {
    /** Kept free, so that the table and a head can still be written when uploads are refused. */
    private static final long RESERVED_BYTES = 100L << 20;

    private static final int SECRET_BYTES = 20;

    private final Path folder;
    private final FileChannel lock;
    private final FileStore disk;

    /**
     * Takes a folder.
     *
     * @param folder made if it is missing
     * @throws IllegalArgumentException if it cannot be written, is in use or has no room, with what
     *     to do
     */
    DataFolder(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
            this.disk = Files.getFileStore(folder);
            this.lock = locked(folder);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "cannot write the data folder %s (%s): choose another with --data (Maven: -Ddata)"
                            .formatted(folder, e.getMessage()),
                    e);
        }
        String full = full(0);
        if (full != null) {
            close();
            throw new IllegalArgumentException(full);
        }
    }

    private static FileChannel locked(Path folder) throws IOException {
        Path file = folder.resolve("lock");
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                byte[] process =
                        ("" + ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
                channel.truncate(0).write(ByteBuffer.wrap(process));
                return channel;
            }
        } catch (OverlappingFileLockException thisProcess) {
            // told below
        }
        channel.close();
        throw new IllegalArgumentException(
                "the data folder %s is in use by process %s: end that one first, or choose another folder with --data (Maven: -Ddata)"
                        .formatted(folder, Files.readString(file)));
    }

    /** A folder in it, made if it is missing. */
    Path folder(String name) {
        try {
            return Files.createDirectories(folder.resolve(name));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "cannot write the data folder "
                            + folder
                            + ": choose another with --data (Maven: -Ddata)",
                    e);
        }
    }

    /** What signs requests to the stores in it. */
    String secret() {
        return secret(folder.resolve("secret"));
    }

    /** What lets guests from the network in, as long as the folder lives. */
    static String token(Path folder) {
        return secret(folder.resolve("token"));
    }

    private static String secret(Path file) {
        try {
            if (!Files.exists(file)) {
                Files.createFile(file);
                if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
                    Files.setPosixFilePermissions(
                            file, PosixFilePermissions.fromString("rw-------"));
                }
                Files.writeString(file, newSecret());
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "cannot read or write %s: it should hold a secret of your own; give yourself the right, or delete it"
                            .formatted(file),
                    e);
        }
    }

    /** A new secret. */
    static String newSecret() {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Why there is no room for so many bytes; null if there is. */
    @Nullable String full(long bytes) {
        try {
            long free = disk.getUsableSpace();
            return free >= bytes + RESERVED_BYTES
                    ? null
                    : String.format(
                            Locale.ROOT,
                            "the disk of the data folder %s is full: %,d MB are free, and %,d MB have to stay so; delete something else there, or choose another folder with --data (Maven: -Ddata)",
                            folder,
                            free >> 20,
                            RESERVED_BYTES >> 20);
        } catch (IOException e) {
            return null; // the write itself will tell
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new IllegalStateException("could not unlock " + folder, e);
        }
    }
}
