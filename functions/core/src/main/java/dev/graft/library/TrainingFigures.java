package dev.graft.library;

import dev.graft.head.Activation;
import dev.graft.head.HeadCard;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the images that a head learned from are predicted, each by a fit that did not see it.
 *
 * @param head its version
 * @param images how many
 * @param classes share of the images with each prediction, 0..1
 * @param confidence mean, 0..1; null of several labels an image, and where it is not known
 * @param wrong share of the predictions, 0..1
 */
public record TrainingFigures(
        String head,
        int images,
        Map<String, Double> classes,
        @Nullable Double confidence,
        double wrong) {

    /** By the figures of its validation; a head of an older format lacks some. */
    public static TrainingFigures of(HeadCard card) {
        HeadCard.Validated validated = card.validation();
        Map<String, Double> classes = new LinkedHashMap<>();
        int[] predicted = validated.predicted();
        for (int c = 0; c < predicted.length && validated.images() > 0; c++) {
            classes.put(card.classes().get(c), (double) predicted[c] / validated.images());
        }
        return new TrainingFigures(
                card.version(),
                validated.images(),
                classes,
                confidence(card),
                validated.images() == 0 ? 0 : 1 - validated.accuracy());
    }

    private static @Nullable Double confidence(HeadCard card) {
        HeadCard.Calibration calibration = card.validation().calibration();
        if (calibration == null || card.activationFunction() != Activation.SOFTMAX) {
            return null; // of several labels the bins hold each class of each image
        }
        double images = calibration.after().stream().mapToInt(HeadCard.Bin::images).sum();
        return calibration.after().stream()
                .mapToDouble(bin -> bin.images() * bin.confidence() / images)
                .sum();
    }
}
