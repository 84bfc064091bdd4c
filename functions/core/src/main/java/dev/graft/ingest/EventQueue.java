package dev.graft.ingest;

import dev.graft.feature.StoreException;
import java.time.Duration;

/** The queue that events come by, seen from who deals with them. Safe for use by many threads. */
public interface EventQueue {

    /**
     * Has a message come again after this time, rather than when its call would have to be over.
     *
     * @param queue that it came by, as the message names it
     * @param receipt of this delivery
     * @throws StoreException if the queue does not answer; the message comes again later
     */
    void comesAgain(String queue, String receipt, Duration after);

    /**
     * Keeps what was tried in vain among the dead letters.
     *
     * @param letter JSON with the event and the reason
     * @throws StoreException if the queue does not answer
     */
    void giveUp(String letter);
}
