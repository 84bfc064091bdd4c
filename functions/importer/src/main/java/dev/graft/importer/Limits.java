package dev.graft.importer;

import java.util.Locale;

/**
 * How much an archive may hold, so that one that is made to explode fills no disk.
 *
 * @param entries the most files
 * @param bytes the most bytes of all files together, unpacked
 * @param ratio how many times the size of the archive they may have; pictures are compressed
 *     already, and seldom reach 2
 * @param free bytes that are allowed whatever the ratio, for small archives
 */
record Limits(long entries, long bytes, long ratio, long free) {
    static final Limits USUAL = new Limits(2_000_000, 2_000_000_000_000L, 20, 100_000_000);

    /** Counts what is unpacked of an archive. Safe for use by many threads. */
    static final class Meter {
        private final Limits limits;
        private final String archive;
        private final long size;
        private long entries;
        private long bytes;

        /**
         * Of an archive.
         *
         * @param size of its file
         */
        Meter(Limits limits, String archive, long size) {
            this.limits = limits;
            this.archive = archive;
            this.size = size;
        }

        /**
         * One file more.
         *
         * @throws IllegalArgumentException if that is one too many
         */
        synchronized void entry() {
            entries++;
            if (entries > limits.entries) {
                throw explodes("more than %,d files", limits.entries);
            }
        }

        /**
         * So many bytes more.
         *
         * @throws IllegalArgumentException if these are too many
         */
        synchronized void bytes(long more) {
            bytes += more;
            if (bytes > limits.bytes) {
                throw explodes("more than %,d bytes", limits.bytes);
            }
            if (bytes > limits.free && bytes / limits.ratio > size) {
                throw explodes("more than %,d times its own size", limits.ratio);
            }
        }

        private IllegalArgumentException explodes(String what, long limit) {
            return new IllegalArgumentException(
                    "%s unpacks to %s, as archives that are made to fill a disk do: unpack it yourself if you trust it, and import the folder"
                            .formatted(archive, String.format(Locale.ROOT, what, limit)));
        }
    }
}
