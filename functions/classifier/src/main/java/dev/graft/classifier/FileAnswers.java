package dev.graft.classifier;

import dev.graft.aws.S3Links;
import dev.graft.aws.S3ResultStore;
import dev.graft.library.ResultStore;
import java.nio.charset.StandardCharsets;

/**
 * Answers that are files: in the answer where they fit, else under {@code results/export/} of the
 * images bucket with a link to them. Safe for use by many threads.
 */
record FileAnswers(ResultStore results, S3Links links) {
    /** A Lambda function answers 6 MB at most, escaped as JSON. */
    private static final int MAX_ANSWER_BYTES = 4_000_000;

    /**
     * A text.
     *
     * @param name of the file, should it become one
     * @param type media type
     */
    Answer text(String name, String type, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= MAX_ANSWER_BYTES ? Answer.text(type, text) : link(name, type, bytes);
    }

    /** A link to a file with this content. */
    Answer link(String name, String type, byte[] bytes) {
        String file = "export/" + name;
        results.write(file, bytes, type);
        return Answer.redirect(links.toRead(S3ResultStore.FOLDER + file));
    }
}
