package dev.graft.testing;

import dev.graft.feature.Backbone;
import dev.graft.image.PixelPath;
import dev.graft.image.Preprocessing;

/** The mean of the values: enough of a backbone where only labels matter. */
public final class MeanBackbone implements Backbone {
    @Override
    public PixelPath pixelPath() {
        return PixelPath.CURRENT;
    }

    @Override
    public String id() {
        return "mean";
    }

    @Override
    public String name() {
        return "mean";
    }

    @Override
    public int width() {
        return 1;
    }

    @Override
    public Preprocessing preprocessing() {
        return Preprocessing.imageNet(8, 8);
    }

    @Override
    public float[] feature(float[] pixels) {
        float sum = 0;
        for (float value : pixels) {
            sum += value;
        }
        return new float[] {sum / pixels.length};
    }

    @Override
    public void close() {}
}
