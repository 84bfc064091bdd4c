package dev.graft.training;

import dev.graft.evaluation.Comparison;
import dev.graft.evaluation.Predictions;
import dev.graft.evaluation.Preview;
import dev.graft.feature.DamagedFileException;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.NetworkStore;
import dev.graft.head.Head;
import dev.graft.head.HeadCard;
import dev.graft.head.HeadFiles;
import dev.graft.head.HeadStore;
import dev.graft.index.IndexStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Compares a new head with the one in use, saves it, and puts it to use if that is to be. */
final class NewHead {
    private final HeadStore heads;
    private final IndexStore files;
    private final Function<HeadCard, byte[]> report;
    private final NetworkStore networks;
    private final Optional<FeatureStore> stored;

    /**
     * What became of a head that was saved.
     *
     * @param reason a sentence for the owner
     */
    record Result(boolean inUse, String reason) {}

    /**
     * Between these.
     *
     * @param files of the index
     * @param report writes {@code report.html} of a head
     * @param networks that heads in use can predict with
     * @param stored features, which both heads predict; empty where these are too many, then the
     *     images of the fit are
     */
    NewHead(
            HeadStore heads,
            IndexStore files,
            Function<HeadCard, byte[]> report,
            NetworkStore networks,
            Optional<FeatureStore> stored) {
        this.heads = heads;
        this.files = files;
        this.report = report;
        this.networks = networks;
        this.stored = stored;
    }

    /**
     * Saves a fit as a head.
     *
     * @param latest the head in use when the training began
     */
    Result keep(
            HeadFit fit, HeadSource source, Optional<HeadStore.Pointer> latest, Deadline deadline) {
        Head head = fit.head(source.version(), source.backbone());
        HeadCard.Decision decision =
                latest.map(pointer -> decide(pointer.version(), head, source, fit, deadline))
                        .orElseGet(HeadCard.Decision::first);
        save(head, source, source.card(head, fit, decision, deadline), fit);
        Result result = promote(latest, source.version(), decision);
        PruneHeads.run(heads);
        new LearnedImages(heads, files).update();
        return result;
    }

    private void save(Head head, HeadSource source, HeadCard card, HeadFit fit) {
        Map<String, byte[]> all = new HashMap<>(HeadFiles.write(head, card));
        all.put(source.predictions(), fit.predictions().write());
        all.put(HeadFiles.REPORT, report.apply(card));
        heads.save(card.version(), all);
    }

    private Result promote(
            Optional<HeadStore.Pointer> latest, String version, HeadCard.Decision decision) {
        if (!decision.promote()) {
            return new Result(false, decision.reason());
        }
        return heads.promote(version, latest)
                ? new Result(true, decision.reason())
                : new Result(
                        false,
                        "another version was promoted while this one was trained: promote it by hand"
                                + " if you want it instead");
    }

    /** Whether an image that is to be forgotten is in a head. */
    boolean mustLeave(String version) {
        List<String> keys = new ForgetRequests(files).keys();
        return !keys.isEmpty() && new ForgottenKeys(keys).areIn(heads, version);
    }

    private HeadCard.Decision decide(
            String champion, Head challenger, HeadSource source, HeadFit fit, Deadline deadline) {
        Head inUse;
        HeadCard card;
        if (mustLeave(champion)) {
            return HeadCard.Decision.because(
                    "head %s learned from an image that is to be forgotten, so this one takes its place"
                            .formatted(champion));
        }
        try {
            inUse = HeadFiles.read(champion, file -> heads.read(champion, file));
            card = HeadFiles.card(champion, file -> heads.read(champion, file));
        } catch (DamagedFileException e) {
            return HeadCard.Decision.because(
                    "head %s is damaged, so this one takes its place".formatted(champion));
        }
        boolean newNetwork = !inUse.backbone().equals(challenger.backbone());
        if (newNetwork && !networks.has(inUse.backbone())) {
            return HeadCard.Decision.because(
                    "the network of head %s is not at hand any more, so that it cannot predict: this one takes its place"
                            .formatted(champion));
        }
        Optional<SameFolds> both =
                stored.filter(all -> newNetwork)
                        .flatMap(
                                all ->
                                        SameFolds.of(
                                                all,
                                                inUse.backbone(),
                                                fit,
                                                source.settings(),
                                                deadline));
        Optional<Predictions> before =
                both.map(SameFolds::before).or(() -> fit.comparable(heads, champion));
        Preview.Images images = stored.map(Preview::stored).orElse(fit.images());
        HeadCard.Decision decision =
                PromotionGate.decide(
                        inUse,
                        challenger,
                        before.map(p -> Comparison.of(p, fit.predictions())),
                        preview(images, inUse, challenger, deadline));
        return new HeadCard.Decision(
                decision.promote(),
                decision.reason(),
                decision.comparison(),
                decision.preview(),
                both.map(b -> b.card(card.backboneName(), source.backboneName())).orElse(null));
    }

    private static Optional<HeadCard.Preview> preview(
            Preview.Images images, Head inUse, Head challenger, Deadline deadline) {
        if (deadline.over(Deadline.Stage.HEAD)) {
            deadline.cut("what would change for the stored images was not looked at");
            return Optional.empty();
        }
        return Optional.of(Preview.of(images, inUse, challenger));
    }
}
