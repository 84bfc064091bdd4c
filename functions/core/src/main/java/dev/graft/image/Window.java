package dev.graft.image;

/**
 * The pixels of a decoded image that are read, a rectangle of those that are in memory: the others
 * need not be decoded and stay black.
 *
 * @param left first column
 * @param top first row
 * @param right one after the last column
 * @param bottom one after the last row
 */
record Window(int left, int top, int right, int bottom) {
    /** All pixels of an image of these sides. */
    static Window whole(ImageSide across, ImageSide down) {
        return new Window(0, 0, across.samples(), down.samples());
    }

    /** With columns for rows. */
    Window transposed() {
        return new Window(top, left, bottom, right);
    }

    /** As it lies in an image whose so many columns are mirrored. */
    Window mirrored(int columns) {
        return new Window(columns - right, top, columns - left, bottom);
    }

    boolean contains(int column, int row) {
        return column >= left && column < right && row >= top && row < bottom;
    }
}
