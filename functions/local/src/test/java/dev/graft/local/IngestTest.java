package dev.graft.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** No event is lost while the process lives. */
class IngestTest {
    private final Map<String, Integer> tries = new ConcurrentHashMap<>();
    private final List<String> read = new CopyOnWriteArrayList<>();

    /** The digit at the end of an event says how often it fails. */
    private void deal(String event) {
        int before = tries.merge(event, 1, Integer::sum) - 1;
        int fails = event.charAt(event.length() - 1) - '0';
        if (before < fails) {
            if (fails == 1) {
                throw new OutOfMemoryError("for a moment");
            }
            throw new IllegalStateException("a store does not answer");
        }
        read.add(event);
    }

    @Test
    void triesThreeTimesAndDrainsWhenItIsClosed() {
        Ingest ingest = new Ingest();
        for (int i = 0; i < 20; i++) {
            ingest.accept("event " + i + " fails 0");
        }
        ingest.accept("event fails 1");
        ingest.reread("key fails 2");
        ingest.accept("event fails 9");
        assertEquals(23, ingest.pending());
        ingest.to(new Ingest.Work(this::deal, this::deal));
        ingest.close();
        assertEquals(0, ingest.pending());
        assertEquals(23, ingest.done());
        assertEquals(22, read.size());
        assertTrue(read.containsAll(List.of("event fails 1", "key fails 2")), read.toString());
        assertEquals(3, tries.get("event fails 9"));
    }
}
