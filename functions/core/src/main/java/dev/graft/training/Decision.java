package dev.graft.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.evaluation.Comparison;
import dev.graft.feature.FeatureIdentity;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import dev.graft.head.Preview;
import java.util.Optional;

/**
 * Whether a challenger takes the champion's place. It does unless it is significantly worse: of two
 * heads that are equal as far as one can tell, the newer one knows more images. A new backbone or
 * list of classes is no reason to refuse; the sentence says what changed and on what was compared.
 *
 * @param promote whether the challenger is put to use
 * @param reason a sentence for the owner
 * @param comparison on the images both answered out of fold; empty without a champion, or where its
 *     predictions were not kept
 * @param preview what changes for the stored images; empty without a champion of this backbone
 */
record Decision(
        boolean promote,
        String reason,
        Optional<Comparison> comparison,
        Optional<Preview> preview) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** There is no champion. */
    static Decision first() {
        return new Decision(true, "the first head", Optional.empty(), Optional.empty());
    }

    static Decision between(
            Head champion,
            Head challenger,
            Optional<Comparison> comparison,
            Optional<Preview> preview) {
        StringBuilder reason = new StringBuilder(whatChanged(champion, challenger));
        boolean comparable =
                comparison.filter(c -> c.images() > 0 && c.classes().size() > 1).isPresent();
        if (!comparable) {
            reason.append(
                    "there is nothing to compare it on with head %s, so it takes its place"
                            .formatted(champion.version()));
            return new Decision(true, reason.toString(), comparison, preview);
        }
        Comparison both = comparison.get();
        boolean worse = both.significantlyWorse();
        reason.append(
                "of %d images that both heads know alike, each answered by a fit that had not seen it, this head has %d right and head %s %d: "
                        .formatted(
                                both.images(),
                                both.challengerRight(),
                                champion.version(),
                                both.championRight()));
        boolean better =
                both.onlyChallengerRight() > both.onlyChampionRight() && both.pValue() < 0.05;
        reason.append(
                worse
                        ? "significantly worse"
                        : better ? "significantly better" : "no significant difference");
        reason.append(" (McNemar, p = %.2g)".formatted(both.pValue()));
        reason.append(
                worse
                        ? ", so head %s stays in use; promote this one by hand if you want it anyway"
                                .formatted(champion.version())
                        : ", so the newer one, which knows today's images, is used");
        return new Decision(!worse, reason.toString(), comparison, preview);
    }

    private static String whatChanged(Head champion, Head challenger) {
        StringBuilder reason = new StringBuilder();
        if (!champion.backbone().equals(challenger.backbone())) {
            reason.append(
                    "the backbone changed from %s to %s; "
                            .formatted(
                                    FeatureIdentity.shortened(champion.backbone()),
                                    FeatureIdentity.shortened(challenger.backbone())));
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

    /** For {@code head.json}. */
    ObjectNode json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("promote", promote).put("reason", reason);
        comparison.ifPresent(c -> json.set("comparison", JSON.valueToTree(c)));
        preview.ifPresent(p -> json.set("preview", JSON.valueToTree(p)));
        return json;
    }
}
