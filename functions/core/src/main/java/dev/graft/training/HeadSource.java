package dev.graft.training;

import dev.graft.evaluation.NearDuplicates;
import dev.graft.evaluation.Predictions;
import dev.graft.head.Head;
import dev.graft.head.HeadCard;
import dev.graft.head.HeadCard.Provenance;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a head is made of, and when.
 *
 * @param elsewhere where it was fitted and what its figures are of, a sentence; empty if here
 */
record HeadSource(
        String backbone,
        String backboneName,
        String dataHash,
        String listingHash,
        TrainingSettings settings,
        Provenance provenance,
        Instant created,
        String elsewhere) {
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    String version() {
        return NAME.format(created) + "-" + dataHash.substring(0, 8);
    }

    /** What sets the head apart, with what was cut short; empty if nothing does. */
    String told(String cutShort) {
        return Stream.of(elsewhere, cutShort)
                .filter(sentence -> !sentence.isEmpty())
                .collect(Collectors.joining("; "));
    }

    /** The file with what validation predicted. */
    String predictions() {
        return elsewhere.isEmpty() ? Predictions.FILE : Predictions.HELD_OUT;
    }

    /** What {@code head.json} tells of a head. */
    HeadCard card(Head head, HeadFit fit, HeadCard.Decision decision, Deadline deadline) {
        Choice best = fit.validated().best();
        return new HeadCard(
                HeadCard.FORMAT,
                head.version(),
                head.classes(),
                head.backbone(),
                head.parameters().temperature(),
                head.activation().name().toLowerCase(Locale.ROOT),
                null,
                provenance,
                NearDuplicates.SEED,
                best.strength(),
                best.scaling().title(),
                null,
                best.priorAdjustment(),
                settings.card(),
                fit.validated().tried().stream().map(Choice::card).toList(),
                fit.choice().leftOut(),
                fit.choice().weak(),
                told(deadline.sentence()),
                backboneName,
                created.toString(),
                dataHash,
                listingHash,
                decision,
                fit.evaluation().card(fit.folds()));
    }
}
