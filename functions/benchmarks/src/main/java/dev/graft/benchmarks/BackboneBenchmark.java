package dev.graft.benchmarks;

import dev.graft.backbone.Backbones;
import dev.graft.onnx.OnnxBackbone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Milliseconds that backbones take for one image on one thread, without decoding. They take turns
 * image by image, so that whatever else the machine does slows all alike: the ratios hold even
 * where it is busy, and the fastest run comes closest to an idle machine.
 */
public final class BackboneBenchmark {
    private static final int WARM_UP = 5;
    private static final int IMAGES = 50;

    private BackboneBenchmark() {}

    /**
     * Prints a table.
     *
     * @param args none; the system property {@code backbones} holds what {@link Backbones#resolve}
     *     takes, one or more, separated by commas
     */
    public static void main(String[] args) throws IOException {
        List<OnnxBackbone> backbones = new ArrayList<>();
        System.out.println("backbone, MB, width, median ms, fastest ms");
        try {
            String[] names = System.getProperty("backbones", "").split(",");
            List<Path> files = new ArrayList<>();
            for (String name : names) {
                files.add(Backbones.ofUser().resolve(name));
                backbones.add(OnnxBackbone.open(files.getLast(), 1));
            }
            double[][] millis = measure(backbones);
            for (int i = 0; i < millis.length; i++) {
                System.out.printf(
                        Locale.ROOT,
                        "%s, %.1f, %d, %.1f, %.1f%n",
                        names[i].isEmpty() ? "embedded" : Path.of(names[i]).getFileName(),
                        Files.size(files.get(i)) / 1e6,
                        backbones.get(i).width(),
                        millis[i][IMAGES / 2],
                        millis[i][0]);
            }
        } finally {
            backbones.forEach(OnnxBackbone::close);
        }
    }

    /** Per backbone, sorted. */
    private static double[][] measure(List<OnnxBackbone> backbones) {
        Random random = new Random(1);
        double[][] millis = new double[backbones.size()][IMAGES];
        for (int image = -WARM_UP; image < IMAGES; image++) {
            for (int i = 0; i < millis.length; i++) {
                int side = backbones.get(i).preprocessing().crop();
                float[] pixels = new float[3 * side * side];
                for (int j = 0; j < pixels.length; j++) {
                    pixels[j] = (float) random.nextGaussian();
                }
                long start = System.nanoTime();
                backbones.get(i).feature(pixels);
                if (image >= 0) {
                    millis[i][image] = (System.nanoTime() - start) / 1e6;
                }
            }
        }
        Arrays.stream(millis).forEach(Arrays::sort);
        return millis;
    }
}
