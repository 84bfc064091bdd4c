package dev.graft.training;

import dev.graft.evaluation.Calibration;
import dev.graft.evaluation.Conformal;
import dev.graft.evaluation.Folds;
import dev.graft.evaluation.LabelDoctor;
import dev.graft.evaluation.LearningCurve;
import dev.graft.evaluation.NearestLabels;
import dev.graft.evaluation.OutOfFold;
import dev.graft.evaluation.RiskCoverage;
import dev.graft.evaluation.Validation;
import dev.graft.feature.Label;
import dev.graft.fit.TrainingSet;
import dev.graft.head.Duplicates;
import dev.graft.head.HeadCard;
import dev.graft.training.Deadline.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Everything the predictions out of fold say about a head and its images.
 *
 * @param images in the order of the training set
 * @param choice how the head is fitted
 * @param byHash figures with folds by hash, near-duplicates on both sides; empty if there was no
 *     time for them
 * @param doubted predictions that the label doctor goes by
 * @param curves one per class, or none if there was no time for them
 */
record HeadEvaluation(
        List<TrainingImage> images,
        TrainingSet set,
        Choice choice,
        Optional<Validation> byHash,
        OutOfFold doubted,
        HeadCard.Calibration calibration,
        List<HeadCard.LearningCurve> curves) {
    private static final int SUSPECTS = 100;
    private static final int CELLS = 200;
    private static final int EXAMPLES = 12;
    private static final int[] QUARTERS = {1, 2};

    static HeadEvaluation of(
            List<TrainingImage> images,
            TrainingSet set,
            Folds folds,
            Choice choice,
            Deadline deadline) {
        return new HeadEvaluation(
                images,
                set,
                choice,
                byHash(set, folds, choice, deadline),
                doubted(set, choice, deadline),
                Calibration.of(choice.predictions(), folds.grouped()),
                curves(images, set, choice, deadline));
    }

    private static Optional<Validation> byHash(
            TrainingSet set, Folds folds, Choice choice, Deadline deadline) {
        if (Arrays.equals(folds.byHash(), folds.grouped())) {
            return Optional.of(choice.validation());
        }
        boolean[] all = new boolean[set.images()];
        Arrays.fill(all, true);
        BooleanSupplier over = () -> deadline.over(Stage.FIGURES);
        double[][] predictions = CrossValidation.outOfFold(set, folds.byHash(), all, choice, over);
        if (over.getAsBoolean()) {
            deadline.cut("the figures with folds by hash were left out");
            return Optional.empty();
        }
        return Optional.of(
                Validation.of(new OutOfFold(set.activation(), set.labels(), predictions)));
    }

    private static OutOfFold doubted(TrainingSet set, Choice choice, Deadline deadline) {
        BooleanSupplier over = () -> deadline.over(Stage.FIGURES);
        OutOfFold doubted = NearestLabels.mixed(choice.predictions(), set, over);
        if (over.getAsBoolean()) {
            deadline.cut("labels were doubted without looking at all similar images");
        }
        return doubted;
    }

    /** Which quarters an image belongs to depends on its content alone: 0 .. 3. */
    private static int quarter(TrainingImage image) {
        return image.imageHash().charAt(20) & 3;
    }

    private static List<HeadCard.LearningCurve> curves(
            List<TrainingImage> images, TrainingSet set, Choice choice, Deadline deadline) {
        BooleanSupplier over = () -> deadline.over(Stage.FIGURES);
        int classes = set.classes().size();
        int[][] sizes = new int[classes][QUARTERS.length + 1];
        double[][] f1 = new double[classes][QUARTERS.length + 1];
        for (int step = 0; step <= QUARTERS.length; step++) {
            boolean last = step == QUARTERS.length;
            boolean[] learnFrom = new boolean[images.size()];
            for (int i = 0; i < learnFrom.length; i++) {
                learnFrom[i] = last || quarter(images.get(i)) < QUARTERS[step];
                for (int label : set.labels()[i]) {
                    sizes[label][step] += learnFrom[i] ? 1 : 0;
                }
            }
            Validation validation = choice.validation();
            if (!last) {
                double[][] predictions =
                        CrossValidation.outOfFold(set, set.folds(), learnFrom, choice, over);
                if (over.getAsBoolean()) {
                    deadline.cut("learning curves were left out");
                    return List.of();
                }
                for (int i = 0; i < predictions.length; i++) {
                    predictions[i] = predictions[i] == null ? new double[classes] : predictions[i];
                }
                validation =
                        Validation.of(new OutOfFold(set.activation(), set.labels(), predictions));
            }
            for (int c = 0; c < classes; c++) {
                f1[c][step] = validation.f1(c);
            }
        }
        return IntStream.range(0, classes)
                .mapToObj(c -> LearningCurve.of(sizes[c], f1[c]))
                .toList();
    }

    /** For {@code head.json}. */
    HeadCard.Validated card(Folds folds) {
        Validation validation = choice.validation();
        return new HeadCard.Validated(
                validation.images(),
                validation.accuracy(),
                validation.macroF1(),
                validation.logLoss(),
                validation.confusion(),
                validation.support(),
                validation.predictedCounts(),
                validation.interval(),
                folds.nearDuplicates(),
                duplicates(folds.groups()),
                byHash.map(
                                figures ->
                                        new HeadCard.Figures(
                                                figures.accuracy(),
                                                figures.macroF1(),
                                                figures.logLoss()))
                        .orElse(null),
                classes(),
                calibration,
                mistakes(),
                suspects(),
                Conformal.of(choice.predictions(), set.classes(), calibration.temperature())
                        .orElse(null),
                RiskCoverage.of(choice.predictions(), set.classes(), calibration.temperature()));
    }

    private List<HeadCard.OfClass> classes() {
        Validation validation = choice.validation();
        return IntStream.range(0, set.classes().size())
                .mapToObj(
                        c ->
                                new HeadCard.OfClass(
                                        set.classes().get(c),
                                        validation.support()[c],
                                        validation.precision(c),
                                        validation.recall(c),
                                        validation.f1(c),
                                        curves.isEmpty() ? null : curves.get(c)))
                .toList();
    }

    /** The largest cells beside the diagonal of the confusion matrix, with some of their images. */
    private List<HeadCard.Mistake> mistakes() {
        record Cell(String label, String predicted) {}
        Map<Cell, List<String>> cells =
                new TreeMap<>(Comparator.comparing(Cell::label).thenComparing(Cell::predicted));
        for (int i = 0; i < images.size(); i++) {
            List<String> labels = names(set.labels()[i]);
            List<String> predicted = names(choice.predictions().predicted(i));
            for (String label : without(labels, predicted)) {
                for (String other : without(predicted, labels)) {
                    cells.computeIfAbsent(new Cell(label, other), cell -> new ArrayList<>())
                            .add(images.get(i).key());
                }
            }
        }
        return cells.entrySet().stream()
                .sorted(Comparator.comparingInt(cell -> -cell.getValue().size()))
                .limit(CELLS)
                .map(
                        cell ->
                                new HeadCard.Mistake(
                                        cell.getKey().label(),
                                        cell.getKey().predicted(),
                                        cell.getValue().size(),
                                        first(cell.getValue(), EXAMPLES)))
                .toList();
    }

    /** Groups with different labels first, as one of these is wrong; then the largest. */
    private Duplicates duplicates(List<List<Integer>> groups) {
        List<List<Duplicates.Image>> named =
                groups.stream()
                        .map(group -> group.stream().map(this::duplicate).toList())
                        .sorted(
                                Comparator.<List<Duplicates.Image>, Boolean>comparing(
                                                group -> labels(group) == 1)
                                        .thenComparing(group -> -group.size()))
                        .toList();
        long unseen = images.stream().filter(image -> image.thumbnail().length == 0).count();
        return new Duplicates(
                groups.size(),
                (int) unseen,
                first(named, SUSPECTS).stream().map(group -> first(group, EXAMPLES)).toList());
    }

    private Duplicates.Image duplicate(int image) {
        return new Duplicates.Image(images.get(image).key(), images.get(image).label());
    }

    private static long labels(List<Duplicates.Image> group) {
        return group.stream().map(Duplicates.Image::label).distinct().count();
    }

    private static <T> List<T> first(List<T> all, int most) {
        return List.copyOf(all.subList(0, Math.min(most, all.size())));
    }

    /** What is in one list only; an empty name if nothing is, as where a label is just missed. */
    private static List<String> without(List<String> names, List<String> others) {
        List<String> left = new ArrayList<>(names);
        left.removeAll(others);
        return left.isEmpty() && !names.equals(others) ? List.of("") : left;
    }

    private List<String> names(int[] labels) {
        return IntStream.of(labels).mapToObj(set.classes()::get).toList();
    }

    private HeadCard.LabelDoctor suspects() {
        List<LabelDoctor.Suspect> all = LabelDoctor.suspects(doubted);
        return new HeadCard.LabelDoctor(
                all.size(),
                first(all, SUSPECTS).stream()
                        .map(
                                suspect ->
                                        new HeadCard.Suspect(
                                                images.get(suspect.image()).key(),
                                                Label.join(names(set.labels()[suspect.image()])),
                                                Label.join(names(suspect.suggestion())),
                                                suspect.margin()))
                        .toList());
    }
}
