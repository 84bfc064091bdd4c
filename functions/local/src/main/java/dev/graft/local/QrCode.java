package dev.graft.local;

import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;

/**
 * A text as QR code (ISO/IEC 18004), which a phone reads by its camera. Immutable.
 *
 * @param modules whether the one in a row and a column is dark, without the margin
 */
record QrCode(ByteMatrix modules) {
    /** Light modules on each side, as the standard asks for. */
    static final int MARGIN = 4;

    /** Bright white on black, so that the code is not inverted on light terminals. */
    private static final String COLOURS = "\u001b[97;40m";

    private static final String PLAIN = "\u001b[0m";

    /** The code of a text. */
    static QrCode of(String text) {
        try {
            return new QrCode(Encoder.encode(text, ErrorCorrectionLevel.L).getMatrix());
        } catch (WriterException e) {
            throw new IllegalArgumentException("no QR code holds the text " + text, e);
        }
    }

    /** Modules of a side, with the margin. */
    int size() {
        return modules.getWidth() + 2 * MARGIN;
    }

    /** Whether a module is dark, counted from the margin's corner. */
    boolean isDark(int x, int y) {
        int column = x - MARGIN;
        int row = y - MARGIN;
        return column >= 0
                && row >= 0
                && column < modules.getWidth()
                && row < modules.getHeight()
                && modules.get(column, row) == 1;
    }

    /** Dark modules as the path of an SVG whose units are modules. */
    String path() {
        StringBuilder path = new StringBuilder();
        for (int y = 0; y < size(); y++) {
            for (int x = 0; x < size(); x++) {
                if (isDark(x, y)) {
                    path.append("M%d %dh1v1h-1z".formatted(x, y));
                }
            }
        }
        return path.toString();
    }

    /** Lines of half blocks, each of two rows; light modules are drawn. */
    String halfBlocks() {
        StringBuilder lines = new StringBuilder();
        for (int y = 0; y < size(); y += 2) {
            for (int x = 0; x < size(); x++) {
                boolean upper = !isDark(x, y);
                boolean lower = y + 1 < size() && !isDark(x, y + 1);
                lines.append(upper ? lower ? '\u2588' : '\u2580' : lower ? '\u2584' : ' ');
            }
            lines.append('\n');
        }
        return lines.toString();
    }

    /** The same in colours, for a terminal. */
    String coloured() {
        StringBuilder lines = new StringBuilder();
        halfBlocks()
                .lines()
                .forEach(line -> lines.append(COLOURS).append(line).append(PLAIN).append('\n'));
        return lines.toString();
    }
}
