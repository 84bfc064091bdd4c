package dev.graft.importer;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of each picture so far, a line of JSON for each, in a file that only grows. One
 * process at a time may write it. Not safe for use by many threads.
 */
final class Journal implements Closeable {
    private final FileChannel channel;
    private final Map<String, Outcome> outcomes = new LinkedHashMap<>();

    /**
     * Opens it; a last line that a killed process left unfinished is taken away.
     *
     * @throws IllegalArgumentException if another process writes it, or it is damaged
     */
    Journal(Path file) throws IOException {
        this.channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try {
            lock(file);
            byte[] bytes = Files.readAllBytes(file);
            int end = bytes.length;
            while (end > 0 && bytes[end - 1] != '\n') {
                end--;
            }
            channel.truncate(end).position(end);
            for (String line : new String(bytes, 0, end, StandardCharsets.UTF_8).split("\n")) {
                if (!line.isEmpty()) {
                    Outcome outcome = JsonElements.JSON.readValue(line, Outcome.class);
                    outcomes.put(outcome.from(), outcome);
                }
            }
        } catch (JsonProcessingException e) {
            channel.close();
            throw new IllegalArgumentException(
                    "%s is damaged (%s): expected what an import wrote; import into a new folder"
                            .formatted(file, e.getOriginalMessage()),
                    e);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void lock(Path file) throws IOException {
        @Nullable FileLock lock;
        try {
            lock = channel.tryLock(Long.MAX_VALUE - 1, 1, false);
        } catch (java.nio.channels.OverlappingFileLockException e) {
            lock = null; // by this very process
        }
        if (lock == null) {
            throw new IllegalArgumentException(
                    "another import writes to %s: wait for its end".formatted(file.getParent()));
        }
    }

    Map<String, Outcome> outcomes() {
        return outcomes;
    }

    Optional<Outcome> find(String from) {
        return Optional.ofNullable(outcomes.get(from));
    }

    void add(Outcome outcome) throws IOException {
        byte[] line =
                (JsonElements.JSON.writeValueAsString(outcome) + "\n")
                        .getBytes(StandardCharsets.UTF_8);
        for (ByteBuffer buffer = ByteBuffer.wrap(line); buffer.hasRemaining(); ) {
            channel.write(buffer);
        }
        outcomes.put(outcome.from(), outcome);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
