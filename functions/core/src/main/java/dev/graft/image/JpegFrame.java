package dev.graft.image;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The frame of a JPEG file (ITU-T T.81, B.2.2): its size, and the components with their samples.
 *
 * @param isProgressive whether its coefficients come in several scans
 * @param size of the picture as stored
 * @param side samples a side that a block of the largest component becomes: 1, 2, 4 or 8
 */
record JpegFrame(
        boolean isProgressive, JpegComponent.Size size, int side, List<JpegComponent> components) {
    private static final int MOST_SAMPLES = 4;

    /**
     * From the segment of the header.
     *
     * @param segment from the length on
     * @param side as above
     * @throws IrregularJpegException if it is of a kind that is not decoded here
     */
    static JpegFrame of(ByteBuffer segment, boolean isProgressive, int side) {
        int components = segment.get(7);
        if (segment.get(2) != 8
                || components != 1 && components != 3
                || segment.getShort(0) != 8 + 3 * components) {
            throw new IrregularJpegException();
        }
        List<JpegComponent.Told> told = new ArrayList<>();
        int across = 1;
        int down = 1;
        for (int i = 0; i < components; i++) {
            int sampling = segment.get(9 + 3 * i);
            // one component alone is never sampled otherwise
            int h = components == 1 ? 1 : sampling >> 4;
            int v = components == 1 ? 1 : sampling & 15;
            int table = segment.get(10 + 3 * i);
            if (!isSampling(sampling >> 4)
                    || !isSampling(sampling & 15)
                    || table < 0
                    || table > 3) {
                throw new IrregularJpegException();
            }
            told.add(new JpegComponent.Told(segment.get(8 + 3 * i) & 0xff, h, v, table));
            across = Math.max(across, h);
            down = Math.max(down, v);
        }
        int height = Short.toUnsignedInt(segment.getShort(3));
        int width = Short.toUnsignedInt(segment.getShort(5));
        if (width == 0 || height == 0) {
            throw new IrregularJpegException();
        }
        JpegComponent.Size size = new JpegComponent.Size(width, height, across, down);
        List<JpegComponent> made = new ArrayList<>();
        for (JpegComponent.Told one : told) {
            made.add(new JpegComponent(one, side(one, size, side), size));
        }
        return new JpegFrame(isProgressive, size, side, List.copyOf(made));
    }

    private static boolean isSampling(int factor) {
        return factor == 1 || factor == 2 || factor == MOST_SAMPLES;
    }

    /**
     * A component of fewer samples a row is reduced less, as far as it does not exceed the largest;
     * where it has all rows, it has twice as many then.
     */
    private static int side(JpegComponent.Told component, JpegComponent.Size size, int largest) {
        int side = largest;
        while (side < 8
                && 2 * side * component.across() <= largest * size.across()
                && (2 * side * component.down() <= largest * size.down()
                        || component.down() == size.down())) {
            side *= 2;
        }
        return side;
    }

    /** Pixels a row of the picture at this side of its blocks. */
    int width() {
        return Math.ceilDiv(size.width() * side, 8);
    }

    int height() {
        return Math.ceilDiv(size.height() * side, 8);
    }

    /**
     * Leaves out the blocks that no pixel of a window is made of, nor interpolated with: beside
     * each of its samples that are the next ones.
     */
    void only(Window pixels) {
        for (JpegComponent component : components) {
            int across = across(component);
            int down = down(component);
            component.only(
                    new Window(
                            pixels.left() / across - 1,
                            (down == 0 ? 2 * pixels.top() : pixels.top() / down) - 1,
                            Math.ceilDiv(pixels.right(), across) + 1,
                            (down == 0 ? 2 * pixels.bottom() : Math.ceilDiv(pixels.bottom(), down))
                                    + 1));
        }
    }

    /** How many pixels a row one sample of the component stands for. */
    int across(JpegComponent component) {
        return size.across() * side / (component.across * component.side);
    }

    /** How many rows one of its rows stands for; 0 where two of them are one of the picture. */
    int down(JpegComponent component) {
        return size.down() * side / (component.down * component.side);
    }
}
