package dev.graft.training;

import static dev.graft.feature.FeatureIdentity.shortened;

import dev.graft.head.Activation;
import dev.graft.head.Head;
import dev.graft.head.HeadCard.Comparison;
import dev.graft.head.HeadCard.Decision;
import dev.graft.head.HeadCard.Preview;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a challenger takes the champion's place. It does unless it is significantly worse: of two
 * heads that are equal as far as one can tell, the newer one knows more images. A new backbone or
 * list of classes is no reason to refuse; the sentence says what changed and on what was compared.
 */
final class PromotionGate {
    private PromotionGate() {}

    /**
     * Decides.
     *
     * @param comparison on the images both predicted out of fold; empty where the champion's
     *     predictions were not kept
     * @param preview what changes for the stored images; empty if the champion takes other features
     */
    static Decision decide(
            Head champion,
            Head challenger,
            Optional<Comparison> comparison,
            Optional<Preview> preview) {
        StringBuilder reason = new StringBuilder(whatChanged(champion, challenger));
        Comparison both =
                comparison.filter(c -> c.images() > 0 && c.classes().size() > 1).orElse(null);
        if (both == null) {
            reason.append(
                    "there is nothing to compare it on with head %s, so it takes its place"
                            .formatted(champion.version()));
            return new Decision(
                    true, reason.toString(), comparison.orElse(null), preview.orElse(null), null);
        }
        boolean worse = both.significantlyWorse();
        reason.append(
                "of %d images that both heads know alike, each predicted by a fit that had not seen it, this head has %d right and head %s %d: "
                        .formatted(
                                both.images(),
                                both.challengerRight(),
                                champion.version(),
                                both.championRight()));
        reason.append(
                worse
                        ? "significantly worse"
                        : both.significantlyBetter()
                                ? "significantly better"
                                : "no significant difference");
        reason.append(String.format(Locale.ROOT, " (McNemar, p = %.2g)", both.pValue()));
        reason.append(
                worse
                        ? ", so head %s stays in use; promote this one by hand if you want it anyway"
                                .formatted(champion.version())
                        : ", so the newer one, which knows today's images, is used");
        return new Decision(!worse, reason.toString(), both, preview.orElse(null), null);
    }

    private static String whatChanged(Head champion, Head challenger) {
        StringBuilder reason = new StringBuilder();
        if (!champion.backbone().equals(challenger.backbone())) {
            reason.append(
                    "the backbone changed from %s to %s; "
                            .formatted(
                                    shortened(champion.backbone()),
                                    shortened(challenger.backbone())));
        }
        if (!champion.classes().equals(challenger.classes())) {
            reason.append(
                    "the classes changed from %s to %s; "
                            .formatted(champion.classes(), challenger.classes()));
        }
        if (champion.activation() != challenger.activation()) {
            reason.append(
                    challenger.activation() == Activation.SIGMOID
                            ? "images have several labels now, not one; "
                            : "images have one label now, not several; ");
        }
        return reason.toString();
    }
}
