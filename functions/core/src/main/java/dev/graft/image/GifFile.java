package dev.graft.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The blocks of a GIF file (CompuServe, GIF89a Specification). */
final class GifFile {
    private static final int EXTENSION = 0x21;
    private static final int FRAME = 0x2c;

    private GifFile() {}

    /**
     * Walks to the end of the first frame, which alone is decoded, and keeps its place on the
     * canvas. Whether the other frames and the trailer are there makes no difference.
     */
    static ImageHeader header(ByteBuffer bytes) {
        ByteBuffer file = bytes.order(ByteOrder.LITTLE_ENDIAN);
        int at = 13 + tableBytes(file.get(10));
        while (file.get(at) == EXTENSION) {
            at = afterSubBlocks(file, at + 2);
        }
        if (file.get(at) != FRAME) {
            throw new IllegalArgumentException("no frame at byte " + at);
        }
        afterSubBlocks(file, at + 11 + tableBytes(file.get(at + 9)));
        int left = unsigned(file, at + 1);
        int top = unsigned(file, at + 3);
        int width = Math.max(unsigned(file, 6), left + unsigned(file, at + 5));
        int height = Math.max(unsigned(file, 8), top + unsigned(file, at + 7));
        return new ImageHeader(width, height, left, top, 1, null, null, bytes.array());
    }

    private static int unsigned(ByteBuffer file, int at) {
        return Short.toUnsignedInt(file.getShort(at));
    }

    private static int tableBytes(byte flags) {
        return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
    }

    private static int afterSubBlocks(ByteBuffer file, int from) {
        int at = from;
        while (file.get(at) != 0) {
            at += 1 + (file.get(at) & 0xff);
        }
        return at + 1;
    }
}
