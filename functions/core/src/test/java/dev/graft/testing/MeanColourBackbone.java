package dev.graft.testing;

import dev.graft.feature.Backbone;
import dev.graft.image.PixelPath;
import dev.graft.image.Preprocessing;

/** A network whose feature is the mean of red, green and blue, each 0..1. */
public final class MeanColourBackbone implements Backbone {
    private static final int SIDE = 4;

    @Override
    public String id() {
        return "mean-colour";
    }

    @Override
    public String name() {
        return "Mean colour";
    }

    @Override
    public int width() {
        return 3;
    }

    @Override
    public PixelPath pixelPath() {
        return PixelPath.CURRENT;
    }

    @Override
    public Preprocessing preprocessing() {
        return Preprocessing.imageNet(SIDE, SIDE);
    }

    @Override
    public float[] feature(float[] pixels) {
        float[] feature = new float[3];
        Preprocessing preprocessing = preprocessing();
        for (int i = 0; i < pixels.length; i++) {
            int channel = i / (SIDE * SIDE);
            float value =
                    pixels[i] * preprocessing.deviation().get(channel)
                            + preprocessing.mean().get(channel);
            feature[channel] += value / (SIDE * SIDE);
        }
        return feature;
    }

    @Override
    public void close() {}
}
