package dev.graft.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The chunks of a WebP file (RFC 9649). */
final class WebpFile {
    private WebpFile() {}

    /** Walks the chunks to the end that the RIFF header promises; keeps the first frame's place. */
    static ImageHeader header(ByteBuffer bytes) {
        ByteBuffer file = bytes.order(ByteOrder.LITTLE_ENDIAN);
        long end = 8 + Integer.toUnsignedLong(file.getInt(4));
        if (end > file.limit()) {
            throw new IndexOutOfBoundsException();
        }
        int width = 0;
        int height = 0;
        int left = 0;
        int top = 0;
        int orientation = 1;
        boolean animated = false;
        for (int at = 12; at + 8 <= end; ) {
            String type = StandardCharsets.ISO_8859_1.decode(file.slice(at, 4)).toString();
            int length = file.getInt(at + 4);
            if (length < 0 || length > end - at - 8) {
                throw new IndexOutOfBoundsException();
            }
            ByteBuffer data = file.slice(at + 8, length).order(ByteOrder.LITTLE_ENDIAN);
            switch (type) {
                case "VP8X" -> {
                    width = Math.max(width, 1 + (data.getInt(4) & 0xffffff));
                    height = Math.max(height, 1 + (data.getInt(6) >>> 8));
                }
                case "VP8 " -> {
                    width = Math.max(width, data.getShort(6) & 0x3fff);
                    height = Math.max(height, data.getShort(8) & 0x3fff);
                }
                case "VP8L" -> {
                    width = Math.max(width, 1 + (data.getInt(1) & 0x3fff));
                    height = Math.max(height, 1 + (data.getInt(1) >>> 14 & 0x3fff));
                }
                case "ANMF" -> {
                    if (!animated) {
                        left = 2 * (data.getInt(0) & 0xffffff);
                        top = 2 * (data.getInt(3) & 0xffffff);
                        animated = true;
                    }
                }
                case "EXIF" -> orientation = ExifOrientation.of(withoutPrefix(data));
                default -> {}
            }
            at += 8 + length + (length & 1);
        }
        return new ImageHeader(width, height, left, top, orientation, null, null);
    }

    /** Some writers put JPEG's "Exif\0\0" in front. */
    private static ByteBuffer withoutPrefix(ByteBuffer exif) {
        return exif.limit() > 6 && exif.get(0) == 'E' ? exif.slice(6, exif.limit() - 6) : exif;
    }
}
