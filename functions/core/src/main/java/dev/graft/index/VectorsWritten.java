package dev.graft.index;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * How far the vector index of a backbone is: the file {@code <identity>/vectors} of the index, four
 * lines of text: {@value #FORMAT}, the place of the vectors, the time up to which all changes are
 * in it, and the time that its filling began, or {@value #COMPLETE} once that is done.
 *
 * @param place of the vectors, in one line
 * @param since every change before this time is in it
 * @param begun when its filling began; empty once every image is in it
 */
record VectorsWritten(String place, Instant since, Optional<Instant> begun) {
    private static final String FORMAT = "graft vectors 1";
    private static final String COMPLETE = "complete";
    private static final String FILE = "/vectors";
    private static final int MOST_BYTES = 1_000;

    /** Name of the file. */
    static String name(String backbone) {
        return backbone + FILE;
    }

    /** The backbone of a file of this name; empty if it is another file. */
    static Optional<String> backbone(String name) {
        return name.endsWith(FILE)
                ? Optional.of(name.substring(0, name.length() - FILE.length()))
                : Optional.empty();
    }

    /** The file of a backbone; empty if there is none of this place, or it is damaged. */
    static Optional<VectorsWritten> read(IndexStore files, String backbone, String place) {
        return files.read(name(backbone), 0, MOST_BYTES)
                .flatMap(part -> of(part.bytes()))
                .filter(written -> written.place().equals(place));
    }

    private static Optional<VectorsWritten> of(byte[] file) {
        String[] lines = new String(file, StandardCharsets.UTF_8).split("\n");
        if (lines.length != 4 || !lines[0].equals(FORMAT)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new VectorsWritten(
                            lines[1],
                            Instant.parse(lines[2]),
                            lines[3].equals(COMPLETE)
                                    ? Optional.empty()
                                    : Optional.of(Instant.parse(lines[3]))));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    void write(IndexStore files, String backbone) {
        String last = begun.map(Instant::toString).orElse(COMPLETE);
        String text = String.join("\n", FORMAT, place, since.toString(), last) + "\n";
        files.write(name(backbone), text.getBytes(StandardCharsets.UTF_8));
    }

    /** Deletions are told for a week: of an older one nobody knows what is gone. */
    boolean isTooOld(Instant now) {
        return begun.orElse(since).plus(ImageListing.GOOD_FOR).isBefore(now);
    }
}
