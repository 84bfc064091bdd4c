package dev.graft.index;

import java.util.Random;

/** Features around directions of their own, which stand for classes. */
final class AxisFeatures {
    private AxisFeatures() {}

    /** One of so many values around an axis. */
    static float[] around(int axis, int width, Random random) {
        float[] feature = new float[width];
        for (int i = 0; i < width; i++) {
            feature[i] = (float) random.nextGaussian() / 10;
        }
        feature[axis] += 3;
        return feature;
    }
}
