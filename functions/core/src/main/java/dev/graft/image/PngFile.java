package dev.graft.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a PNG file (W3C PNG, third edition). The decoder gets only those that make pixels:
 * what else a file carries, however malformed, cannot keep it from being read.
 */
final class PngFile {
    private static final int LARGEST_PROFILE_BYTES = 4 << 20;
    private static final int SIGNATURE = 8;
    private static final int COLOUR = 2;
    private static final int ALPHA = 4;
    private static final byte[] END = {0, 0, 0, 0, 'I', 'E', 'N', 'D', -82, 66, 96, -126};

    private PngFile() {}

    /**
     * Walks to the IEND chunk, or to the end of a file that lacks it; the checksum of every chunk a
     * decoder needs has to be right. Of several profiles the first counts, and a transparent colour
     * does not where there is an alpha channel.
     */
    static ImageHeader header(ByteBuffer file, PixelPath path) {
        int width = 0;
        int height = 0;
        int orientation = 1;
        int profileAt = 0;
        int colourType = 0;
        ByteArrayOutputStream needed = new ByteArrayOutputStream(file.limit());
        needed.write(file.array(), 0, SIGNATURE);
        int at = SIGNATURE;
        String type = "";
        while (!type.equals("IEND") && (at < file.limit() || !type.equals("IDAT"))) {
            int length = file.getInt(at);
            if (length < 0 || length > file.limit() - at - 12) {
                throw new IndexOutOfBoundsException();
            }
            ByteBuffer data = file.slice(at + 8, length);
            type = StandardCharsets.ISO_8859_1.decode(file.slice(at + 4, 4)).toString();
            boolean critical = Character.isUpperCase(type.charAt(0));
            if (critical) {
                verify(type, file.slice(at + 4, length + 4), file.getInt(at + 8 + length));
            }
            switch (type) {
                case "IHDR" -> {
                    width = data.getInt(0);
                    height = data.getInt(4);
                    colourType = data.get(9);
                }
                case "eXIf" -> orientation = ExifOrientation.of(data, path);
                case "iCCP" -> profileAt = profileAt == 0 ? at : profileAt;
                default -> {}
            }
            if (!type.equals("IEND")
                    && (critical || type.equals("tRNS") && (colourType & ALPHA) == 0)) {
                needed.write(file.array(), at, length + 12);
            }
            at += length + 12;
        }
        needed.writeBytes(END);
        byte @Nullable [] profile =
                profileAt == 0 ? null : profile(file.slice(profileAt + 8, file.getInt(profileAt)));
        boolean grey = (colourType & COLOUR) == 0;
        return new ImageHeader(
                width,
                height,
                orientation,
                ImageHeader.suitable(profile, grey),
                needed.toByteArray());
    }

    private static void verify(String type, ByteBuffer typeAndData, int expected) {
        CRC32 sum = new CRC32();
        sum.update(typeAndData);
        if ((int) sum.getValue() != expected) {
            throw new IllegalArgumentException("the checksum of its " + type + " chunk is wrong");
        }
    }

    /** Null where it is malformed or implausibly large. */
    private static byte @Nullable [] profile(ByteBuffer chunk) {
        while (chunk.hasRemaining() && chunk.get() != 0) {
            // its name
        }
        if (chunk.remaining() < 2 || chunk.get() != 0) {
            return null;
        }
        byte[] profile = new byte[LARGEST_PROFILE_BYTES];
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(chunk);
            int length = inflater.inflate(profile);
            return inflater.finished() ? Arrays.copyOf(profile, length) : null;
        } catch (DataFormatException malformed) {
            return null;
        }
    }
}
