package dev.graft.evaluation;

import dev.graft.head.HeadCard;

/**
 * What more images of a class would bring: its F1 out of fold when a quarter, half and all of the
 * images (of all classes alike) were learned from. The error 1 - F1 is taken to fall as images to
 * the power of -rate (a power law, as in Hestness et al., arXiv:1712.00409), the rate fitted by
 * least squares in logarithms. A rough guide, the more so for classes of few images.
 */
public final class LearningCurve {
    private static final double LEAST_ERROR = 1e-3;
    private static final double FASTEST = 1;

    private LearningCurve() {}

    /** Fits the curve through the steps, the last of which is with all images. */
    public static HeadCard.LearningCurve of(int[] images, double[] f1) {
        double x = 0;
        double y = 0;
        double xx = 0;
        double xy = 0;
        for (int s = 0; s < images.length; s++) {
            double size = Math.log(Math.max(1, images[s]));
            double error = Math.log(error(f1[s]));
            x += size / images.length;
            y += error / images.length;
            xx += size * size / images.length;
            xy += size * error / images.length;
        }
        double spread = xx - x * x;
        double rate = spread < 1e-9 ? 0 : Math.clamp(-(xy - x * y) / spread, 0, FASTEST);
        double gain = error(f1[f1.length - 1]) * (1 - Math.pow(2, -rate));
        return new HeadCard.LearningCurve(images, f1, images[images.length - 1], gain);
    }

    private static double error(double f1) {
        return Math.max(LEAST_ERROR, 1 - f1);
    }
}
