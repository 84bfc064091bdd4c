package dev.graft.image;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The pixels of a PNG file as cameras' software and browsers write it: 8 bits, grey or RGB, with or
 * without alpha, from top to bottom. Row by row, where ImageIO takes the whole picture twice.
 *
 * <p>Whatever is otherwise about a file is left to ImageIO, and so is every verdict about damage.
 */
final class PngPicture {
    private static final int SIGNATURE = 8;
    private static final int FIRST_CHUNK = SIGNATURE + 8;
    private static final int HEADER = 0x49484452;
    private static final int DATA = 0x49444154;
    private static final int SMALLEST_CHUNK = 12;

    private final ByteBuffer file;
    private final int width;
    private final int height;
    private final int channels;
    private final Inflater inflater;
    private int at = SIGNATURE;

    private PngPicture(ImageHeader header, int channels, Inflater inflater) {
        file = ByteBuffer.wrap(header.file());
        width = header.width();
        height = header.height();
        this.channels = channels;
        this.inflater = inflater;
    }

    /**
     * Decodes the file of a header.
     *
     * @return null if ImageIO is to decode it
     */
    static @Nullable DecodedPixels decode(ImageHeader header) {
        int channels = channels(ByteBuffer.wrap(header.file()));
        if (channels == 0) {
            return null;
        }
        try (Inflater inflater = new Inflater()) {
            return new PngPicture(header, channels, inflater).pixels();
        } catch (DataFormatException | IndexOutOfBoundsException irregular) {
            return null;
        }
    }

    /** Samples of a pixel; 0 of what is not read here. */
    private static int channels(ByteBuffer file) {
        boolean plain = file.get(FIRST_CHUNK + 8) == 8 && file.get(FIRST_CHUNK + 12) == 0;
        return !plain
                ? 0
                : switch (file.get(FIRST_CHUNK + 9)) {
                    case 0 -> 1;
                    case 2 -> 3;
                    case 4 -> 2;
                    case 6 -> 4;
                    default -> 0;
                };
    }

    private @Nullable DecodedPixels pixels() throws DataFormatException {
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        byte @Nullable [] alpha = channels % 2 == 0 ? new byte[width * height] : null;
        byte[] above = new byte[1 + width * channels];
        byte[] row = new byte[1 + width * channels];
        for (int y = 0; y < height; y++) {
            if (!inflate(row) || !unfilter(row, above)) {
                return null;
            }
            spread(row, y * width, rgb, alpha);
            byte[] next = above;
            above = row;
            row = next;
        }
        return new DecodedPixels(width, height, rgb, alpha);
    }

    /** Fills the row; false where the data end before it does, or another chunk is among them. */
    private boolean inflate(byte[] row) throws DataFormatException {
        for (int filled = 0; filled < row.length; ) {
            int more = inflater.inflate(row, filled, row.length - filled);
            filled += more;
            if (more == 0 && (!inflater.needsInput() || !nextData())) {
                return false;
            }
        }
        return true;
    }

    private boolean nextData() {
        while (true) {
            int length = file.getInt(at);
            int type = file.getInt(at + 4);
            if (length < 0 || type != HEADER && type != DATA) {
                return false;
            }
            int data = at + 8;
            at += length + SMALLEST_CHUNK;
            if (type == DATA && length > 0) {
                inflater.setInput(file.array(), data, length);
                return true;
            }
        }
    }

    /** W3C PNG, third edition, 9.2; the first byte of a row tells its filter. */
    private boolean unfilter(byte[] row, byte[] above) {
        switch (row[0]) {
            case 0 -> {}
            case 1 -> {
                for (int i = 1 + channels; i < row.length; i++) {
                    row[i] += row[i - channels];
                }
            }
            case 2 -> {
                for (int i = 1; i < row.length; i++) {
                    row[i] += above[i];
                }
            }
            case 3 -> {
                for (int i = 1; i < row.length; i++) {
                    int left = i > channels ? row[i - channels] & 0xff : 0;
                    row[i] += (byte) (left + (above[i] & 0xff) >> 1);
                }
            }
            case 4 -> paeth(row, above);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void paeth(byte[] row, byte[] above) {
        for (int i = 1; i <= channels; i++) {
            row[i] += above[i];
        }
        for (int i = 1 + channels; i < row.length; i++) {
            int left = row[i - channels] & 0xff;
            int up = above[i] & 0xff;
            int corner = above[i - channels] & 0xff;
            int offLeft = Math.abs(up - corner);
            int offUp = Math.abs(left - corner);
            int offCorner = Math.abs(left + up - 2 * corner);
            int nearer = offLeft <= offUp ? left : up;
            row[i] += (byte) (Math.min(offLeft, offUp) <= offCorner ? nearer : corner);
        }
    }

    private void spread(byte[] row, int pixel, byte[] rgb, byte @Nullable [] alpha) {
        if (channels == 3) {
            System.arraycopy(row, 1, rgb, 3 * pixel, row.length - 1);
            return;
        }
        int colours = channels < 3 ? 0 : 1;
        for (int i = 1, to = pixel; i < row.length; i += channels, to++) {
            rgb[3 * to] = row[i];
            rgb[3 * to + 1] = row[i + colours];
            rgb[3 * to + 2] = row[i + 2 * colours];
            if (alpha != null) {
                alpha[to] = row[i + channels - 1];
            }
        }
    }
}
