package dev.graft.training;

import dev.graft.evaluation.OutOfFold;
import dev.graft.evaluation.Predictions;
import dev.graft.evaluation.Validation;
import dev.graft.feature.FeatureStore;
import dev.graft.fit.FeatureMatrix;
import dev.graft.head.HeadCard;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Two networks compared on the same images, labels and folds: each by a head that is fitted to its
 * features as well as the settings allow, and asked for images that it has not seen.
 *
 * @param before predictions out of fold with the features of the network before
 * @param now likewise with those of the new network, of the same images
 * @param figuresBefore of {@code before}
 * @param figuresNow of {@code now}
 */
record SameFolds(
        Predictions before, Predictions now, Validation figuresBefore, Validation figuresNow) {

    /**
     * Cross-validates the features of the network before on the folds of the new one's fit.
     *
     * @param backbone id of the network before
     * @return empty if it has no features of these images any more, or there was no time
     */
    static Optional<SameFolds> of(
            FeatureStore features,
            String backbone,
            HeadFit fit,
            TrainingSettings settings,
            Deadline deadline) {
        try (FeatureMatrix matrix = new FeatureMatrix()) {
            Map<String, TrainingImage> stored = new HashMap<>();
            TrainingImage.scan(features, backbone, matrix).forEach(i -> stored.put(i.key(), i));
            List<TrainingImage> images = fit.choice().images();
            int[] shared =
                    IntStream.range(0, images.size())
                            .filter(i -> isSame(images.get(i), stored.get(images.get(i).key())))
                            .toArray();
            int[] folds = IntStream.of(shared).map(i -> fit.folds().grouped()[i]).toArray();
            if (IntStream.of(folds).distinct().count() < 2) {
                return Optional.empty();
            }
            List<TrainingImage> rows =
                    IntStream.of(shared).mapToObj(i -> stored.get(images.get(i).key())).toList();
            var set =
                    TrainingImage.set(
                            rows,
                            fit.choice().classes(),
                            folds,
                            fit.evaluation().set().activation());
            OutOfFold before = CrossValidation.choose(set, settings, deadline).best().predictions();
            return Optional.of(of(fit, shared, before));
        } catch (NotEnoughTimeException e) {
            deadline.cut("the head was not compared with that of the network before");
            return Optional.empty();
        }
    }

    private static boolean isSame(TrainingImage image, @Nullable TrainingImage stored) {
        return stored != null
                && stored.imageHash().equals(image.imageHash())
                && stored.label().equals(image.label());
    }

    private static SameFolds of(HeadFit fit, int[] shared, OutOfFold before) {
        Predictions all = fit.predictions();
        List<Predictions.Row> now = IntStream.of(shared).mapToObj(i -> all.rows().get(i)).toList();
        List<Predictions.Row> then =
                IntStream.range(0, shared.length)
                        .mapToObj(
                                k ->
                                        new Predictions.Row(
                                                now.get(k).key(),
                                                now.get(k).hash(),
                                                now.get(k).labels(),
                                                now.get(k).fold(),
                                                before.probabilities()[k]))
                        .toList();
        int[][] labels = now.stream().map(Predictions.Row::labels).toArray(int[][]::new);
        double[][] probabilities =
                now.stream().map(Predictions.Row::probabilities).toArray(double[][]::new);
        return new SameFolds(
                new Predictions(all.activation(), all.classes(), then),
                new Predictions(all.activation(), all.classes(), now),
                Validation.of(before),
                Validation.of(new OutOfFold(all.activation(), labels, probabilities)));
    }

    /** For {@code head.json}. */
    HeadCard.NetworkChange card(String from, String to) {
        return new HeadCard.NetworkChange(
                from, to, now.rows().size(), figures(figuresBefore), figures(figuresNow));
    }

    private static HeadCard.Figures figures(Validation validation) {
        return new HeadCard.Figures(
                validation.accuracy(), validation.macroF1(), validation.logLoss());
    }
}
