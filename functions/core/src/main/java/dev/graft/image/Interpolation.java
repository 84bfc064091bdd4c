package dev.graft.image;

import java.util.Locale;

/** How pixels in between are computed when an image is resized; both antialiased. */
public enum Interpolation {
    /** A triangle, as Pillow's {@code BILINEAR}. */
    BILINEAR {
        @Override
        double reach() {
            return 1;
        }

        @Override
        double weight(double distance) {
            return Math.max(0, 1 - Math.abs(distance));
        }
    },
    /** The cubic convolution of Keys with a = -0.5, as Pillow's {@code BICUBIC}. */
    BICUBIC {
        @Override
        double reach() {
            return 2;
        }

        @Override
        double weight(double distance) {
            double x = Math.abs(distance);
            if (x < 1) {
                return ((A + 2) * x - (A + 3)) * x * x + 1;
            }
            return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
        }
    };

    private static final double A = -0.5;

    /** Half the width of the kernel, in pixels. */
    abstract double reach();

    /** Height of the kernel at a distance from its centre, before it is scaled to sum 1. */
    abstract double weight(double distance);

    /** As preprocessing names it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
