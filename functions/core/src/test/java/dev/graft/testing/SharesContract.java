package dev.graft.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graft.library.Shares;
import dev.graft.library.Shares.Share;
import dev.graft.library.Shares.Usage;
import dev.graft.library.Shares.Use;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** What every {@link Shares} does. */
public abstract class SharesContract {
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 29);
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
    private static final Share TILL = new Share("a".repeat(64), "till", "ann@example.org", NOON, 2);

    /** The links under test, none at first. */
    protected abstract Shares shares();

    @Test
    void countsTheUsesOfADayUpToItsLimit() {
        shares().add(TILL);
        assertEquals(Use.COUNTED, shares().use(TILL.id(), TODAY));
        assertEquals(List.of(new Usage(TILL, 1)), shares().all(TODAY));
        assertEquals(Use.COUNTED, shares().use(TILL.id(), TODAY));
        assertEquals(Use.SPENT, shares().use(TILL.id(), TODAY));
        assertEquals(List.of(new Usage(TILL, 2)), shares().all(TODAY));
        assertEquals(0, shares().all(TODAY).getFirst().left());
        LocalDate tomorrow = TODAY.plusDays(1);
        assertEquals(List.of(new Usage(TILL, 0)), shares().all(tomorrow));
        assertEquals(Use.COUNTED, shares().use(TILL.id(), tomorrow));
        assertEquals(List.of(new Usage(TILL, 1)), shares().all(tomorrow));
    }

    @Test
    void isUnknownBeforeItIsMadeAndAfterItIsWithdrawn() {
        assertEquals(Use.UNKNOWN, shares().use(TILL.id(), TODAY));
        assertEquals(Optional.empty(), shares().find(TILL.id(), TODAY));
        shares().add(TILL);
        assertEquals(Optional.of(new Usage(TILL, 0)), shares().find(TILL.id(), TODAY));
        Share later = new Share("b".repeat(64), "Café\n", "", NOON.plusSeconds(1), 5000);
        shares().add(later);
        assertEquals(List.of(later, TILL), shares().all(TODAY).stream().map(Usage::share).toList());
        shares().withdraw(TILL.id());
        shares().withdraw(TILL.id());
        assertEquals(Use.UNKNOWN, shares().use(TILL.id(), TODAY));
        assertEquals(Optional.empty(), shares().find(TILL.id(), TODAY));
        assertEquals(List.of(new Usage(later, 0)), shares().all(TODAY));
    }

    @Test
    void countsEachOfManyAtOnce() throws InterruptedException, ExecutionException {
        Share busy = new Share("c".repeat(64), "busy", "", NOON, 10);
        shares().add(busy);
        Callable<Use> use = () -> shares().use(busy.id(), TODAY);
        int counted = 0;
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (var each : threads.invokeAll(Collections.nCopies(16, use))) {
                counted += each.get() == Use.COUNTED ? 1 : 0;
            }
        }
        assertEquals(10, counted);
        assertEquals(List.of(new Usage(busy, 10)), shares().all(TODAY));
    }
}
