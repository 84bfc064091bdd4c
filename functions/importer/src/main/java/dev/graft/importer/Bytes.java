package dev.graft.importer;

import java.io.IOException;

/** The bytes of a picture, wherever they are. Safe for use by many threads. */
@FunctionalInterface
interface Bytes {
    /** The most bytes that Graft reads of one picture. */
    int MOST = 50_000_000;

    /**
     * Reads all of them.
     *
     * @throws IOException if they cannot be had now; says why
     * @throws dev.graft.image.UnreadableImageException if there are more than {@link #MOST}, or
     *     what holds them is damaged
     */
    byte[] read() throws IOException, InterruptedException;
}
