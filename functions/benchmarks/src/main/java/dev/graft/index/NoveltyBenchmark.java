package dev.graft.index;

import dev.graft.feature.Label;
import dev.graft.feature.Sha256;
import dev.graft.fit.HeadBenchmark;
import dev.graft.fit.TrainingSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * How well images of classes that were not taught are told from others. Arguments: FILE.npy of
 * several sets, joined by commas, as {@link dev.graft.benchmarks.FeatureFiles} writes them; in one
 * folder each, those of which classes are left out first; and how many sets these are. The others
 * are only far from each other. Of what is taught a fifth is held out, by hash.
 */
public final class NoveltyBenchmark {
    private static final int FOLDS = 5;
    private static final int MARKED = 10;
    private static final int ACCEPTED = 95;

    private NoveltyBenchmark() {}

    private record Image(String label, String hash, KeptFeature unit) {
        int part(int from) {
            return Integer.parseInt(hash.substring(from, from + 4), 16) % FOLDS;
        }
    }

    /** What one set of known images says of unknown ones; AUROC, and shares at the threshold. */
    private record Row(
            double cosine,
            double relative,
            double energy,
            double sum,
            double accepted,
            double refused,
            double marked) {}

    /** Prints a line for each pair of sets, and the means. */
    public static void main(String[] arguments) throws IOException {
        List<Path> files = Stream.of(arguments[0].split(",")).map(Path::of).toList();
        List<List<Image>> sets = new ArrayList<>();
        for (Path file : files) {
            sets.add(read(file));
        }
        List<Row> far = new ArrayList<>();
        for (int known = 0; known < sets.size(); known++) {
            for (int unknown = 0; unknown < sets.size(); unknown++) {
                if (known != unknown && classes(sets.get(known)).size() > 1) {
                    Row row = row(sets.get(known), sets.get(unknown));
                    far.add(row);
                    print(files.get(known) + " against " + files.get(unknown), row);
                }
            }
        }
        mean("far pairs", far);
        for (int left = 0; left < Integer.parseInt(arguments[1]); left++) {
            mean("near pairs of " + files.get(left), near(sets.get(left)));
        }
    }

    private static List<Row> near(List<Image> set) {
        List<String> classes = classes(set);
        List<Row> rows = new ArrayList<>();
        for (String a : classes) {
            for (String b : classes.subList(classes.indexOf(a) + 1, classes.size())) {
                Predicate<Image> out = i -> i.label().equals(a) || i.label().equals(b);
                rows.add(
                        row(
                                set.stream().filter(out.negate()).toList(),
                                set.stream().filter(out).toList()));
            }
        }
        return rows;
    }

    private static List<String> classes(List<Image> set) {
        return set.stream().map(Image::label).distinct().sorted().toList();
    }

    private static Row row(List<Image> known, List<Image> unknown) {
        List<Image> taught = known.stream().filter(i -> i.part(0) > 0).toList();
        List<Image> held = known.stream().filter(i -> i.part(0) == 0).toList();
        Neighbours images = neighbours(taught, List.of());
        Novelty novelty = Novelty.of(images);
        List<String> classes = classes(taught);
        Discriminant discriminant =
                new DiscriminantSums(
                                taught.stream()
                                        .map(
                                                i ->
                                                        new DiscriminantSums.Row(
                                                                i.unit().unit(),
                                                                classes.indexOf(i.label()),
                                                                0))
                                        .toList(),
                                classes.size(),
                                1,
                                List.of())
                        .without(-1);
        double threshold = novelty.threshold(ACCEPTED).orElseThrow();
        double[] ofHeld = sums(novelty, images, held);
        double[] ofUnknown = sums(novelty, images, unknown);
        List<Image> marked = unknown.stream().limit(MARKED).toList();
        List<Image> rest = unknown.stream().skip(MARKED).toList();
        Neighbours withMarked = neighbours(taught, marked);
        Novelty taughtMore = Novelty.of(withMarked);
        return new Row(
                auroc(cosines(images, held), cosines(images, unknown)),
                auroc(relative(discriminant, held), relative(discriminant, unknown)),
                auroc(energy(discriminant, held), energy(discriminant, unknown)),
                auroc(ofHeld, ofUnknown),
                Arrays.stream(ofHeld).filter(s -> s >= threshold).count() / (double) ofHeld.length,
                Arrays.stream(ofUnknown).filter(s -> s < threshold).count()
                        / (double) ofUnknown.length,
                auroc(sums(taughtMore, withMarked, held), sums(taughtMore, withMarked, rest)));
    }

