package dev.graft.training;

import dev.graft.evaluation.NearDuplicates;
import dev.graft.head.Head;
import dev.graft.head.HeadCard;
import dev.graft.head.HeadCard.Provenance;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** What a head is made of, and when. */
record HeadSource(
        String backbone,
        String backboneName,
        String dataHash,
        String listingHash,
        TrainingSettings settings,
        Provenance provenance,
        Instant created) {
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    String version() {
        return NAME.format(created) + "-" + dataHash.substring(0, 8);
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
                deadline.sentence(),
                backboneName,
                created.toString(),
                dataHash,
                listingHash,
                decision,
                fit.evaluation().card(fit.folds()));
    }
}
