package dev.graft.ingest;

import java.util.regex.Pattern;

/**
 * Text that a spreadsheet takes for a formula is written with an apostrophe before it, and read
 * without: see OWASP, "CSV Injection". What begins with apostrophes before such a sign gets one
 * more, so that reading gives back what was written.
 */
public final class SpreadsheetText {
    private static final Pattern FORMULA = Pattern.compile("'*[=+\\-@\t\r\n].*", Pattern.DOTALL);

    private SpreadsheetText() {}

    /** As it is written. */
    public static String written(String text) {
        return FORMULA.matcher(text).matches() ? "'" + text : text;
    }

    /** What was meant. */
    public static String read(String written) {
        boolean guarded = written.startsWith("'") && FORMULA.matcher(written).matches();
        return guarded ? written.substring(1) : written;
    }
}
