package dev.graft.index;

import dev.graft.benchmarks.Meter;
import dev.graft.benchmarks.Questions;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Sha256;
import dev.graft.feature.Vectors;
import dev.graft.fit.HeadBenchmark;
import dev.graft.fit.TrainingSet;
import dev.graft.fit.Usage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Thresholds and neighbours of images in memory, for {@code search.py}, which has numpy do the
 * same. Argument: FILE.npy as for {@link HeadBenchmark}. Writes FILE.folds, the fold of each row.
 * Questions {@code thresholds} it measures them once; asked {@code neighbours} and a number, the
 * {@value #NEAREST} nearest of so many rows, one after the other.
 */
public final class SearchBenchmark {
    private static final int NEAREST = 5;
    private static final int FOLDS = 5;
    private static final int ACCEPTED = 95;

    private SearchBenchmark() {}

    /** Answers. */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        TrainingSet set = HeadBenchmark.read(file);
        List<Neighbours.Row> rows = new ArrayList<>();
        for (int i = 0; i < set.images(); i++) {
            String key = "image " + i;
            String label = set.classes().get(set.labels()[i][0]);
            KeptFeature feature = KeptFeature.stored(set.features().bytes(set.rows()[i]));
            rows.add(new Neighbours.Row(key, label, fold(key), feature, new byte[0]));
        }
        Files.writeString(
                Path.of(file.toString().replace(".npy", ".folds")),
                rows.stream().map(row -> "" + row.fold()).collect(Collectors.joining("\n")));
        Neighbours neighbours = new Neighbours(rows);
        List<float[]> units =
                IntStream.range(0, set.images())
                        .mapToObj(i -> Vectors.unit(Float16.decode(set.features().bytes(i))))
                        .toList();
        Questions.answer(Map.of("images", rows.size(), "width", set.features().width()));
        Questions.answerAll(
                words ->
                        words[0].equals("thresholds")
                                ? thresholds(rows)
                                : nearest(neighbours, units, Integer.parseInt(words[1])));
    }

    private static int fold(String key) {
        return ImageFeature.fold(Sha256.of(key.getBytes(StandardCharsets.UTF_8)), FOLDS);
    }

    /** Of features of which nothing was asked before. */
    private static Map<String, ?> thresholds(List<Neighbours.Row> rows) {
        Neighbours neighbours = new Neighbours(rows);
        Usage usage = new Usage();
        double threshold = Novelty.of(neighbours).threshold(ACCEPTED).orElseThrow();
        return Map.of(
                "cpu", 1e3 * usage.cpu(),
                "wall", 1e3 * usage.seconds(),
                "threshold", threshold);
    }

    /** Of rows that are spread over all; sums what was found, for the other side to compare. */
    private static Map<String, ?> nearest(Neighbours neighbours, List<float[]> units, int count) {
        Meter meter = new Meter();
        double sum = 0;
        for (int k = 0; k < count; k++) {
            float[] unit = units.get((int) ((long) k * units.size() / count));
            sum +=
                    meter.run(() -> neighbours.nearest(unit, NEAREST, i -> true)).stream()
                            .mapToDouble(Neighbours.Neighbour::similarity)
                            .sum();
        }
        return Map.of("cpu", meter.cpu(), "wall", meter.wall(), "similarity", sum);
    }
}