    private static Neighbours neighbours(List<Image> taught, List<Image> marked) {
        List<Neighbours.Row> rows = new ArrayList<>();
        for (Image image : taught) {
            rows.add(row(image, image.label()));
        }
        for (Image image : marked) {
            rows.add(row(image, Label.NONE_OF_THESE));
        }
        return new Neighbours(rows);
    }

    private static Neighbours.Row row(Image image, String label) {
        return new Neighbours.Row(image.hash(), label, image.part(4), image.unit(), new byte[0]);
    }

    private static double[] sums(Novelty novelty, Neighbours images, List<Image> asked) {
        return asked.parallelStream()
                .mapToDouble(i -> novelty.familiarity(images, i.unit().unit()).score())
                .toArray();
    }

    private static double[] cosines(Neighbours images, List<Image> asked) {
        return asked.parallelStream()
                .mapToDouble(
                        i ->
                                images.nearest(i.unit().unit(), 5, place -> true).stream()
                                        .mapToDouble(Neighbours.Neighbour::similarity)
                                        .sum())
                .toArray();
    }

    private static double[] relative(Discriminant discriminant, List<Image> asked) {
        return asked.parallelStream()
                .mapToDouble(i -> discriminant.of(i.unit().unit()).relative())
                .toArray();
    }

    private static double[] energy(Discriminant discriminant, List<Image> asked) {
        return asked.parallelStream()
                .mapToDouble(i -> discriminant.of(i.unit().unit()).energy())
                .toArray();
    }

    /** How often a known image scores higher than an unknown one; the same counts as half. */
    private static double auroc(double[] known, double[] unknown) {
        double[] sorted = unknown.clone();
        Arrays.sort(sorted);
        double wins = 0;
        for (double score : known) {
            wins += (before(sorted, score) + before(sorted, Math.nextUp(score))) / 2.0;
        }
        return wins / ((double) known.length * unknown.length);
    }

    /** How many values are below one. */
    private static int before(double[] ascending, double value) {
        int low = 0;
        int high = ascending.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ascending[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static List<Image> read(Path file) throws IOException {
        TrainingSet set = HeadBenchmark.read(file);
        List<Image> images = new ArrayList<>();
        for (int i = 0; i < set.images(); i++) {
            byte[] feature = set.features().bytes(set.rows()[i]);
            images.add(
                    new Image(
                            set.classes().get(set.labels()[i][0]),
                            Sha256.of((file + " " + i).getBytes(StandardCharsets.UTF_8)),
                            KeptFeature.stored(feature)));
        }
        images.sort((a, b) -> a.hash().compareTo(b.hash()));
        return images;
    }

    private static void mean(String name, List<Row> rows) {
        double[] means =
                rows.stream()
                        .map(NoveltyBenchmark::values)
                        .reduce(new double[7], NoveltyBenchmark::sum);
        for (int i = 0; i < means.length; i++) {
            means[i] /= rows.size();
        }
        print("mean of " + rows.size() + " " + name, means);
        System.out.printf(
                Locale.ROOT,
                "    the sum against the cosine: at worst %+.3f%n",
                rows.stream().mapToDouble(row -> row.sum() - row.cosine()).min().orElse(0));
    }

    private static double[] values(Row row) {
        return new double[] {
            row.cosine(),
            row.relative(),
            row.energy(),
            row.sum(),
            row.accepted(),
            row.refused(),
            row.marked()
        };
    }

    private static double[] sum(double[] a, double[] b) {
        double[] sum = new double[a.length];
        Arrays.setAll(sum, i -> a[i] + b[i]);
        return sum;
    }

    private static void print(String name, Row row) {
        print(name, values(row));
    }

    private static void print(String name, double[] values) {
        System.out.printf(
                Locale.ROOT,
                "%s: AUROC of cosine %.3f, relative distance %.3f, energy %.3f, their sum %.3f; known accepted %.3f, unknown refused %.3f; sum with %d marked %.3f%n",
                name,
                values[0],
                values[1],
                values[2],
                values[3],
                values[4],
                values[5],
                MARKED,
                values[6]);
    }
}
