package dev.graft.aws;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text of a header that may hold encoded words: RFC 2047, "MIME Part Three", sections 2 and 4. S3
 * gives metadata in this form where it is not ASCII, as the S3 console stores it.
 */
final class EncodedWords {
    private static final Pattern WORD =
            Pattern.compile("=\\?([^?*]+)(?:\\*[^?]*)?\\?([BbQq])\\?([^?]*)\\?=");

    /** What stands between two encoded words only separates them (section 6.2). */
    private static final Pattern BETWEEN = Pattern.compile("(\\?=)\\s+(?==\\?)");

    private EncodedWords() {}

    /** The text that is meant; words that cannot be decoded stay as they are. */
    static String decoded(String text) {
        Matcher words = WORD.matcher(BETWEEN.matcher(text).replaceAll("$1"));
        return words.replaceAll(word -> Matcher.quoteReplacement(decoded(words)));
    }

    private static String decoded(Matcher word) {
        try {
            Charset charset = Charset.forName(word.group(1));
            byte[] bytes =
                    word.group(2).equalsIgnoreCase("B")
                            ? Base64.getMimeDecoder().decode(word.group(3))
                            : quoted(word.group(3));
            return new String(bytes, charset);
        } catch (IllegalArgumentException e) {
            return word.group();
        }
    }

    private static byte[] quoted(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '=') {
                bytes.write(Integer.parseInt(text, i + 1, Math.min(text.length(), i + 3), 16));
                i += 2;
            } else {
                bytes.writeBytes(
                        (c == '_' ? " " : String.valueOf(c)).getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }
}
