package dev.graft.importer;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The files of a tar archive, packed by gzip or not: the formats ustar, pax (IEEE Std 1003.1-2024,
 * pax) and that of GNU, with long names. An archive of this kind can only be read from its begin to
 * its end, so all is unpacked first, into files with numbers for names. Links are left out, and so
 * are devices.
 */
final class TarFiles {
    private static final int BLOCK = 512;

    /** The most bytes of a header that follows as a file, such as a long name. */
    private static final int MOST_HEADER = 1_000_000;

    private final InputStream in;
    private final Path unpacked;
    private final FileTree tree;
    private final Limits.Meter meter;
    private int number;

    private TarFiles(InputStream in, Path unpacked, FileTree tree, Limits.Meter meter) {
        this.in = in;
        this.unpacked = unpacked;
        this.tree = tree;
        this.meter = meter;
    }

    /**
     * Unpacks one.
     *
     * @param unpacked an empty folder, which the caller deletes
     */
    static FileTree of(Path archive, Path unpacked, Limits limits) throws IOException {
        String name = archive.toAbsolutePath().normalize().toString();
        FileTree tree = new FileTree(name, () -> {});
        var meter = new Limits.Meter(limits, archive.toString(), Files.size(archive));
        try (InputStream in = new MeteredStream(open(archive), meter)) {
            new TarFiles(in, unpacked, tree, meter).unpack();
            return tree;
        } catch (EOFException | ZipException | NumberFormatException e) {
            throw new IllegalArgumentException(
                    "%s is no whole tar archive (%s): fetch or make it again"
                            .formatted(archive, e.getMessage()),
                    e);
        }
    }

    private static InputStream open(Path archive) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(archive), 1 << 16);
        in.mark(2);
        boolean packed = in.read() == 0x1f && in.read() == 0x8b;
        in.reset();
        return packed ? new BufferedInputStream(new GZIPInputStream(in, 1 << 16), 1 << 16) : in;
    }

    /** What headers said about the file that follows. */
    private final Map<String, String> next = new HashMap<>();

    private void unpack() throws IOException {
        byte[] header = new byte[BLOCK];
        while (in.readNBytes(header, 0, BLOCK) == BLOCK && header[0] != 0) {
            checkSum(header);
            meter.entry();
            long size = size(header);
            char type = (char) header[156];
            switch (type) {
                case 'L' -> next.put("path", until(text(content(size)), '\0'));
                case 'x' -> extended(content(size));
                case 'g', 'K' -> skip(size);
                default -> {
                    file(header, type, size);
                    next.clear();
                }
            }
            skip(Math.floorMod(-size, BLOCK));
        }
    }

    private void file(byte[] header, char type, long size) throws IOException {
        String written = next.getOrDefault("path", name(header));
        Optional<String> path = EntryPath.of(written);
        boolean folder = type == '5' || written.endsWith("/");
        if (path.isPresent() && !folder && (type == '0' || type == 0 || type == '7')) {
            Path file = unpacked.resolve(String.valueOf(number++));
            copy(file, size);
            String version = size + "-" + until(field(header, 136, 12), ' ');
            tree.add(new FileTree.Entry(path.get(), version, () -> Files.newInputStream(file)));
            return;
        }
        skip(size);
        if (path.isEmpty()) {
            tree.leaveOut(written, EntryPath.OUTSIDE);
        } else if (!folder) {
            boolean link = type == '1' || type == '2';
            tree.leaveOut(written, link ? "it is a link" : "it is no file, but of type " + type);
        }
    }

    private void copy(Path file, long size) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] part = new byte[1 << 16];
            for (long left = size; left > 0; ) {
                int read = in.read(part, 0, (int) Math.min(left, part.length));
                if (read < 0) {
                    throw new EOFException("it breaks off");
                }
                out.write(part, 0, read);
                left -= read;
            }
        }
    }

    private void skip(long size) throws IOException {
        in.skipNBytes(size);
    }

    private byte[] content(long size) throws IOException {
        if (size > MOST_HEADER) {
            throw new EOFException("a header of " + size + " bytes");
        }
        byte[] content = in.readNBytes((int) size);
        if (content.length < size) {
            throw new EOFException("it breaks off");
        }
        return content;
    }

    /** Records of pax: a length in digits, a space, key=value and the end of a line. */
    private void extended(byte[] content) throws EOFException {
        for (int at = 0; at < content.length; ) {
            int space = at;
            while (space < content.length && content[space] != ' ') {
                space++;
            }
            int length = Integer.parseInt(text(content, at, space - at));
            if (length <= space - at + 1 || at + length > content.length) {
                throw new EOFException("a header with a wrong length");
            }
            String[] record = text(content, space + 1, at + length - space - 2).split("=", 2);
            if (record.length == 2) {
                next.put(record[0], record[1]);
            }
            at += length;
        }
    }

    private long size(byte[] header) {
        String said = next.get("size");
        long size;
        if (said != null) {
            size = Long.parseLong(said);
        } else if (header[124] < 0) { // GNU: 95 bits, of which 63 suffice
            size = 0;
            for (int i = 128; i < 136; i++) {
                size = size << 8 | header[i] & 0xff;
            }
        } else {
            size = octal(field(header, 124, 12));
        }
        if (size < 0) {
            throw new NumberFormatException("a negative size");
        }
        return size;
    }

    private static void checkSum(byte[] header) {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
        }
        if (sum != octal(field(header, 148, 8))) {
            throw new NumberFormatException("a header with a wrong checksum");
        }
    }

    private static long octal(String text) {
        return text.isBlank() ? 0 : Long.parseLong(text.strip(), 8);
    }

    private static String name(byte[] header) {
        String name = field(header, 0, 100);
        boolean posix = text(header, 257, 6).equals("ustar\0");
        String prefix = posix ? field(header, 345, 155) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private static String field(byte[] header, int start, int length) {
        return until(text(header, start, length), '\0');
    }

    private static String until(String text, char end) {
        int at = text.indexOf(end);
        return at < 0 ? text : text.substring(0, at);
    }

    private static String text(byte[] bytes) {
        return text(bytes, 0, bytes.length);
    }

    private static String text(byte[] bytes, int start, int length) {
        return new String(bytes, start, length, StandardCharsets.UTF_8);
    }
}
