package dev.graft.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The blocks of a GIF file (CompuServe, GIF89a Specification). */
final class GifFile {
    private static final int EXTENSION = 0x21;
    private static final int FRAME = 0x2c;
    private static final int TRAILER = 0x3b;

    private GifFile() {}

    /** Walks all frames to the trailer; the place of the first frame on the canvas is kept. */
    static ImageHeader header(ByteBuffer bytes) {
        ByteBuffer file = bytes.order(ByteOrder.LITTLE_ENDIAN);
        int width = unsigned(file, 6);
        int height = unsigned(file, 8);
        ImageHeader first = null;
        int at = 13 + tableBytes(file.get(10));
        while (true) {
            int block = file.get(at);
            if (block == TRAILER && first != null) {
                return first;
            } else if (block == EXTENSION) {
                at = afterSubBlocks(file, at + 2);
            } else if (block == FRAME) {
                int left = unsigned(file, at + 1);
                int top = unsigned(file, at + 3);
                int right = left + unsigned(file, at + 5);
                int bottom = top + unsigned(file, at + 7);
                if (first == null) {
                    width = Math.max(width, right);
                    height = Math.max(height, bottom);
                    first = new ImageHeader(width, height, left, top, 1, null, null);
                }
                at = afterSubBlocks(file, at + 11 + tableBytes(file.get(at + 9)));
            } else {
                throw new IllegalArgumentException("unknown block " + block + " at byte " + at);
            }
        }
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
