package dev.graft.training;

import dev.graft.evaluation.Validation;
import dev.graft.feature.DamagedFileException;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.LabelSet;
import dev.graft.feature.NetworkStore;
import dev.graft.head.HeadCard;
import dev.graft.head.HeadCard.Provenance;
import dev.graft.head.HeadFiles;
import dev.graft.head.HeadStore;
import dev.graft.index.BuildIndex;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Trains a head from every labelled feature of a backbone, saves it and moves the pointer to it,
 * last, if {@link PromotionGate} says so. Runs one at a time; a second run that moves the pointer
 * first leaves this one's head saved but not in use.
 */
public final class TrainHead {
    /** Raised when the same images may give another head: then each is trained once more. */
    public static final int VERSION = 5;

    /** Longer than an index of the table lags behind. */
    private static final Duration QUIET = Duration.ofMinutes(1);

    private final FeatureStore features;
    private final BuildIndex built;
    private final ImageIndex index;
    private final HeadStore heads;
    private final Setup setup;
    private final InstantSource clock;
    private final NewHead kept;

    /** What a run did. */
    public sealed interface Outcome {
        /** The version the outcome is about. */
        String version();

        /** What there was no time for, a sentence; empty if nothing was cut short. */
        default String cutShort() {
            return "";
        }
    }

    /**
     * A new head is in use.
     *
     * @param leftOut classes with too few images, with their counts
     * @param weak classes that were learned from few images, with their counts
     * @param reason what the comparison with the head before said
     */
    public record Trained(
            String version,
            List<String> classes,
            Validation validation,
            Map<String, Integer> leftOut,
            Map<String, Integer> weak,
            String reason,
            String cutShort)
            implements Outcome {

        /** Not in use, for this reason. */
        Kept kept(String why) {
            return new Kept(version, validation, why, cutShort);
        }
    }

    /**
     * The newest head or the one in use learned from just these images, labels, features and
     * settings: {@code version} stays in use, also where somebody rolled back to it.
     */
    public record NothingNew(String version) implements Outcome {}

    /** The new head was saved and is not in use, for the {@code reason}. */
    public record Kept(String version, Validation validation, String reason, String cutShort)
            implements Outcome {}

    /**
     * The network was changed, and not every image has a feature of the new one yet: {@code
     * version}, which is in use, goes on predicting with its own network.
     *
     * @param featurized images that have a feature of the new network
     */
    public record Waiting(String version, int featurized, int images) implements Outcome {}

    /**
     * The same was tried before on as much memory and did not end: it waits until images, labels or
     * the memory change.
     *
     * @param version in use, empty text if there is none
     * @param isNew whether nobody was told so yet
     */
    public record GaveUp(String version, boolean isNew) implements Outcome {
        /** What to do, a sentence. */
        public static final String REASON =
                "two trainings of these images ended early, as one does that runs out of memory or time: raise TrainerMemory (about 8 MB for a million values: 1,600 MB for 100,000 images of 2,048), or take labels away; nothing is tried until then";
    }

    /**
     * How heads are trained, and what stands beside them.
     *
     * @param settings of the training
     * @param provenance of the code that trains
     * @param report writes {@code report.html} of a head
     * @param networks that heads in use can predict with
     * @param begun takes the name of each stage of a training when it begins
     */
    public record Setup(
            TrainingSettings settings,
            Provenance provenance,
            Function<HeadCard, byte[]> report,
            NetworkStore networks,
            Consumer<String> begun) {}

    /**
     * With the stores it reads and writes.
     *
     * @param built the files of the index, which are brought up to date and tell cheaply whether
     *     there is anything new
     */
    public TrainHead(
            FeatureStore features,
            BuildIndex built,
            HeadStore heads,
            Setup setup,
            InstantSource clock) {
        this.features = features;
        this.built = built;
        this.index = built.index();
        this.heads = heads;
        this.setup = setup;
        this.clock = clock;
        this.kept = newHead(Optional.of(features));
    }

    /**
     * Trains if anything changed, and puts the new head to use unless it is significantly worse
     * than the one in use.
     *
     * @param backboneId whose features to learn from
     * @param backboneName what people call it, for {@code head.json}
     * @param time there is; what it does not suffice for is cut short, and {@code cutShort} of
     *     {@code head.json} and of the outcome say what
     * @throws NotEnoughDataException if fewer than two classes have enough images; nothing is saved
     * @throws NotEnoughTimeException if not even one validation fits in; nothing is saved
     */
    public Outcome run(String backboneId, String backboneName, Duration time) {
        try (LabelledImages images = new LabelledImages(features, backboneId)) {
            return run(images, LabelSet.DEFAULT, backboneName, time);
        }
    }

