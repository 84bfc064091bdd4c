package dev.graft.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The chunks of a PNG file (W3C PNG, third edition). */
final class PngFile {
    private static final int LARGEST_PROFILE_BYTES = 4 << 20;

    private PngFile() {}

    /** Walks to the IEND chunk; the checksum of every chunk a decoder needs has to be right. */
    static ImageHeader header(ByteBuffer file) {
        int width = 0;
        int height = 0;
        int orientation = 1;
        byte[] profile = null;
        for (int at = 8; ; ) {
            int length = file.getInt(at);
            if (length < 0 || length > file.limit() - at - 12) {
                throw new IndexOutOfBoundsException();
            }
            ByteBuffer data = file.slice(at + 8, length);
            String type = StandardCharsets.ISO_8859_1.decode(file.slice(at + 4, 4)).toString();
            if (Character.isUpperCase(type.charAt(0))) {
                verify(type, file.slice(at + 4, length + 4), file.getInt(at + 8 + length));
            }
            switch (type) {
                case "IHDR" -> {
                    width = data.getInt(0);
                    height = data.getInt(4);
                }
                case "eXIf" -> orientation = ExifOrientation.of(data);
                case "iCCP" -> profile = profile(data);
                default -> {}
            }
            if (type.equals("IEND")) {
                return new ImageHeader(width, height, orientation, profile);
            }
            at += length + 12;
        }
    }

    private static void verify(String type, ByteBuffer typeAndData, int expected) {
        CRC32 sum = new CRC32();
        sum.update(typeAndData);
        if ((int) sum.getValue() != expected) {
            throw new IllegalArgumentException("the checksum of its " + type + " chunk is wrong");
        }
    }

    /** Null where it is malformed or implausibly large. */
    private static byte[] profile(ByteBuffer chunk) {
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
