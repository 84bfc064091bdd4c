package dev.graft.backbone;

import dev.graft.feature.ConfigurationException;
import dev.graft.feature.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Fetches networks of a catalogue into a folder, once. What broke off is resumed by the next
 * attempt; only what has the right hash gets its name. Safe for use by many threads and processes.
 *
 * @param folder of the files, created when needed
 * @param patience with a connection that gives nothing
 * @param terminal where the progress goes
 */
record Download(Path folder, Duration patience, PrintStream terminal) {
    private static final int ATTEMPTS = 3;
    private static final Object ONE_AT_A_TIME = new Object();

    /**
     * The file of {@code entry}, whose size and hash are right.
     *
     * @throws ConfigurationException if no address gives it, or a file of its name lies in the
     *     folder and is another; says what to put where
     */
    Path fetch(Catalogue.Entry entry) {
        Path file = folder.resolve(entry.file());
        Path lockFile = folder.resolve(entry.file() + ".lock");
        synchronized (ONE_AT_A_TIME) {
            try {
                Files.createDirectories(folder);
                try (FileChannel channel =
                                FileChannel.open(
                                        lockFile,
                                        StandardOpenOption.CREATE,
                                        StandardOpenOption.WRITE);
                        FileLock lock = channel.lock()) {
                    assert lock.isValid();
                    if (!Files.exists(file)) {
                        fromAnywhere(entry, file);
                    }
                    check(entry, file);
                    return file;
                }
            } catch (IOException e) {
                throw new ConfigurationException("backbone " + file + ": " + e, e);
            }
        }
    }

    private static void check(Catalogue.Entry entry, Path file) throws IOException {
        String found = Sha256.of(file);
        if (!found.equals(entry.sha256())) {
            throw new ConfigurationException(
                    String.format(
                            Locale.ROOT,
                            "backbone %s: %s has SHA-256 %s, expected %s (%,d bytes): delete it or put the right file there",
                            entry.name(),
                            file,
                            found,
                            entry.sha256(),
                            entry.size()));
        }
    }

    private void fromAnywhere(Catalogue.Entry entry, Path file) throws IOException {
        Path part = folder.resolve(entry.file() + ".part");
        List<String> failures = new ArrayList<>();
        for (URI url : entry.urls()) {
            String failure = "";
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                long before = size(part);
                failure = attempt(entry, url, part);
                if (failure.isEmpty()) {
                    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
                    return;
                }
                if (size(part) <= before) {
                    break;
                }
            }
            failures.add(url + " " + failure);
        }
        throw new ConfigurationException(
                String.format(
                        Locale.ROOT,
                        "backbone %s cannot be fetched: %s. Fetch %s (%,d bytes, SHA-256 %s) on another machine and put it into %s",
                        entry.name(),
                        String.join("; ", failures),
                        entry.file(),
                        entry.size(),
                        entry.sha256(),
                        folder));
    }

    /** Empty if {@code part} is now the whole, right file; else what went wrong. */
    private String attempt(Catalogue.Entry entry, URI url, Path part) throws IOException {
        String broken = "";
        if (size(part) < entry.size()) {
            try {
                receive(entry, url, part);
            } catch (IOException e) {
                broken = " (" + e + ")";
            }
        }
        long size = size(part);
        if (size < entry.size()) {
            return String.format(
                    Locale.ROOT, "gave %,d of %,d bytes%s", size, entry.size(), broken);
        }
        String found = Sha256.of(part);
        if (found.equals(entry.sha256())) {
            return "";
        }
        Files.delete(part);
        return "gave a file with SHA-256 %s, expected %s".formatted(found, entry.sha256());
    }

    private void receive(Catalogue.Entry entry, URI url, Path part) throws IOException {
        long from = size(part);
        HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
        connection.setConnectTimeout((int) patience.toMillis());
        connection.setReadTimeout((int) patience.toMillis());
        if (from > 0) {
            connection.setRequestProperty("Range", "bytes=" + from + "-");
        }
        int status = connection.getResponseCode();
        if (status != HttpURLConnection.HTTP_OK && status != HttpURLConnection.HTTP_PARTIAL) {
            throw new IOException("HTTP status " + status);
        }
        String range = connection.getHeaderField("Content-Range");
        boolean resumed = status == HttpURLConnection.HTTP_PARTIAL;
        if (resumed && (range == null || !range.startsWith("bytes " + from + "-"))) {
            throw new IOException("Content-Range " + range + ", expected bytes from " + from);
        }
        try (InputStream in = connection.getInputStream();
                OutputStream out =
                        resumed
                                ? Files.newOutputStream(part, StandardOpenOption.APPEND)
                                : Files.newOutputStream(part)) {
            copy(entry, in, out, resumed ? from : 0);
        } finally {
            terminal.println();
        }
    }

    /** One byte more than expected is kept, as its hash then tells that the file is another. */
    private void copy(Catalogue.Entry entry, InputStream in, OutputStream out, long from)
            throws IOException {
        byte[] buffer = new byte[1 << 16];
        long done = from;
        long shown = -1;
        while (done <= entry.size()) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, entry.size() + 1 - done));
            if (count < 0) {
                return;
            }
            out.write(buffer, 0, count);
            done += count;
            long percent = 100 * done / entry.size();
            if (percent != shown) {
                shown = percent;
                terminal.printf(
                        Locale.ROOT,
                        "\rfetching %s: %d %% of %,d MB",
                        entry.file(),
                        percent,
                        entry.size() / 1_000_000);
                terminal.flush();
            }
        }
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }
}
