package dev.graft.aws;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
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

    /** The most bytes of UTF-8 in a word of 75 characters, the limit of section 2. */
    private static final int MOST_BYTES = 45;

    private EncodedWords() {}

    /** A text as a header can have it: as it is where that can be read as nothing else. */
    static String encoded(String text) {
        boolean plain = text.chars().allMatch(c -> c >= ' ' && c <= '~') && !text.contains("=?");
        if (plain) {
            return text;
        }
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        for (int character : text.codePoints().toArray()) {
            String next = Character.toString(character);
            if (bytes(word + next).length > MOST_BYTES) {
                words.add(word(word));
                word.setLength(0);
            }
            word.append(next);
        }
        words.add(word(word));
        return String.join(" ", words);
    }

    private static String word(CharSequence text) {
        return "=?UTF-8?B?%s?=".formatted(Base64.getEncoder().encodeToString(bytes(text)));
    }

    private static byte[] bytes(CharSequence text) {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

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
