package dev.graft.local;

import dev.graft.head.HeadCard.Provenance;
import dev.graft.lambda.Build;

/** What runs, in a line. */
final class Version {
    private Version() {}

    /** Such as {@code Graft 1.0.0, commit 1a2b3c…, on Eclipse Adoptium 25.0.1, Linux amd64}. */
    static String text() {
        Provenance build = Build.provenance(0);
        return "Graft %s, %s, on %s, %s"
                .formatted(build.code(), build.commit(), build.java(), build.system());
    }
}
