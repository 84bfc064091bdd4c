package dev.graft.image;

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
 */
record ImageHeader(
        int width, int height, int left, int top, int orientation, byte[] profile, JpegInks inks) {
    ImageHeader(int width, int height, int orientation, byte[] profile) {
        this(width, height, 0, 0, orientation, profile, null);
    }

    long area() {
        return (long) width * height;
    }
}
