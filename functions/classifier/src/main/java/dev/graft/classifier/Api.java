package dev.graft.classifier;

import dev.graft.export.Exports;
import dev.graft.feature.ImageStore;
import dev.graft.feature.LabelSet;
import dev.graft.index.AllNeighbours;
import dev.graft.index.ImageListing;
import dev.graft.index.KnownImages;
import dev.graft.index.Neighbours;
import dev.graft.library.Classes;
import dev.graft.library.Feedback;
import dev.graft.library.Forgetting;
import dev.graft.library.KeptAnswers;
import dev.graft.library.LabelDecisions;
import dev.graft.library.LabelExport;
import dev.graft.library.Library;
import dev.graft.library.Undo;
import dev.graft.prediction.BatchClassification;
import dev.graft.prediction.Classification;
import dev.graft.prediction.LatestHead;
import dev.graft.prediction.LatestSettings;
import dev.graft.prediction.Networks;
import dev.graft.review.DoubtfulLabels;
import dev.graft.training.LearnedImages;
import dev.graft.training.Trainings;
import dev.graft.versions.HeadVersions;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Every route of the API that openapi.json describes. */
final class Api {
    private static final long MAX_STORED_BYTES = 50L << 20;
    private static final Duration CHECK_HEAD_EVERY = Duration.ofSeconds(3);

    /** So that hardly any request reads them. */
    private static final Duration CHECK_SETTINGS_EVERY = Duration.ofMinutes(1);

    private final Networks networks;
    private final Settings chosen;
    private final InstantSource clock;
    private final Consumer<RuntimeException> failed;
    private final Trainings trainings;

    private Api(
            Networks networks,
            Settings chosen,
            InstantSource clock,
            Consumer<RuntimeException> failed,
            Trainings trainings) {
        this.networks = networks;
        this.chosen = chosen;
        this.clock = clock;
        this.failed = failed;
        this.trainings = trainings;
    }

    /**
     * What whoever runs it chose.
     *
     * @param dailyImages with more of which in 24 hours reading stops; empty where it never does
     * @param answers what is kept of predictions
     */
    record Settings(Optional<Long> dailyImages, KeptAnswers.Settings answers) {}

    /**
     * The routes over these stores.
     *
     * @param networks at hand; names that were taught with the current one lie beside its file, see
     *     {@link NamesFile}
     * @param failed takes why what is in memory stays in use although it is not the newest, and why
     *     an answer is not kept
     */
    static Router over(
            Ports ports,
            Networks networks,
            Settings chosen,
            InstantSource clock,
            Consumer<RuntimeException> failed) {
        var trainings = new Trainings(ports.indexFiles(), clock);
        Api api = new Api(networks, chosen, clock, failed, trainings);
        return new SetRouters(ports.sets(), clock, (set, all) -> api.inSet(set, ports, all))
                .router(LabelSet.DEFAULT);
    }

