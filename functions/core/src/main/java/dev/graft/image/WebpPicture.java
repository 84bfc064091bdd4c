package dev.graft.image;

import dev.graft.vp8.Vp8Picture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The pixels of a lossy WebP file without alpha or motion, as phones and browsers write it (RFC
 * 9649). The reader for ImageIO takes ten times the memory and smooths other edges than RFC 6386
 * says. Whatever is otherwise about a file is left to it, and so is every verdict about damage.
 */
final class WebpPicture {
    private static final int LOSSY = 0x20385056; // "VP8 "
    private static final int ALPHA = 0x48504c41; // "ALPH"
    private static final int MOTION = 0x4d464e41; // "ANMF"
    private static final int FIRST_CHUNK = 12;

    private WebpPicture() {}

    /**
     * Decodes the file of a header. The code is read to its end whatever the window, as that of
     * {@link JpegPicture}.
     *
     * @param reduction by which each side is divided: 1, 2, 4 or 8
     * @param read of the picture as stored and divided
     * @return null if ImageIO is to decode it
     */
    static @Nullable DecodedPixels decode(ImageHeader header, int reduction, Window read) {
        Vp8Picture picture =
                picture(header.file(), reduction * read.right(), reduction * read.bottom());
        if (picture == null
                || picture.width() != header.width()
                || picture.height() != header.height()) {
            return null;
        }
        int width = (header.width() + reduction - 1) / reduction;
        int height = (header.height() + reduction - 1) / reduction;
        byte[] rgb = picture.rgb(reduction, read.left(), read.top(), read.right(), read.bottom());
        DecodedPixels pixels = new DecodedPixels(width, height, rgb, null);
        return header.profile() == null ? pixels : pixels.fromProfile(header.profile());
    }

    private static @Nullable Vp8Picture picture(byte[] bytes, int right, int bottom) {
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long end = 8 + Integer.toUnsignedLong(file.getInt(4));
        Vp8Picture picture = null;
        int length;
        for (int at = FIRST_CHUNK; at + 8 <= end; at += 8 + length + (length & 1)) {
            int type = file.getInt(at);
            length = file.getInt(at + 4);
            if (type == ALPHA || type == MOTION || type == LOSSY && picture != null) {
                return null;
            }
            if (type == LOSSY) {
                picture = Vp8Picture.read(bytes, at + 8, at + 8 + length, right, bottom);
            }
        }
        return picture;
    }
}
