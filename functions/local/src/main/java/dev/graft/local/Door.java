package dev.graft.local;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in. Everything listens on the loopback address alone; what a page of another site
 * makes the browser send is told by {@code Origin}, and by {@code Host} where that site's name was
 * made to mean this machine.
 */
final class Door {
    /** What such a request is told. */
    static final String FOREIGN =
            "the request comes from a page of another site: open http://127.0.0.1 or"
                    + " http://localhost itself";

    /** Host and port of this machine, as browsers write them. */
    static final Pattern HERE = Pattern.compile("(127\\.0\\.0\\.1|localhost)(:[0-9]+)?");

    private Door() {}

    /**
     * Whether a request does not come from this machine's own pages and programs.
     *
     * @param host header of the request
     * @param origin likewise; null where no page sends it
     */
    static boolean isForeign(@Nullable String host, @Nullable String origin) {
        return host == null
                || !HERE.matcher(host).matches()
                || origin != null
                        && !(origin.startsWith("http://")
                                && HERE.matcher(origin.substring("http://".length())).matches());
    }
}
