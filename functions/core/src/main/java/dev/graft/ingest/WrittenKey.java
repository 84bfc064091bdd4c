package dev.graft.ingest;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The key of an image as a person or a tool wrote it, which may differ from the bytes that S3 has:
 * with spaces around, URL-encoded as in an S3 Inventory, or composed (Unicode NFC) where the file
 * came from a machine that decomposes (NFD), or the other way round.
 *
 * @param text as written
 */
record WrittenKey(String text) {

    /** The keys that may be meant, the first choice first, without URL-decoding. */
    List<String> asWritten() {
        return forms(text, text.strip());
    }

    /** Likewise with URL-decoding; empty if that changes nothing or the text cannot be decoded. */
    List<String> decoded() {
        try {
            String decoded = URLDecoder.decode(text.strip(), StandardCharsets.UTF_8);
            return decoded.equals(text.strip()) ? List.of() : forms(decoded);
        } catch (IllegalArgumentException notEncoded) {
            return List.of();
        }
    }

    /** Whether more than one key may be meant. */
    boolean ambiguous() {
        return asWritten().size() > 1 || !decoded().isEmpty();
    }

    /** Under which key a label waits for an image whose key is a form of this one. */
    static String waiting(String key) {
        return Normalizer.normalize(key, Normalizer.Form.NFC);
    }

    private static List<String> forms(String... keys) {
        Set<String> forms = new LinkedHashSet<>(List.of(keys));
        for (String key : keys) {
            forms.add(Normalizer.normalize(key, Normalizer.Form.NFC));
            forms.add(Normalizer.normalize(key, Normalizer.Form.NFD));
        }
        return List.copyOf(forms);
    }
}
