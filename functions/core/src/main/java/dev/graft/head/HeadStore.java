package dev.graft.head;

import dev.graft.feature.LabelSet;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * The heads bucket: versions that never change under {@code heads/<version>/} and one pointer,
 * {@code heads/latest.json}, which is written last. Safe for use by many threads; throws {@link
 * dev.graft.feature.StoreException} if it does not answer.
 */
public interface HeadStore {

    /**
     * The version in use.
     *
     * @param version its name
     * @param etag changes with every promotion; compare it before reading the head again
     * @param moved when it was promoted
     */
    record Pointer(String version, String etag, Instant moved) {}

    /**
     * The heads of a label set, with a pointer, settings and classes of their own, under {@code
     * heads/sets/<set>/}; those of the default set are where there are no sets.
     */
    HeadStore in(LabelSet set);

    /** The label sets but for the default one of which there are files. */
    SortedSet<LabelSet> sets();

    /** The version in use; empty before the first promotion. */
    Optional<Pointer> latest();

    /** Every version that was saved, newest first. */
    List<String> versions();

    /**
     * The versions that were never promoted, newest first. Those that were saved before this was
     * recorded are not among them, as nobody knows.
     */
    List<String> neverUsed();

    /**
     * Deletes a version that was never promoted.
     *
     * @return false if it is none of {@link #neverUsed}; then nothing changes
     */
    boolean delete(String version);

    /**
     * Deletes a version with all its files, whether it was ever promoted or not, and what a save or
     * a deletion that was broken off left of one. Not the one in use: whoever promotes it at the
     * same moment finds it in use or gone, never a pointer to nothing.
     *
     * @return false if it is in use or there is nothing of it; then nothing changes
     */
    boolean deleteOutOfUse(String version);

    /**
     * Takes the head in use out of use, so that none is until another is promoted.
     *
     * @param expected what {@link #latest} gave
     * @return false if somebody else moved the pointer first
     */
    boolean retire(Pointer expected);

    /**
     * The names of all files by version, those of versions that a save or a deletion that was
     * broken off left incomplete too.
     */
    SortedMap<String, List<String>> files();

    /**
     * One file of a version, such as {@code head.json}.
     *
     * @return empty if there is no such version or file
     */
    Optional<byte[]> read(String version, String file);

    /**
     * Saves a version; {@code head.json} is written last and makes the version complete, so that a
     * save broken off half-way leaves nothing that {@link #versions} lists.
     *
     * @param files by name; must hold {@code head.json}
     * @throws IllegalStateException if the version is there already
     */
    void save(String version, Map<String, byte[]> files);

    /**
     * Moves the pointer.
     *
     * @param expected what {@link #latest} gave; the pointer moves only if it is still that
     * @return false if somebody else moved it first
     * @throws IllegalArgumentException if no such version was saved
     */
    boolean promote(String version, Optional<Pointer> expected);

    /**
     * What may change without training, {@code heads/settings.json}.
     *
     * @param etag changes with every write
     */
    record Settings(byte[] json, String etag) {}

    /** The settings; empty while nobody made any. */
    Optional<Settings> settings();

    /**
     * Replaces the settings.
     *
     * @param expected what {@link #settings} gave; they are replaced only if they are still that
     * @return false if somebody else replaced them first
     */
    boolean replaceSettings(byte[] json, Optional<Settings> expected);

    /** What people said of classes, {@code heads/classes.json}; empty while nobody did. */
    Optional<Settings> classes();

    /**
     * Replaces it.
     *
     * @param expected what {@link #classes} gave; it is replaced only if it is still that
     * @return false if somebody else replaced it first
     */
    boolean replaceClasses(byte[] json, Optional<Settings> expected);
}
