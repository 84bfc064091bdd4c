package dev.graft.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the container of a file says before any pixel is decoded.
 *
 * @param width of the whole image as stored, in pixels
 * @param height likewise
 * @param left column of the image at which the first frame begins
 * @param top row at which it begins
 * @param orientation EXIF orientation, 1 (upright) to 8
 * @param profile ICC profile that the pixels are in and that the decoder leaves to us; null for
 *     none
 * @param inks how the four inks of a JPEG without a profile are stored; null for all other images
 * @param file what the decoder is to read: the file, without what it would stumble over
 */
record ImageHeader(
        int width,
        int height,
        int left,
        int top,
        int orientation,
        byte @Nullable [] profile,
        @Nullable JpegInks inks,
        byte[] file) {
    private static final int SPACE_AT = 16;
    private static final int TAGS_AT = 128;

    /** Of an image that fills its canvas and is no JPEG of four inks. */
    ImageHeader(int width, int height, int orientation, byte @Nullable [] profile, byte[] file) {
        this(width, height, 0, 0, orientation, profile, null, file);
    }

    /**
     * The ICC profile that counts: one of grey is for grey pixels only, and one of inks for none of
     * those that come here; and none whose tags reach past its end. Source: Chromium, whose
     * decoders drop the same.
     *
     * @param profile as it stands in the file, or null
     * @param grey whether the file stores grey
     */
    static byte @Nullable [] suitable(byte @Nullable [] profile, boolean grey) {
        if (profile == null || !tagsFit(profile)) {
            return null;
        }
        String space = new String(profile, SPACE_AT, 4, StandardCharsets.ISO_8859_1);
        return space.equals("RGB ") || space.equals("GRAY") && grey ? profile : null;
    }

    /**
     * Whether an ICC profile and its tags are no longer than they are told to be. Readers believe
     * it: one of a few bytes can ask for gigabytes. Source: ICC.1:2022, 7.2 and 7.3.
     */
    static boolean tagsFit(byte[] profile) {
        if (profile.length < TAGS_AT + 4) {
            return false;
        }
        ByteBuffer table = ByteBuffer.wrap(profile);
        long tags = Integer.toUnsignedLong(table.getInt(TAGS_AT));
        boolean fit =
                Integer.toUnsignedLong(table.getInt(0)) <= profile.length
                        && TAGS_AT + 4 + 12 * tags <= profile.length;
        for (int i = 0; fit && i < tags; i++) {
            int entry = TAGS_AT + 4 + 12 * i;
            long offset = Integer.toUnsignedLong(table.getInt(entry + 4));
            fit = offset + Integer.toUnsignedLong(table.getInt(entry + 8)) <= profile.length;
        }
        return fit;
    }

    long area() {
        return (long) width * height;
    }
}
