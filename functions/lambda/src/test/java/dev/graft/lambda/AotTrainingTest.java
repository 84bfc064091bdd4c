package dev.graft.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AotTrainingTest {
    private static final List<String> DONE = new ArrayList<>();

    /** Starts as Lambda starts a handler. */
    public static final class Handler {
        public Handler() {
            DONE.add("started");
            SnapStart.before(() -> DONE.add("first"));
            SnapStart.before(() -> DONE.add("second"));
        }
    }

    @Test
    void aHandlerStartsAndDoesWhatComesBeforeASnapshotInLambdasOrder() throws Exception {
        AotTraining.main(new String[] {Handler.class.getName()});
        assertEquals(List.of("started", "second", "first"), DONE);
    }

    @Test
    void aNameThatIsNoClassIsNamed() {
        var failure =
                assertThrows(
                        ClassNotFoundException.class,
                        () -> AotTraining.main(new String[] {"dev.graft.Missing"}));
        assertEquals("dev.graft.Missing", failure.getMessage());
    }
}
