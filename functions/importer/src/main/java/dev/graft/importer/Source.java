package dev.graft.importer;

import java.io.IOException;

/** A data set that somebody has elsewhere. It is only read. */
interface Source extends AutoCloseable {

    /** Takes what a source has. */
    interface Found {
        /** A picture; it may be read at any time until the source is closed. */
        void picture(Picture picture) throws IOException, InterruptedException;

        /** What has no place in a folder of pictures. */
        void leftOut(LeftOut one);

        /** What people should know of how the source was read, in one sentence. */
        void note(String sentence);
    }

    /**
     * Goes through all of it.
     *
     * @throws IOException if it cannot be read now; says why
     * @throws IllegalArgumentException if it is not what it should be; says what was expected
     */
    void read(Found found) throws IOException, InterruptedException;

    @Override
    void close() throws IOException;
}
