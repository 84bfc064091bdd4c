package dev.graft.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The segments of a JPEG file (ITU-T T.81, annex B). */
final class JpegFile {
    private static final int END_OF_IMAGE = 0xd9;
    private static final int START_OF_SCAN = 0xda;
    private static final int EXIF = 0xe1;
    private static final int PROFILE = 0xe2;
    private static final int ADOBE = 0xee;

    private JpegFile() {}

    /**
     * Walks to the end-of-image marker, which a file that broke off does not have; what follows it
     * (other pictures, a maker's notes) is left alone.
     */
    static ImageHeader header(ByteBuffer file) {
        int width = 0;
        int height = 0;
        int orientation = 1;
        int components = 0;
        int adobeTransform = -1;
        boolean profiled = false;
        boolean scanned = false;
        int at = 2;
        while (true) {
            at = marker(file, at);
            int marker = file.get(at++) & 0xff;
            if (marker == END_OF_IMAGE) {
                break;
            }
            if (marker <= 0x01 || marker >= 0xd0 && marker <= 0xd8) {
                continue; // stuffed byte of a scan, or a marker without a segment
            }
            int length = Short.toUnsignedInt(file.getShort(at));
            if (isFrame(marker)) {
                height = Short.toUnsignedInt(file.getShort(at + 3));
                width = Short.toUnsignedInt(file.getShort(at + 5));
                components = file.get(at + 7);
            } else if (marker == START_OF_SCAN) {
                scanned = true;
            } else if (marker == EXIF && begins(file, at, length, "Exif\0\0")) {
                orientation = ExifOrientation.of(file.slice(at + 8, length - 8));
            } else if (marker == PROFILE && begins(file, at, length, "ICC_PROFILE")) {
                profiled = true;
            } else if (marker == ADOBE && begins(file, at, length, "Adobe")) {
                adobeTransform = file.get(at + 13);
            }
            at += length;
        }
        if (width == 0 || height == 0 || !scanned) {
            throw new IllegalArgumentException("no picture before the end-of-image marker");
        }
        JpegInks inks = components == 4 && !profiled ? JpegInks.of(adobeTransform) : null;
        return new ImageHeader(width, height, 0, 0, orientation, null, inks);
    }

    /** Whether the segment of that length has that signature. */
    private static boolean begins(ByteBuffer file, int at, int length, String signature) {
        byte[] expected = signature.getBytes(StandardCharsets.US_ASCII);
        return length >= 2 + expected.length
                && ByteBuffer.wrap(expected).equals(file.slice(at + 2, expected.length));
    }

    /** The place of the next marker's second byte. */
    private static int marker(ByteBuffer file, int from) {
        int at = from;
        while (file.get(at) != (byte) 0xff) {
            at++;
        }
        while (file.get(at) == (byte) 0xff) {
            at++;
        }
        return at;
    }

    private static boolean isFrame(int marker) {
        return marker >= 0xc0
                && marker <= 0xcf
                && marker != 0xc4
                && marker != 0xc8
                && marker != 0xcc;
    }
}
