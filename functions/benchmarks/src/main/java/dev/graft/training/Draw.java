package dev.graft.training;

import dev.graft.evaluation.Calibration;
import dev.graft.evaluation.Folds;
import dev.graft.evaluation.OutOfFold;
import dev.graft.feature.Float16;
import dev.graft.feature.Sha256;
import dev.graft.fit.TrainingSet;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A training on some images of a set.
 *
 * @param all images
 * @param drawn rising indices of those that were learned from
 * @param best way to fit, as validation chose it
 * @param head on all that were drawn, calibrated
 */
record Draw(TrainingSet all, int[] drawn, Choice best, Head head) {
    private static final int FOLDS = 5;

    /** More than any cosine: whatever was drawn counts as no near-duplicate. */
    private static final double NONE = 2;

    /**
     * Trains on these images.
     *
     * @param names of all images
     * @param draw number of the draw, by which images get their folds
     */
    static Draw of(TrainingSet all, List<String> names, int[] drawn, int draw) {
        return of(all, names, drawn, draw, TrainingSettings.standard(Activation.SOFTMAX));
    }

    /** Trains on these images with these settings. */
    static Draw of(
            TrainingSet all, List<String> names, int[] drawn, int draw, TrainingSettings settings) {
        List<Folds.Image> images =
                IntStream.of(drawn)
                        .mapToObj(
                                i ->
                                        new Folds.Image(
                                                names.get(i),
                                                all.classes().get(all.labels()[i][0]),
                                                hash(draw, names.get(i)),
                                                Instant.EPOCH,
                                                new byte[0]))
                        .toList();
        Folds folds = Folds.of(images, i -> feature(all, drawn[i]), FOLDS, NONE, () -> false);
        TrainingSet set =
                TrainingSet.softmax(
                        all.features(),
                        IntStream.of(drawn).map(i -> all.rows()[i]).toArray(),
                        IntStream.of(drawn).map(i -> all.labels()[i][0]).toArray(),
                        folds.grouped(),
                        all.classes());
        Choice best = CrossValidation.choose(set, settings, Deadline.none()).best();
        double temperature = Calibration.of(best.predictions(), folds.grouped()).temperature();
        Head head =
                new Head(
                        "draw",
                        all.classes(),
                        "network",
                        CrossValidation.fit(set, best, () -> false).at(temperature));
        return new Draw(all, drawn, best, head);
    }

    /** The class probabilities of all other images. */
    OutOfFold onRest() {
        int[] rest = all.images(i -> Arrays.binarySearch(drawn, i) < 0);
        double[][] probabilities =
                IntStream.of(rest)
                        .parallel()
                        .mapToObj(i -> head.probabilities(feature(all, i)))
                        .toArray(double[][]::new);
        int[][] labels = IntStream.of(rest).mapToObj(i -> all.labels()[i]).toArray(int[][]::new);
        return new OutOfFold(Activation.SOFTMAX, labels, probabilities);
    }

    /** Rising indices of the images that come first in a draw, so many. */
    static int[] first(List<String> names, int images, int draw) {
        return IntStream.range(0, names.size())
                .boxed()
                .sorted(Comparator.comparing(i -> hash(draw, names.get(i))))
                .limit(images)
                .mapToInt(i -> i)
                .sorted()
                .toArray();
    }

    /** The order of the images in a draw. */
    static String hash(int draw, String name) {
        return Sha256.of((draw + " " + name).getBytes(StandardCharsets.UTF_8));
    }

    /** Of the images of a file of features, in its order. */
    static List<String> names(Path features) throws IOException {
        return Files.readAllLines(Path.of(features.toString().replace(".npy", ".tsv"))).stream()
                .map(line -> line.split("\t")[0])
                .toList();
    }

    private static float[] feature(TrainingSet all, int image) {
        return Float16.decode(all.features().bytes(all.rows()[image]));
    }
}
