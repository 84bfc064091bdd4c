package dev.graft.index;

import dev.graft.feature.LabelSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/**
 * The files of the index, under {@code index/} of the heads bucket. A file is replaced as a whole:
 * whoever reads it has the old one or the new one. Safe for use by many threads; throws {@link
 * dev.graft.feature.StoreException} if it does not answer.
 */
public interface IndexStore {
    /**
     * Some bytes of a file.
     *
     * @param etag changes when the file is replaced
     * @param size of the whole file, in bytes
     */
    record Part(byte[] bytes, String etag, long size) {}

    /**
     * The files of a label set, under {@code index/sets/<set>/}; those of the default set are where
     * there are no sets, and {@link #names} of it tells of no others.
     */
    IndexStore in(LabelSet set);

    /** The label sets but for the default one of which there are files. */
    SortedSet<LabelSet> sets();

    /**
     * Reads from a file.
     *
     * @param from the first byte
     * @param length at most so many bytes; fewer at the end of the file
     * @return empty if there is no such file, or it ends before
     */
    Optional<Part> read(String name, long from, int length);

    /** Writes a file in place of what was there. */
    void write(String name, byte[] bytes);

    /**
     * Writes a file only if nobody wrote it meanwhile.
     *
     * @param etag of the file as it was read; empty if there was none
     * @return false if it is another now, and nothing was written
     */
    boolean replace(String name, Optional<String> etag, byte[] bytes);

    /** The names of all files, in order. */
    List<String> names();

    /** Deletes a file; does nothing if there is none. */
    void delete(String name);
}
