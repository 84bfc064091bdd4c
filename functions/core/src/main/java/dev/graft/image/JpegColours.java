package dev.graft.image;

import java.util.List;

/**
 * RGB from the components of a JPEG picture. Fewer samples of a component are interpolated as
 * libjpeg 6b does (jdsample.c): where there are half as many a row, or a row and a column, by a
 * triangle; else each is repeated. The conversion is that of JFIF, in 16 bits of fixed point
 * (jdcolor.c).
 */
final class JpegColours {
    private static final int BITS = 16;
    private static final int HALF = 1 << BITS - 1;
    private static final int RED_BY_CR = 91881;
    private static final int GREEN_BY_CB = 22554;
    private static final int GREEN_BY_CR = 46802;
    private static final int BLUE_BY_CB = 116130;

    private final JpegFrame frame;
    private final int width;
    private final int height;
    private final Window read;

    /** Of the pixels in a window; the others are left black. */
    JpegColours(JpegFrame frame, Window read) {
        this.frame = frame;
        this.read = read;
        width = frame.width();
        height = frame.height();
    }

    /** Height x width x 3 bytes. */
    byte[] rgb() {
        byte[] rgb = new byte[3 * width * height];
        List<JpegComponent> components = frame.components();
        byte[][] rows = new byte[components.size()][];
        for (int i = 0; i < rows.length; i++) {
            JpegComponent component = components.get(i);
            rows[i] = new byte[component.stride() * frame.across(component)];
        }
        for (int y = read.top(); y < read.bottom(); y++) {
            int from = 3 * (width * y + read.left());
            for (int i = 0; i < rows.length; i++) {
                row(components.get(i), y, rows[i]);
            }
            if (rows.length == 1) {
                grey(rows[0], rgb, from);
            } else {
                colours(rows, rgb, from);
            }
        }
        return rgb;
    }

    private void row(JpegComponent component, int y, byte[] to) {
        int across = frame.across(component);
        int down = frame.down(component);
        int first = read.left() / across;
        int end = Math.min(component.width, Math.ceilDiv(read.right(), across));
        if (down == 0) {
            halved(component, y, first, end, to);
            return;
        }
        int at = y / down * component.stride();
        boolean smooth = frame.side() > 1 && across == 2 && component.width > 2;
        if (smooth && down == 1) {
            doubled(component, at, first, end, to);
        } else if (smooth && down == 2) {
            doubledBothWays(component, y, first, end, to);
        } else if (across == 1) {
            System.arraycopy(component.samples, at + first, to, first, end - first);
        } else {
            for (int x = first * across; x < end * across; x++) {
                to[x] = component.samples[at + x / across];
            }
        }
    }

    /** The mean of two rows, the last of which may be missing. */
    private static void halved(JpegComponent component, int y, int from, int end, byte[] to) {
        int first = 2 * y * component.stride();
        int second = Math.min(2 * y + 1, component.height - 1) * component.stride();
        for (int x = from; x < end; x++) {
            int sum =
                    (component.samples[first + x] & 0xff) + (component.samples[second + x] & 0xff);
            to[x] = (byte) (sum + 1 >> 1);
        }
    }

    /** Three quarters of the nearer sample and one of the other, on either side of each. */
    private static void doubled(JpegComponent component, int at, int first, int end, byte[] to) {
        byte[] from = component.samples;
        int last = component.width - 1;
        for (int x = first; x < end; x++) {
            int three = 3 * (from[at + x] & 0xff);
            int before = x == 0 ? three / 3 : from[at + x - 1] & 0xff;
            int after = x == last ? three / 3 : from[at + x + 1] & 0xff;
            to[2 * x] = (byte) (three + before + 1 >> 2);
            to[2 * x + 1] = (byte) (three + after + 2 >> 2);
        }
    }

    /** The same between rows first, of which the second is the one further off. */
    private static void doubledBothWays(
            JpegComponent component, int y, int first, int end, byte[] to) {
        byte[] from = component.samples;
        int at = y / 2 * component.stride();
        int further = Math.clamp(y / 2 + (y & 1) * 2 - 1, 0, component.height - 1);
        int other = further * component.stride();
        int last = component.width - 1;
        int here = threeAndOne(from, at + first, other + first);
        int before = first == 0 ? here : threeAndOne(from, at + first - 1, other + first - 1);
        for (int x = first; x < end; x++) {
            int next = x == last ? here : threeAndOne(from, at + x + 1, other + x + 1);
            to[2 * x] = (byte) (3 * here + before + 8 >> 4);
            to[2 * x + 1] = (byte) (3 * here + next + 7 >> 4);
            before = here;
            here = next;
        }
    }

    private static int threeAndOne(byte[] from, int near, int far) {
        return 3 * (from[near] & 0xff) + (from[far] & 0xff);
    }

    private void grey(byte[] row, byte[] rgb, int from) {
        for (int x = read.left(), at = from; x < read.right(); x++, at += 3) {
            rgb[at] = row[x];
            rgb[at + 1] = row[x];
            rgb[at + 2] = row[x];
        }
    }

    private void colours(byte[][] rows, byte[] rgb, int from) {
        byte[] luma = rows[0];
        byte[] blue = rows[1];
        byte[] red = rows[2];
        for (int x = read.left(), at = from; x < read.right(); x++, at += 3) {
            int y = luma[x] & 0xff;
            int cb = (blue[x] & 0xff) - 128;
            int cr = (red[x] & 0xff) - 128;
            int r = y + (RED_BY_CR * cr + HALF >> BITS);
            int g = y + (HALF - GREEN_BY_CB * cb - GREEN_BY_CR * cr >> BITS);
            int b = y + (BLUE_BY_CB * cb + HALF >> BITS);
            // hardly ever one has to be limited
            if (((r | g | b) & ~0xff) != 0) {
                r = limited(r);
                g = limited(g);
                b = limited(b);
            }
            rgb[at] = (byte) r;
            rgb[at + 1] = (byte) g;
            rgb[at + 2] = (byte) b;
        }
    }

    private static int limited(int sample) {
        return Math.max(0, Math.min(255, sample));
    }
}
