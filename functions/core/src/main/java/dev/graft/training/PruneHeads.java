package dev.graft.training;

import dev.graft.head.HeadStore;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Deletes old versions that nobody will miss: those that were never in use, but for the newest.
 * Every version that was ever in use stays, so that going back is always possible, and so does one
 * of which nobody knows.
 */
final class PruneHeads {
    /** Newest versions that stay, whatever became of them: those that the page lists. */
    static final int KEPT = 50;

    private PruneHeads() {}

    static void run(HeadStore heads) {
        List<String> unused = heads.neverUsed();
        if (unused.isEmpty()) {
            return;
        }
        Set<String> newest = new HashSet<>(heads.versions().stream().limit(KEPT).toList());
        unused.stream().filter(version -> !newest.contains(version)).forEach(heads::delete);
    }
}
