package dev.graft.importer;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The path of a file in an archive, which may be made to lead elsewhere. */
final class EntryPath {
    /** What is said of one that leads elsewhere. */
    static final String OUTSIDE = "its path leads out of the archive";

    private EntryPath() {}

    /**
     * The path without empty names and single dots.
     *
     * @return empty if it is absolute, has a drive or goes up
     */
    static Optional<String> of(String written) {
        boolean elsewhere =
                written.startsWith("/")
                        || written.matches("[A-Za-z]:.*")
                        || Arrays.asList(written.split("/")).contains("..");
        return elsewhere
                ? Optional.empty()
                : Optional.of(
                        Arrays.stream(written.split("/"))
                                .filter(name -> !name.isEmpty() && !name.equals("."))
                                .collect(Collectors.joining("/")));
    }
}
