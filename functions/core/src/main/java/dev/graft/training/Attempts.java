package dev.graft.training;

import dev.graft.index.Download;
import dev.graft.index.IndexStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Remembers a training that was begun and did not end, as it ran out of memory or was stopped: the
 * file {@value #FILE} of the index, with the listing hash, the memory there was and the number of
 * tries. The same training on as much memory would end the same way, so it waits for a change.
 */
final class Attempts {
    private static final String FILE = "attempt";

    /** A call that fails is made twice. */
    private static final int TRIES = 2;

    private final IndexStore store;
    private final long memory;

    /** What to do. */
    enum Advice {
        /** Begin. */
        TRAIN,
        /** It was tried in vain, and nobody was told so yet. */
        TELL,
        /** Likewise, and it was told. */
        WAIT
    }

    /**
     * With the files of the index.
     *
     * @param memory bytes that the JVM may use
     */
    Attempts(IndexStore store, long memory) {
        this.store = store;
        this.memory = memory;
    }

    /**
     * Notes that a training begins, unless it was tried often enough.
     *
     * @param listing hash of what it is to learn from
     */
    Advice begin(String listing) {
        int tries = tries(listing);
        write(listing, tries + 1);
        return tries < TRIES ? Advice.TRAIN : tries == TRIES ? Advice.TELL : Advice.WAIT;
    }

    /** Notes that it ended, well or for a reason that may pass. */
    void end() {
        store.delete(FILE);
    }

    /** Notes that there was not enough time, which was told. */
    void inVain(String listing) {
        write(listing, TRIES + 1);
    }

    private int tries(String listing) {
        String[] last = Download.whole(store, FILE).map(Attempts::text).orElse("").split("\n", -1);
        boolean same =
                last.length == 3
                        && last[0].equals(listing)
                        && last[1].equals("" + memory)
                        && last[2].matches("[0-9]{1,9}");
        return same ? Math.min(Integer.parseInt(last[2]), TRIES + 1) : 0;
    }

    private void write(String listing, int tries) {
        String text = listing + "\n" + memory + "\n" + tries;
        store.write(FILE, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(InputStream file) {
        try (file) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
