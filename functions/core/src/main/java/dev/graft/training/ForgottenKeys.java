package dev.graft.training;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.graft.evaluation.Predictions;
import dev.graft.head.HeadStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/**
 * Looks for the keys of images in stored files, in each way in which a key is written: as it is, in
 * JSON, in HTML, in a link, and as {@link java.io.DataOutput#writeUTF} has it. Files of gzip are
 * opened. A key that only begins another one is not found: what follows it must end it.
 */
public final class ForgottenKeys {
    private static final int GZIP = 0x8b1f;

    /** After these, a text is at its end; control characters end it, too. */
    private static final String ENDS = "\"'<>&,;)}]\\";

    private final List<String> keys;
    private final List<byte[]> forms = new ArrayList<>();

    /** Of these keys. */
    public ForgottenKeys(List<String> keys) {
        this.keys = List.copyOf(keys);
        keys.forEach(key -> forms.addAll(forms(key)));
    }

    private static List<byte[]> forms(String key) {
        String link = URLEncoder.encode(key, StandardCharsets.UTF_8);
        String html =
                key.replace("&", "&amp;")
                        .replace("<", "&lt;")
                        .replace(">", "&gt;")
                        .replace("\"", "&quot;");
        String json = new String(JsonStringEncoder.getInstance().quoteAsString(key));
        Set<String> texts =
                new LinkedHashSet<>(
                        List.of(
                                key,
                                json,
                                withoutSurrogates(json),
                                html,
                                html.replace("'", "&#39;"),
                                link,
                                link.replace("+", "%20"),
                                link.replace("+", "%20").replace("%2F", "/"),
                                link.replace("%2F", "/"),
                                key.replace("\"", "\"\"")));
        List<byte[]> forms = new ArrayList<>();
        texts.forEach(text -> forms.add(text.getBytes(StandardCharsets.UTF_8)));
        forms.add(modifiedUtf8(key));
        return forms;
    }

    /** As Jackson writes characters past U+FFFF into UTF-8, an emoji for one. */
    private static String withoutSurrogates(String text) {
        return text.chars()
                .mapToObj(
                        c ->
                                Character.isSurrogate((char) c)
                                        ? String.format(Locale.ROOT, "\\u%04X", c)
                                        : Character.toString(c))
                .collect(Collectors.joining());
    }

    private static byte[] modifiedUtf8(String key) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] written = bytes.toByteArray();
        return Arrays.copyOfRange(written, 2, written.length);
    }

    /**
     * Whether a head names or learned from one of the images, or nobody knows what it learned from.
     *
     * @param version of a head, complete or not
     */
    public boolean areIn(HeadStore heads, String version) {
        return areIn(heads, version, heads.files().getOrDefault(version, List.of()));
    }

    /** Likewise, of a head that has files of these names. */
    public boolean areIn(HeadStore heads, String version, List<String> files) {
        return learned(heads, version)
                || files.stream()
                        .filter(file -> !file.equals(Predictions.FILE))
                        .anyMatch(
                                file -> heads.read(version, file).filter(this::areIn).isPresent());
    }

    private boolean learned(HeadStore heads, String version) {
        try {
            Optional<Predictions> rows =
                    heads.read(version, Predictions.FILE).map(Predictions::read);
            return rows.isEmpty() || keys.stream().anyMatch(rows.get()::has);
        } catch (UncheckedIOException damaged) {
            return true;
        }
    }

    /** Whether a file names one of them. */
    public boolean areIn(byte[] file) {
        byte[] bytes = opened(file);
        return forms.stream().anyMatch(form -> isIn(bytes, form));
    }

    private static boolean isIn(byte[] bytes, byte[] form) {
        for (int i = 0; i <= bytes.length - form.length; i++) {
            if (bytes[i] == form[0]
                    && Arrays.equals(bytes, i, i + form.length, form, 0, form.length)
                    && isAtItsEnd(bytes, i + form.length)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAtItsEnd(byte[] bytes, int end) {
        return end == bytes.length
                || (bytes[end] >= 0 && bytes[end] < ' ')
                || ENDS.indexOf(bytes[end]) >= 0;
    }

    /** What a file of gzip holds, as far as it can be read. */
    private static byte[] opened(byte[] file) {
        boolean packed = file.length > 2 && ((file[1] & 0xff) << 8 | (file[0] & 0xff)) == GZIP;
        if (!packed) {
            return file;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(file))) {
            in.transferTo(bytes);
        } catch (IOException damaged) {
            // what could be read of it counts
        }
        return bytes.toByteArray();
    }
}
