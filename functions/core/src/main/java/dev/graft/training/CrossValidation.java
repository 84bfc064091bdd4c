package dev.graft.training;

import dev.graft.evaluation.Answers;
import dev.graft.training.Deadline.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Fits that each leave out one part of the images and answer for it; each starts where the last one
 * of its part ended.
 */
final class CrossValidation {
    private final TrainingSet set;
    private final ClassWeights weights;
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

    private CrossValidation(TrainingSet set, ClassWeights weights) {
        this.set = set;
        this.weights = weights;
        this.parts = IntStream.of(set.folds()).distinct().sorted().toArray();
        if (parts.length < 2) {
            throw new IllegalStateException(
                    "all labelled images have the same content: add different images");
        }
        this.losses = new CrossEntropy[parts.length];
        this.at = new double[parts.length][];
        for (int f = 0; f < parts.length; f++) {
            int part = parts[f];
            losses[f] = new CrossEntropy(set, set.images(i -> set.folds()[i] != part), weights);
            at[f] = new double[losses[f].parameters()];
        }
    }

    /**
     * Goes along the path of strengths until the log loss out of fold rises, takes one as {@link
     * Choice#ofPath} says, and tries the class weights with it.
     *
     * @throws NotEnoughTimeException if the time was over before the first strength was validated
     */
    static Result choose(TrainingSet set, TrainingSettings settings, Deadline deadline) {
        BooleanSupplier over = () -> deadline.over(Stage.VALIDATION);
        List<Choice> tried = new ArrayList<>();
        CrossValidation path = new CrossValidation(set, settings.weights().getFirst());
        for (double strength : settings.strengths()) {
            Choice next = path.validate(strength, over);
            boolean late = over.getAsBoolean();
            if (late && tried.isEmpty()) {
                throw new NotEnoughTimeException(
                        set.images(), set.features().width(), deadline.length());
            }
            if (late) {
                deadline.cut("strengths of L2 from %s down were not tried".formatted(strength));
                return new Result(Choice.ofPath(tried), tried);
            }
            tried.add(next);
            if (Choice.ends(tried)) {
                break;
            }
        }
        Choice plain = Choice.ofPath(tried);
        Choice best = plain;
        for (ClassWeights weights : settings.weights().subList(1, settings.weights().size())) {
            CrossValidation weighted = new CrossValidation(set, weights);
            System.arraycopy(plain.at(), 0, weighted.at, 0, plain.at().length);
            Choice next = weighted.validate(plain.strength(), over);
            if (over.getAsBoolean()) {
                deadline.cut("class weights " + weights + " were not tried");
                return new Result(best, tried);
            }
            tried.add(next);
            best = next.fairerThan(best) ? next : best;
        }
        return new Result(best, tried);
    }

    private Choice validate(double strength, BooleanSupplier stop) {
        double[][] answers = new double[set.images()][];
        for (int f = 0; f < parts.length; f++) {
            int part = parts[f];
            at[f] = losses[f].minimize(strength, at[f], TrainingSet.PATH_ACCURACY, stop);
            losses[f].answer(at[f], set.images(i -> set.folds()[i] == part), answers);
        }
        Answers all = set.answers(answers);
        return new Choice(strength, weights, Validation.of(all), all, at.clone());
    }
}
