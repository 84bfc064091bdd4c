package dev.graft.system.violation;

import java.time.Instant;

/** Looks at the clock, the environment and chance itself. */
final class OwnSources {
    Object[] sources() {
        return new Object[] {Instant.now(), System.getenv("HOME"), Math.random()};
    }
}
