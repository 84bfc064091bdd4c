package dev.graft.importer;

import dev.graft.image.UnreadableImageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** The files of a zip archive. Nothing is unpacked before it is read. */
final class ZipFiles {
    /** What names are in where nothing tells that they are UTF-8 (APPNOTE.TXT 6.3.10, D.1). */
    private static final Charset OLD_NAMES = Charset.forName("IBM437");

    private ZipFiles() {}

    static FileTree of(Path archive, Limits limits) throws IOException {
        ZipFile zip = open(archive);
        FileTree tree = new FileTree(archive.toAbsolutePath().normalize().toString(), zip);
        long size = Files.size(archive);
        // what the archive says is refused before anything is written; what it does not say, later
        Limits.Meter said = new Limits.Meter(limits, archive.toString(), size);
        Limits.Meter meter = new Limits.Meter(limits, archive.toString(), size);
        try {
            zip.entries()
                    .asIterator()
                    .forEachRemaining(
                            entry -> {
                                said.entry();
                                said.bytes(Math.max(0, entry.getSize()));
                                add(tree, zip, entry, meter);
                            });
            return tree;
        } catch (RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    private static ZipFile open(Path archive) throws IOException {
        try {
            return new ZipFile(archive.toFile(), StandardCharsets.UTF_8);
        } catch (ZipException e) {
            try {
                return new ZipFile(archive.toFile(), OLD_NAMES);
            } catch (ZipException again) {
                throw new IllegalArgumentException(
                        "%s is no whole zip archive (%s): fetch or make it again"
                                .formatted(archive, again.getMessage()),
                        again);
            }
        }
    }

    private static void add(FileTree tree, ZipFile zip, ZipEntry entry, Limits.Meter meter) {
        if (entry.isDirectory()) {
            return;
        }
        String written = entry.getName().replace('\\', '/'); // as some programs of Windows do
        Optional<String> path = EntryPath.of(written);
        if (path.isEmpty()) {
            tree.leaveOut(entry.getName(), EntryPath.OUTSIDE);
            return;
        }
        String version = String.format(Locale.ROOT, "%d-%08x", entry.getSize(), entry.getCrc());
        tree.add(
                new FileTree.Entry(
                        path.get(),
                        version,
                        () -> new Unpacked(new MeteredStream(open(zip, entry), meter))));
    }

    private static InputStream open(ZipFile zip, ZipEntry entry) throws IOException {
        try {
            return zip.getInputStream(entry);
        } catch (ZipException e) {
            throw damaged(e);
        }
    }

    private static UnreadableImageException damaged(IOException e) {
        return new UnreadableImageException(
                UnreadableImageException.Reason.DAMAGED,
                "it cannot be unpacked (" + e.getMessage() + ")",
                e);
    }

    /** Tells a damaged entry from a disk that does not answer. */
    private static final class Unpacked extends java.io.FilterInputStream {
        Unpacked(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            try {
                return super.read(to, offset, length);
            } catch (ZipException | java.io.EOFException e) {
                throw damaged(e);
            }
        }
    }
}
