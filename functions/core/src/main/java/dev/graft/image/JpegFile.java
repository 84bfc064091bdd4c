package dev.graft.image;

import java.nio.ByteBuffer;

/** The segments of a JPEG file (ITU-T T.81, annex B). */
final class JpegFile {
    private static final int END_OF_IMAGE = 0xd9;
    private static final int START_OF_SCAN = 0xda;
    private static final int APP1 = 0xe1;
    private static final long EXIF = 0x457869660000L;

    private JpegFile() {}

    /**
     * Walks to the end-of-image marker, which a file that broke off does not have; what follows it
     * (other pictures, a maker's notes) is left alone.
     */
    static ImageHeader header(ByteBuffer file) {
        int width = 0;
        int height = 0;
        int orientation = 1;
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
            } else if (marker == START_OF_SCAN) {
                scanned = true;
            } else if (marker == APP1 && length > 16 && file.getLong(at + 2) >>> 16 == EXIF) {
                orientation = ExifOrientation.of(file.slice(at + 8, length - 8));
            }
            at += length;
        }
        if (width == 0 || height == 0 || !scanned) {
            throw new IllegalArgumentException("no picture before the end-of-image marker");
        }
        return new ImageHeader(width, height, orientation, null);
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