    /**
     * Likewise, with images that the trainings of other label sets use, too.
     *
     * @param set whose labels are learned; the stores are those in this set
     */
    public Outcome run(LabelledImages images, LabelSet set, String backboneName, Duration time) {
        String backboneId = images.backbone();
        Deadline deadline = new Deadline(clock, time, setup.begun());
        Optional<HeadStore.Pointer> latest = KnownHeads.finish(heads, heads.latest());
        KnownHeads known =
                KnownHeads.of(
                        heads,
                        latest.filter(inUse -> !kept.mustLeave(inUse.version())),
                        setup.provenance().training(),
                        network -> network.equals(backboneId) || setup.networks().has(network));
        Collection<ImageIndex.Change> listed = listed(latest, backboneId);
        String listing = ListingHash.of(backboneId, setup.settings(), listed);
        Optional<Waiting> waiting = latest.flatMap(inUse -> waiting(inUse.version(), backboneId));
        if (waiting.isPresent()) {
            return waiting.get();
        }
        if (known.listed(listing)) {
            return new NothingNew(latest.orElseThrow().version());
        }
        ClassChoice.expectEnough(listed, backboneId, setup.settings());
        Attempts attempts = new Attempts(built.files(), Runtime.getRuntime().maxMemory());
        Attempts.Advice advice = attempts.begin(listing);
        if (advice != Attempts.Advice.TRAIN) {
            String version = latest.map(HeadStore.Pointer::version).orElse("");
            return new GaveUp(version, advice == Attempts.Advice.TELL);
        }
        try {
            deadline.begin();
            index.recount(QUIET);
            var source = new ToLearn(images.in(set), backboneId, backboneName);
            Outcome outcome = train(source, latest, known, deadline);
            attempts.end();
            return outcome;
        } catch (NotEnoughTimeException e) {
            attempts.inVain(listing);
            throw e;
        } catch (RuntimeException e) {
            attempts.end();
            throw e;
        }
    }

    /**
     * Makes a head of what was fitted on a cluster, which knows more images than fit in here, and
     * puts it to use likewise. Neither the table nor the files of the index are read for it.
     *
     * @param folder of the fit in the index, see {@link ClusterFit}; deleted once the head is saved
     * @param backboneName what people call its network
     * @throws dev.graft.feature.BadRequestException if there is no such fit, or one of other
     *     features or labels
     * @throws dev.graft.feature.DamagedFileException if a file is missing or damaged
     */
    public Outcome finish(String folder, String backboneId, String backboneName, Duration time) {
        Deadline deadline = new Deadline(clock, time, setup.begun());
        Optional<HeadStore.Pointer> latest = KnownHeads.finish(heads, heads.latest());
        deadline.begin();
        try (ClusterFit cluster = ClusterFit.read(built.files(), folder)) {
            cluster.expect(backboneId, setup.settings());
            HeadFit fit = cluster.fit(setup.settings(), deadline);
            HeadSource source =
                    cluster.source(
                            backboneName, setup.settings(), setup.provenance(), clock.instant());
            NewHead.Result result = newHead(Optional.empty()).keep(fit, source, latest, deadline);
            cluster.delete();
            return outcome(result, source, fit, deadline);
        }
    }

    private record ToLearn(List<TrainingImage> images, String backbone, String backboneName) {}

    private Outcome train(
            ToLearn from, Optional<HeadStore.Pointer> latest, KnownHeads known, Deadline deadline) {
        List<TrainingImage> labelled = from.images();
        String backboneId = from.backbone();
        String dataHash = DataHash.of(backboneId, setup.settings(), labelled);
        if (known.learned(dataHash)) {
            return new NothingNew(latest.orElseThrow().version());
        }
        String listing = ListingHash.of(backboneId, setup.settings(), labelled);
        HeadFit fit = HeadFit.of(labelled, backboneId, setup.settings(), deadline);
        HeadSource source =
                new HeadSource(
                        backboneId,
                        from.backboneName(),
                        dataHash,
                        listing,
                        setup.settings(),
                        setup.provenance(),
                        clock.instant(),
                        "");
        return outcome(kept.keep(fit, source, latest, deadline), source, fit, deadline);
    }

    private NewHead newHead(Optional<FeatureStore> stored) {
        return new NewHead(heads, built.files(), setup.report(), setup.networks(), stored);
    }

    private static Outcome outcome(
            NewHead.Result result, HeadSource source, HeadFit fit, Deadline deadline) {
        Trained trained =
                new Trained(
                        source.version(),
                        fit.choice().classes(),
                        fit.validated().best().validation(),
                        fit.choice().leftOut(),
                        fit.choice().weak(),
                        result.reason(),
                        source.told(deadline.sentence()));
        return result.inUse() ? trained : trained.kept(result.reason());
    }

    /** Brings the index up to date, for what predicts now and will soon. */
    private Collection<ImageIndex.Change> listed(
            Optional<HeadStore.Pointer> latest, String backboneId) {
        Set<String> ids = new TreeSet<>(Set.of(backboneId));
        latest.flatMap(inUse -> backbone(inUse.version())).ifPresent(ids::add);
        return built.run(ids);
    }

    private Optional<Waiting> waiting(String version, String backboneId) {
        String inUse = backbone(version).orElse(backboneId);
        if (inUse.equals(backboneId) || !setup.networks().has(inUse)) {
            return Optional.empty();
        }
        return lacking(version, backboneId)
                .flatMap(
                        counted -> {
                            // counters may be off after a kill, and must not hold up the change
                            index.recount(QUIET);
                            return lacking(version, backboneId);
                        });
    }

    private Optional<Waiting> lacking(String version, String backboneId) {
        ImageIndex.Counts counts = index.counts();
        int featurized = counts.features().getOrDefault(backboneId, 0);
        return featurized < counts.images()
                ? Optional.of(new Waiting(version, featurized, counts.images()))
                : Optional.empty();
    }

    /** Id of the backbone of a head; empty if the head is damaged. */
    private Optional<String> backbone(String version) {
        try {
            HeadCard card = HeadFiles.card(version, file -> heads.read(version, file));
            return Optional.of(card.backbone());
        } catch (DamagedFileException e) {
            return Optional.empty();
        }
    }
}
