package dev.graft.local;

import java.nio.file.Path;
import java.util.Map;

/** A way to write options. */
interface Syntax {
    /**
     * The options that were given.
     *
     * @throws IllegalArgumentException with what was expected, if one is not known or not complete
     */
    Map<Option, String> read(String... arguments);

    /** An option as the user wrote it, for messages. */
    String written(Option option, String value);

    /** What follows the sentence about a wrong value, if anything does. */
    String remedy();

    /** Folder of the bundled sample pictures. */
    Path samples();
}
