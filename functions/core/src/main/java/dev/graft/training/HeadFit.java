package dev.graft.training;

import dev.graft.evaluation.Folds;
import dev.graft.evaluation.Predictions;
import dev.graft.evaluation.Preview;
import dev.graft.feature.Float16;
import dev.graft.feature.Similarity;
import dev.graft.fit.TrainingSet;
import dev.graft.head.Head;
import dev.graft.head.HeadStore;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A head as it was fitted, with all that was found out on the way.
 *
 * @param choice of the classes
 * @param folds of the cross-validation
 * @param validated the way to fit it that was chosen, and what else was tried
 * @param evaluation how good it is
 * @param parameters of the head, calibrated
 */
record HeadFit(
        ClassChoice choice,
        Folds folds,
        CrossValidation.Result validated,
        HeadEvaluation evaluation,
        Head.Parameters parameters) {

    /**
     * Chooses classes, cross-validates, evaluates and fits.
     *
     * @param labelled sorted by key
     * @param backbone identity of their features
     * @throws NotEnoughDataException if fewer than two classes have enough images
     * @throws NotEnoughTimeException if not even one validation fits in
     */
    static HeadFit of(
            List<TrainingImage> labelled,
            String backbone,
            TrainingSettings settings,
            Deadline deadline) {
        ClassChoice choice = ClassChoice.of(labelled, settings);
        List<TrainingImage> images = choice.images();
        BooleanSupplier late = () -> deadline.over(Deadline.Stage.NEAR_DUPLICATES);
        Folds folds =
                Folds.of(
                        TrainingImage.toFold(images, settings.activation(), choice.counts()),
                        i -> Float16.decode(images.get(i).feature()),
                        settings.folds(),
                        Similarity.of(backbone).nearDuplicate(),
                        late);
        if (late.getAsBoolean()) {
            deadline.cut("not all near-duplicates were found");
        }
        TrainingSet set =
                TrainingImage.set(images, choice.classes(), folds.grouped(), settings.activation());
        CrossValidation.Result validated = CrossValidation.choose(set, settings, deadline);
        HeadEvaluation evaluation =
                HeadEvaluation.of(images, set, folds, validated.best(), deadline);
        BooleanSupplier over = () -> deadline.over(Deadline.Stage.HEAD);
        Head.Parameters fit = CrossValidation.fit(set, validated.best(), over);
        if (over.getAsBoolean()) {
            deadline.cut("the fit of the head may not be at its optimum");
        }
        Head.Parameters calibrated = fit.at(evaluation.calibration().temperature());
        return new HeadFit(choice, folds, validated, evaluation, calibrated);
    }

    /** The images it is evaluated on, of its own network. */
    Preview.Images images() {
        return (network, consumer) ->
                choice.images()
                        .forEach(
                                image ->
                                        consumer.accept(
                                                image.key(), Float16.decode(image.feature())));
    }

    /** The head of this fit. */
    Head head(String version, String backbone) {
        return new Head(version, choice.classes(), backbone, parameters);
    }

    /** What a head predicted out of fold when it was trained; empty if that cannot be compared. */
    Optional<Predictions> comparable(HeadStore heads, String champion) {
        try {
            return heads.read(champion, Predictions.FILE)
                    .or(() -> heads.read(champion, Predictions.HELD_OUT))
                    .map(Predictions::read)
                    .filter(known -> known.activation() == evaluation.set().activation());
        } catch (UncheckedIOException damaged) {
            return Optional.empty();
        }
    }

    /** What validation predicted for each image. */
    Predictions predictions() {
        List<Predictions.Row> rows = new ArrayList<>();
        for (int i = 0; i < choice.images().size(); i++) {
            TrainingImage image = choice.images().get(i);
            rows.add(
                    new Predictions.Row(
                            image.key(),
                            image.imageHash(),
                            evaluation.set().labels()[i],
                            folds.grouped()[i],
                            validated.best().predictions().probabilities()[i]));
        }
        return new Predictions(evaluation.set().activation(), choice.classes(), rows);
    }
}
