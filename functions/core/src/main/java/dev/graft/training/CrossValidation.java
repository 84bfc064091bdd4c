package dev.graft.training;

import dev.graft.evaluation.OutOfFold;
import dev.graft.evaluation.Validation;
import dev.graft.fit.CrossEntropy;
import dev.graft.fit.Scaling;
import dev.graft.fit.TrainingSet;
import dev.graft.head.Head;
import dev.graft.training.Deadline.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Fits that each leave out one part of the images and predict it; each starts where the last one of
 * its part ended.
 */
final class CrossValidation {
    /** How far above its optimum a loss may end, in nats: while validating, and for the head. */
    private static final double PATH_ACCURACY = 1e-4;

    private static final double HEAD_ACCURACY = 1e-6;

    private final TrainingSet set;
    private final Scaling scaling;
    private final int[] parts;
    private final CrossEntropy[] losses;
    private final double[][] at;

    /**
     * What was chosen.
     *
     * @param best the way to fit the head
     * @param tried everything that was validated, in order
     */
    record Result(Choice best, List<Choice> tried) {}

    private CrossValidation(TrainingSet set, Scaling scaling) {
        this.set = set;
        this.scaling = scaling;
        this.parts = IntStream.of(set.folds()).distinct().sorted().toArray();
        if (parts.length < 2) {
            throw new IllegalStateException(
                    "all labelled images have the same content: add different images");
        }
        this.losses = new CrossEntropy[parts.length];
        this.at = new double[parts.length][];
        for (int f = 0; f < parts.length; f++) {
            int part = parts[f];
            int[] others = set.images(i -> set.folds()[i] != part);
            losses[f] = new CrossEntropy(set, others, scaling);
            at[f] = new double[losses[f].parameters()];
        }
    }

    /**
     * Goes along the path of strengths and takes one as {@link Choice#ofPath} says. Then tries at
     * that strength to standardize the features, and goes along the path so where that is surer;
     * and last the prior adjustment, which needs no fit.
     *
     * @throws NotEnoughTimeException if the time was over before the first strength was validated
     */
    static Result choose(TrainingSet set, TrainingSettings settings, Deadline deadline) {
        BooleanSupplier over = () -> deadline.over(Stage.VALIDATION);
        List<Choice> tried = new ArrayList<>();
        Choice best = alongPath(set, Scaling.COMMON, settings, deadline, tried);
        if (over.getAsBoolean()) {
            return new Result(best, tried);
        }
        CrossValidation standardized = new CrossValidation(set, Scaling.STANDARDIZED);
        Choice next = standardized.validate(best.strength(), over);
        if (over.getAsBoolean()) {
            deadline.cut("standardized features were not tried");
            return new Result(best, tried);
        }
        if (next.surerThan(best)) {
            best = alongPath(set, Scaling.STANDARDIZED, settings, deadline, tried);
        } else {
            tried.add(next);
        }
        if (settings.priorAdjustment() == 0) {
            return new Result(best, tried);
        }
        CrossValidation adjusted = new CrossValidation(set, best.scaling());
        System.arraycopy(best.at(), 0, adjusted.at, 0, best.at().length);
        next = adjusted.predict(best.strength(), settings.priorAdjustment());
        tried.add(next);
        return new Result(next.fairerThan(best) ? next : best, tried);
    }

    /** Until the log loss out of fold rises, or the time is over; adds to what was tried. */
    private static Choice alongPath(
            TrainingSet set,
            Scaling scaling,
            TrainingSettings settings,
            Deadline deadline,
            List<Choice> tried) {
        BooleanSupplier over = () -> deadline.over(Stage.VALIDATION);
        CrossValidation path = new CrossValidation(set, scaling);
        List<Choice> here = new ArrayList<>();
        for (double strength : settings.strengths()) {
            Choice next = path.validate(strength, over);
            boolean late = over.getAsBoolean();
            if (late && tried.isEmpty()) {
                throw new NotEnoughTimeException(
                        set.images(), set.features().width(), deadline.length());
            }
            if (late) {
                deadline.cut("strengths of L2 from %s down were not tried".formatted(strength));
                return Choice.ofPath(tried);
            }
            tried.add(next);
            here.add(next);
            if (Choice.ends(here)) {
                break;
            }
        }
        return Choice.ofPath(here);
    }

    private Choice validate(double strength, BooleanSupplier stop) {
        for (int f = 0; f < parts.length; f++) {
            at[f] = losses[f].minimize(strength, at[f], PATH_ACCURACY, stop);
        }
        return predict(strength, 0);
    }

    private Choice predict(double strength, double priorAdjustment) {
        double[][] predictions = new double[set.images()][];
        for (int f = 0; f < parts.length; f++) {
            int part = parts[f];
            int[] held = set.images(i -> set.folds()[i] == part);
            losses[f].predict(at[f], priorAdjustment, held, predictions);
        }
        OutOfFold all = new OutOfFold(set.activation(), set.labels(), predictions);
        Validation validation = Validation.of(all);
        return new Choice(strength, scaling, priorAdjustment, validation, all, at.clone());
    }

    /**
     * Predictions out of fold of fits that may not see all images.
     *
     * @param folds (images), the fold each image is held out with, in place of the set's own
     * @param learnFrom (images), which to learn from
     * @param choice how to fit
     * @param stop asked now and then; once it says so, the predictions mean nothing
     * @return (images, classes); null where no other fold has an image to learn from
     */
    static double[][] outOfFold(
            TrainingSet set,
            int[] folds,
            boolean[] learnFrom,
            Choice choice,
            BooleanSupplier stop) {
        double[][] predictions = new double[set.images()][];
        for (int fold : IntStream.of(folds).distinct().sorted().toArray()) {
            int[] train = set.images(i -> folds[i] != fold && learnFrom[i]);
            if (train.length > 0) {
                CrossEntropy loss = new CrossEntropy(set, train, choice.scaling());
                double[] start = new double[loss.parameters()];
                double[] at = loss.minimize(choice.strength(), start, PATH_ACCURACY, stop);
                int[] held = set.images(i -> folds[i] == fold);
                loss.predict(at, choice.priorAdjustment(), held, predictions);
            }
        }
        return predictions;
    }

    /** The head on all images, as far as it gets until {@code stop} says so. */
    static Head.Parameters fit(TrainingSet set, Choice choice, BooleanSupplier stop) {
        int[] all = set.images(i -> true);
        CrossEntropy loss = new CrossEntropy(set, all, choice.scaling());
        double[] at = loss.minimize(choice.strength(), choice.middle(), HEAD_ACCURACY, stop);
        return loss.head(at, choice.priorAdjustment());
    }
}
