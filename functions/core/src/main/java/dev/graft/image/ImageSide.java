package dev.graft.image;

/**
 * One side of an image, of which not every pixel need be in memory.
 *
 * @param length in pixels of the file
 * @param reduction so many pixels are one sample, at least 1
 */
record ImageSide(int length, int reduction) {
    /** Samples in memory; the last may stand for fewer pixels. */
    int samples() {
        return Math.ceilDiv(length, reduction);
    }
}
