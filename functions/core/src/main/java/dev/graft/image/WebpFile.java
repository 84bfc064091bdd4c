package dev.graft.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a WebP file (RFC 9649). The decoder does not get the ICC profile: it refuses a file
 * whose profile is malformed.
 */
final class WebpFile {
    private static final int PROFILE_FLAG = 0x20;

    private final ByteBuffer decodable;
    private final PixelPath path;
    private int width;
    private int height;
    private int left;
    private int top;
    private int orientation = 1;
    private byte @Nullable [] profile;
    private boolean picture;
    private boolean animated;

    private WebpFile(ByteBuffer decodable, PixelPath path) {
        this.decodable = decodable;
        this.path = path;
    }

    /** Walks the chunks to the end that the RIFF header promises; keeps the first frame's place. */
    static ImageHeader header(ByteBuffer bytes, PixelPath path) {
        ByteBuffer file = ByteBuffer.wrap(bytes.array().clone()).order(ByteOrder.LITTLE_ENDIAN);
        long end = 8 + Integer.toUnsignedLong(file.getInt(4));
        if (end > file.limit()) {
            throw new IndexOutOfBoundsException();
        }
        WebpFile webp = new WebpFile(file, path);
        for (int at = 12; at + 8 <= end; ) {
            int length = file.getInt(at + 4);
            if (length < 0 || length > end - at - 8) {
                throw new IndexOutOfBoundsException();
            }
            webp.chunk(at, file.slice(at + 8, length).order(ByteOrder.LITTLE_ENDIAN));
            at += 8 + length + (length & 1);
        }
        if (!webp.picture) {
            throw new IllegalArgumentException("it holds no picture");
        }
        return new ImageHeader(
                webp.width,
                webp.height,
                webp.left,
                webp.top,
                webp.orientation,
                ImageHeader.suitable(webp.profile, false),
                null,
                file.array());
    }

    private void chunk(int at, ByteBuffer data) {
        switch (StandardCharsets.ISO_8859_1.decode(decodable.slice(at, 4)).toString()) {
            case "VP8X" -> {
                size(1 + (data.getInt(4) & 0xffffff), 1 + (data.getInt(6) >>> 8));
                data.put(0, (byte) (data.get(0) & ~PROFILE_FLAG));
            }
            case "VP8 " -> {
                size(data.getShort(6) & 0x3fff, data.getShort(8) & 0x3fff);
                picture = true;
            }
            case "VP8L" -> {
                size(1 + (data.getInt(1) & 0x3fff), 1 + (data.getInt(1) >>> 14 & 0x3fff));
                picture = true;
            }
            case "ANMF" -> {
                if (!animated) {
                    left = 2 * (data.getInt(0) & 0xffffff);
                    top = 2 * (data.getInt(3) & 0xffffff);
                    long right = left + 1L + (data.getInt(6) & 0xffffff);
                    long bottom = top + 1L + (data.getInt(8) >>> 8);
                    if (right > width || bottom > height) {
                        throw new IllegalArgumentException("its first frame leaves the canvas");
                    }
                    animated = true;
                    picture = true;
                }
            }
            case "ICCP" -> {
                profile = new byte[data.limit()];
                data.get(profile);
                decodable.put(at, "none".getBytes(StandardCharsets.US_ASCII));
            }
            case "EXIF" -> orientation = ExifOrientation.of(withoutPrefix(data), path);
            default -> {}
        }
    }

    private void size(int columns, int rows) {
        width = Math.max(width, columns);
        height = Math.max(height, rows);
    }

    /** Some writers put JPEG's "Exif\0\0" in front. */
    private static ByteBuffer withoutPrefix(ByteBuffer exif) {
        return exif.limit() > 6 && exif.get(0) == 'E' ? exif.slice(6, exif.limit() - 6) : exif;
    }
}