    /** Those of one label set, over the stores in it; trainings are of all. */
    private SetRouters.InSet inSet(LabelSet set, Ports all, SetRouters sets) {
        Ports ports = set.isDefault() ? all : all.in(set);
        Classification classification = classification(ports);
        Supplier<KnownImages> another = () -> knownImages(ports);
        var known = set.isDefault() ? another.get() : sets.known(set);
        var links = ports.links();
        var settings = new LatestSettings(ports.heads(), CHECK_SETTINGS_EVERY, clock, failed);
        var batch =
                new BatchClassification(classification, known, settings, ports.results(), clock);
        var versions = versions(ports, id -> images(id, classification, known, another));
        var listing = new ImageListing(ports.index(), ports.indexFiles(), clock);
        var files = new FileResponses(ports.results(), links, set);
        Router router = new Router().inSets(sets::router);
        var answers = new KeptAnswers(ports.results(), chosen.answers(), clock);
        var kept = new KeptPredictions(answers, set, clock, failed);
        var near = new AllNeighbours(known, ports.vectors(), ports.index(), set, failed);
        var predictions = new PredictionRoutes(classification, near, settings, links, kept);
        predictions.addTo(router, sets::predictions);
        Undo undo = undo(set, ports);
        var history = new HistoryRoutes(ports.history(), undo, set, known, clock);
        history.addTo(router);
        new SetRoutes(ports, history).addTo(router);
        var library = new Library(ports.labels(), ports.index(), clock);
        var told = new Feedback(answers, ports.features(), ports.images(), library, undo);
        new WatchRoutes(answers, set, classification, versions).addTo(router);
        var feedback = new FeedbackRoutes(told, known, history, set, sets::feedback);
        feedback.addTo(router);
        new ShareRoutes(ports.shares(), predictions, feedback, history, clock).addTo(router);
        new ImageListRoutes(listing, classification, known, links).addTo(router);
        new ImageRoutes(ports, listing, chosen.dailyImages(), clock, history).addTo(router);
        addLabels(router, ports, library, known, history);
        new HeadRoutes(versions, ports, files, history).addTo(router);
        new SettingsRoutes(classification, settings, history).addTo(router);
        var training = new TrainingRoutes(trainings, ports.trainer());
        training.addTo(router);
        var copies = new CopyRoutes(ports, listing, known, classification, versions);
        copies.addTo(router);
        var forgetting = new Forgetting(ports.forgetting(), clock);
        new ForgetRoutes(forgetting, copies, training, history).addTo(router);
        var names = NamesFile.beside(networks.current().file());
        new ReviewRoutes(classification, known, names, ports).addTo(router);
        new DoctorRoutes(classification, versions, new DoubtfulLabels(ports.features()), links)
                .addTo(router);
        new BatchRoutes(batch, links).addTo(router);
        addExports(router, set, ports, listing, classification);
        new StatusRoutes(ports, classification, trainings, known, clock).addTo(router);
        Supplier<URI> bucket = () -> URI.create(links.toRead(ImageStore.PREFIX));
        new DocumentRoutes(() -> new Page(bucket.get(), chosen.answers())).addTo(router);
        return new SetRouters.InSet(router, predictions, feedback, known);
    }

    private Classification classification(Ports ports) {
        var latest = new LatestHead(ports.heads(), CHECK_HEAD_EVERY, clock, failed);
        return new Classification(
                networks, latest, ports.features(), ports.images(), MAX_STORED_BYTES);
    }

    private Undo undo(LabelSet set, Ports ports) {
        var classes = new Classes(ports.heads());
        return new Undo(ports.results(), ports.images(), ports.features(), classes, clock).in(set);
    }

    private HeadVersions versions(Ports ports, Function<String, Neighbours> images) {
        return new HeadVersions(
                ports.heads(),
                new LearnedImages(ports.heads(), ports.indexFiles()),
                (id, each) -> images.apply(id).forEach(each),
                id -> networks.of(id).isPresent());
    }

    private KnownImages knownImages(Ports ports) {
        return new KnownImages(ports.features(), ports.index(), ports.indexFiles(), failed, clock);
    }

    private static void addLabels(
            Router router, Ports ports, Library library, KnownImages known, HistoryRoutes history) {
        var decisions = new LabelDecisions(ports.labels(), ports.index(), library);
        new LabelRoutes(library, decisions, known, ports.links(), history).addTo(router);
        new ClassRoutes(library, new Classes(ports.heads()), known, history).addTo(router);
    }

    private void addExports(
            Router router,
            LabelSet set,
            Ports ports,
            ImageListing listing,
            Classification classification) {
        var links = ports.links();
        var files = new FileResponses(ports.results(), links, set);
        new ExportRoutes(new LabelExport(listing, links), classification, files).addTo(router);
        var exports = new Exports(set, listing, ports.results(), clock);
        new CollectionRoutes(exports.images(ports.images()), classification, links)
                .addTo(router, "images");
        new CollectionRoutes(exports.features(ports.features()), classification, links)
                .addTo(router, "features");
    }

    /** Those of another network than the one in use are forgotten again after a preview. */
    private static Neighbours images(
            String backbone,
            Classification classification,
            KnownImages known,
            Supplier<KnownImages> another) {
        boolean inUse = classification.network().identity().equals(backbone);
        return (inUse ? known : another.get()).await(backbone).images();
    }
}
