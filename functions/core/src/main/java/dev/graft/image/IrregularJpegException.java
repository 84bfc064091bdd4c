package dev.graft.image;

/**
 * A JPEG file is not as encoders make them, or of a kind that {@link JpegPicture} does not decode;
 * ImageIO is to judge it.
 */
final class IrregularJpegException extends RuntimeException {
    IrregularJpegException() {
        super("not a regular JPEG file", null, false, false);
    }
}
