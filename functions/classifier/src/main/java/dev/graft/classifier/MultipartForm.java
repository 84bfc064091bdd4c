package dev.graft.classifier;

import dev.graft.feature.BadRequestException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A form with one file, as browsers and {@code curl -F} send it (RFC 7578). */
final class MultipartForm {
    private static final Pattern TYPE =
            Pattern.compile(
                    "multipart/form-data;.*?boundary=(?:\"([^\"]{1,70})\"|([^\\s;,\"]{1,70})).*",
                    Pattern.CASE_INSENSITIVE);

    private MultipartForm() {}

    /** Whether a body of this content type is a form. */
    static boolean is(String contentType) {
        return TYPE.matcher(contentType).matches();
    }

    /**
     * The content of its file.
     *
     * @throws BadRequestException if it has not exactly one part
     */
    static byte[] file(String contentType, byte[] body) {
        Matcher type = TYPE.matcher(contentType);
        if (!type.matches()) {
            throw new IllegalArgumentException(contentType);
        }
        String quoted = type.group(1);
        // a text of the same length, each character a byte
        String text = new String(body, StandardCharsets.ISO_8859_1);
        String boundary = "--" + (quoted == null ? type.group(2) : quoted);
        int headers = text.startsWith(boundary) ? boundary.length() : -1;
        int content = headers < 0 ? -1 : text.indexOf("\r\n\r\n", headers);
        int end = content < 0 ? -1 : text.indexOf("\r\n" + boundary, content + 4);
        if (end < 0 || !text.startsWith("--", end + 2 + boundary.length())) {
            throw new BadRequestException(
                    "the form has not exactly one file: send one, such as by curl -F file=@photo.jpg, or the bytes of the image alone");
        }
        return Arrays.copyOfRange(body, content + 4, end);
    }
}
