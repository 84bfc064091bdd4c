package dev.graft.classifier;

import dev.graft.feature.LabelSet;
import dev.graft.library.Links;
import dev.graft.library.ResultStore;
import java.nio.charset.StandardCharsets;

/**
 * Responses that are files: in the response itself where they fit, else under {@code
 * results/export/} of the images bucket, each label set by itself, with a link to them. Safe for
 * use by many threads.
 */
record FileResponses(ResultStore results, Links links, LabelSet set) {
    /** A Lambda function responds with at most 6 MB, in which the text is escaped as JSON. */
    private static final int MAX_TEXT_BYTES = 4_000_000;

    /**
     * A text; an address of it where the request wants one.
     *
     * @param name of the file, should it become one
     * @param type media type
     */
    Response text(Request request, String name, String type, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= MAX_TEXT_BYTES && !request.wantsAddress()
                ? Response.text(type, text)
                : link(request, name, type, bytes);
    }

    /** A link to a file with this content. */
    Response link(Request request, String name, String type, byte[] bytes) {
        String file = "export/" + set.folder() + name;
        results.write(file, bytes, type);
        return Response.leadingTo(links.toRead(ResultStore.FOLDER + file), request);
    }
}
