package dev.graft.training;

import dev.graft.evaluation.Conformal;
import dev.graft.evaluation.OutOfFold;
import dev.graft.fit.HeadBenchmark;
import dev.graft.fit.TrainingSet;
import dev.graft.head.ConformalSets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How often the conformal sets of a head hold the truth of images that it has not seen, and how
 * large they are. Arguments: FILE.npy as for {@link HeadBenchmark}, images to learn from, draws. A
 * draw takes the images whose SHA-256 of draw and name comes first.
 */
public final class ConformalBenchmark {
    private static final int[] COVERAGES = {80, 90, 95};

    private ConformalBenchmark() {}

    /**
     * Sets of one coverage on the rest of one draw.
     *
     * @param found share that holds the truth
     * @param worst the lowest such share of a class
     * @param classes in a set, on average
     * @param one share of sets with one class alone
     */
    private record Result(double found, double worst, double classes, double one) {}

    /** Prints means over all draws, and the lowest coverage of a draw. */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        TrainingSet all = HeadBenchmark.read(file);
        List<String> names = Draw.names(file);
        int images = Integer.parseInt(arguments[1]);
        List<List<Result>> draws =
                IntStream.range(0, Integer.parseInt(arguments[2]))
                        .mapToObj(draw -> one(all, names, images, draw))
                        .toList();
        for (int c = 0; c < COVERAGES.length; c++) {
            int at = c;
            List<Result> results = draws.stream().map(draw -> draw.get(at)).toList();
            System.out.printf(
                    Locale.ROOT,
                    "%s, %d images, coverage %d: found %.3f, lowest draw %.3f, worst class %.3f, classes %.2f, one class %.3f%n",
                    file.getFileName(),
                    images,
                    COVERAGES[c],
                    results.stream().mapToDouble(Result::found).average().orElseThrow(),
                    results.stream().mapToDouble(Result::found).min().orElseThrow(),
                    results.stream().mapToDouble(Result::worst).average().orElseThrow(),
                    results.stream().mapToDouble(Result::classes).average().orElseThrow(),
                    results.stream().mapToDouble(Result::one).average().orElseThrow());
        }
    }

    private static List<Result> one(TrainingSet all, List<String> names, int images, int number) {
        int[] drawn = Draw.first(names, images, number);
        Draw draw = Draw.of(all, names, drawn, number);
        ConformalSets sets =
                Conformal.of(
                                draw.best().predictions(),
                                all.classes(),
                                draw.head().parameters().temperature())
                        .orElseThrow();
        OutOfFold rest = draw.onRest();
        return IntStream.of(COVERAGES).mapToObj(asked -> result(sets, rest, all, asked)).toList();
    }

    private static Result result(ConformalSets sets, OutOfFold rest, TrainingSet all, int asked) {
        double[] held = new double[all.classes().size()];
        double[] of = new double[held.length];
        double classes = 0;
        double one = 0;
        for (int i = 0; i < rest.images(); i++) {
            int truth = rest.labels()[i][0];
            List<String> set = sets.set(all.classes(), rest.probabilities()[i], asked);
            of[truth]++;
            held[truth] += set.contains(all.classes().get(truth)) ? 1 : 0;
            classes += set.size();
            one += set.size() == 1 ? 1 : 0;
        }
        double worst =
                IntStream.range(0, of.length)
                        .filter(c -> of[c] > 0)
                        .mapToDouble(c -> held[c] / of[c])
                        .min()
                        .orElseThrow();
        double count = rest.images();
        return new Result(Arrays.stream(held).sum() / count, worst, classes / count, one / count);
    }
}
