package dev.graft.training;

import dev.graft.fit.FeatureMatrix;
import dev.graft.fit.ScaleBenchmark;
import dev.graft.fit.TrainingSet;
import dev.graft.fit.Usage;
import dev.graft.head.Activation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * How the time of a whole training (path of strengths, folds, prior adjustment, figures, head;
 * without reading the store) grows with rows, width and classes of synthetic features: one of them
 * at a time, the others as in the middle. In CPU seconds, which other work on the machine changes
 * least. Argument: the SVG to write.
 */
public final class GrowthBenchmark {
    private static final int ROWS = 4_000;
    private static final int WIDTH = 512;
    private static final int CLASSES = 8;
    private static final int PANEL = 250;
    private static final int HEIGHT = 180;

    private GrowthBenchmark() {}

    /** What grows, its values and the CPU seconds of each. */
    private record Growth(String of, int[] values, double[] seconds) {
        /** Exponent of the power law through the last half of the points. */
        double power() {
            int last = values.length - 1;
            int first = values.length / 2;
            return Math.log(seconds[last] / seconds[first])
                    / Math.log((double) values[last] / values[first]);
        }
    }

    /** Measures, prints a line for each size and draws. */
    public static void main(String[] arguments) throws IOException {
        seconds(ROWS, WIDTH, CLASSES);
        List<Growth> growths = new ArrayList<>();
        int[] rows = {1_000, 2_000, 4_000, 8_000, 16_000};
        growths.add(new Growth("rows", rows, measured(rows, n -> seconds(n, WIDTH, CLASSES))));
        int[] widths = {128, 256, 512, 1_024, 2_048};
        growths.add(new Growth("width", widths, measured(widths, n -> seconds(ROWS, n, CLASSES))));
        int[] classes = {2, 4, 8, 16, 32};
        growths.add(
                new Growth("classes", classes, measured(classes, n -> seconds(ROWS, WIDTH, n))));
        Files.writeString(Path.of(arguments[0]), svg(growths));
    }

    private interface Size {
        double seconds(int value);
    }

    private static double[] measured(int[] values, Size size) {
        return IntStream.of(values).mapToDouble(size::seconds).toArray();
    }

    private static double seconds(int rows, int width, int classes) {
        TrainingSet random = ScaleBenchmark.synthetic(rows, width, classes);
        Random hashes = new Random(2);
        List<TrainingImage> images = new ArrayList<>();
        try (FeatureMatrix matrix = random.features()) {
            for (int i = 0; i < rows; i++) {
                String hash = "%016x".formatted(hashes.nextLong()).repeat(4);
                String label = random.classes().get(random.labels()[i][0]);
                images.add(
                        new TrainingImage(
                                "image " + i, label, hash, matrix, i, Instant.EPOCH, new byte[0]));
            }
            Usage usage = new Usage();
            TrainingSettings settings = TrainingSettings.standard(Activation.SOFTMAX);
            var chosen = HeadFit.of(images, "", settings, Deadline.none()).validated();
            double cpu = usage.cpu();
            System.out.printf(
                    Locale.ROOT,
                    "%,d x %,d, %d classes: %.1f CPU s, strength %s, log loss %.3f%n",
                    rows,
                    width,
                    classes,
                    cpu,
                    chosen.best().strength(),
                    chosen.best().validation().logLoss());
            return cpu;
        }
    }

    /** Three panels, both axes logarithmic. */
    private static String svg(List<Growth> growths) {
        double least = growths.stream().mapToDouble(g -> g.seconds[0]).min().orElseThrow() / 1.3;
        double most =
                1.3
                        * growths.stream()
                                .flatMapToDouble(g -> java.util.Arrays.stream(g.seconds))
                                .max()
                                .orElseThrow();
        StringBuilder svg =
                new StringBuilder(
                        """
                        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 790 260" font-family="sans-serif" font-size="12">
                        <style>text { fill: #5b6570 } path { fill: none; stroke: #8a94a0 } .line { stroke: #2f6fde; stroke-width: 2 } circle { fill: #2f6fde }</style>
                        """);
        for (int g = 0; g < growths.size(); g++) {
            Growth growth = growths.get(g);
            int left = 30 + g * (PANEL + 10);
            int last = growth.values.length - 1;
            add(svg, "<path d=\"M%d 30V%dh%d\"/>", left, 30 + HEIGHT, PANEL - 30);
            StringBuilder line = new StringBuilder();
            for (int i = 0; i <= last; i++) {
                double x = left + 15 + (double) i / last * (PANEL - 60);
                double share = Math.log(growth.seconds[i] / least) / Math.log(most / least);
                double y = 30 + HEIGHT * (1 - share);
                add(line, "%s%.0f %.0f", i == 0 ? "M" : "L", x, y);
                add(svg, "<circle cx=\"%.0f\" cy=\"%.0f\" r=\"3.5\"/>", x, y);
                text(svg, x, y - 8, String.format(Locale.ROOT, "%.1f s", growth.seconds[i]));
                text(svg, x, 30 + HEIGHT + 16, String.format(Locale.ROOT, "%,d", growth.values[i]));
            }
            add(svg, "<path class=\"line\" d=\"%s\"/>", line);
            String title = String.format(Locale.ROOT, "%s^%.1f", growth.of, growth.power());
            text(svg, left + PANEL / 2.0 - 15, 14, title);
            text(svg, left + PANEL / 2.0 - 15, 30 + HEIGHT + 36, growth.of);
        }
        return svg.append("</svg>\n").toString();
    }

    private static void text(StringBuilder svg, double x, double y, String text) {
        add(svg, "<text text-anchor=\"middle\" x=\"%.0f\" y=\"%.0f\">%s</text>%n", x, y, text);
    }

    private static void add(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}
