package dev.graft.training;

import dev.graft.evaluation.Validation;
import dev.graft.fit.HeadBenchmark;
import dev.graft.fit.TrainingSet;
import dev.graft.head.Activation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What the prior adjustment does for images that a head has not seen. Arguments: FILE.npy as for
 * {@link HeadBenchmark}, images to learn from, draws. A draw takes the images whose SHA-256 of draw
 * and name comes first, and trains with and without.
 */
public final class RareClassesBenchmark {
    private RareClassesBenchmark() {}

    /** A draw: on the rest without, and as validation chose. */
    private record Pair(Validation plain, Validation chosen, boolean taken) {}

    /** Prints means over all draws, and the worst change. */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        TrainingSet all = HeadBenchmark.read(file);
        List<String> names = Draw.names(file);
        int images = Integer.parseInt(arguments[1]);
        TrainingSettings with = TrainingSettings.standard(Activation.SOFTMAX);
        TrainingSettings without =
                new TrainingSettings(
                        with.activation(),
                        with.folds(),
                        with.minimumPerClass(),
                        with.strengths(),
                        0);
        List<Pair> draws = new ArrayList<>();
        for (int draw = 0; draw < Integer.parseInt(arguments[2]); draw++) {
            int[] drawn = Draw.first(names, images, draw);
            Draw plain = Draw.of(all, names, drawn, draw, without);
            Draw chosen = Draw.of(all, names, drawn, draw, with);
            draws.add(
                    new Pair(
                            Validation.of(plain.onRest()),
                            Validation.of(chosen.onRest()),
                            chosen.best().priorAdjustment() > 0));
        }
        System.out.printf(
                Locale.ROOT,
                "%s, %d images, %d draws: taken in %d%n",
                file.getFileName(),
                images,
                draws.size(),
                draws.stream().filter(Pair::taken).count());
        print("accuracy", draws, Validation::accuracy);
        print("macro-F1", draws, Validation::macroF1);
        print("log loss", draws, Validation::logLoss);
    }

    private static void print(String what, List<Pair> draws, ToDoubleFunction<Validation> figure) {
        double[] changes =
                draws.stream()
                        .mapToDouble(
                                draw ->
                                        figure.applyAsDouble(draw.chosen())
                                                - figure.applyAsDouble(draw.plain()))
                        .sorted()
                        .toArray();
        System.out.printf(
                Locale.ROOT,
                "%s: without %.4f, as chosen %.4f, change of a draw %+.4f to %+.4f%n",
                what,
                draws.stream()
                        .mapToDouble(draw -> figure.applyAsDouble(draw.plain()))
                        .average()
                        .orElseThrow(),
                draws.stream()
                        .mapToDouble(draw -> figure.applyAsDouble(draw.chosen()))
                        .average()
                        .orElseThrow(),
                changes[0],
                changes[changes.length - 1]);
    }
}
