package dev.graft.local;

import dev.graft.backbone.Backbones;
import dev.graft.feature.ConfigurationException;
import dev.graft.feature.DamagedFileException;
import dev.graft.feature.StoreException;
import dev.graft.head.HeadCard;
import dev.graft.head.HeadFiles;
import dev.graft.head.HeadStore;
import dev.graft.importer.Import;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The whole product on one machine: uploads a folder of pictures, has them featurized, trains a
 * head, reports what was learned and answers requests.
 */
public final class Main {
    private static final int RETRAIN_SECONDS = 30;

    /** Set by the scripts of a release to its folder; where it is not, Maven passes the options. */
    static final String HOME = "release.home";

    private Main() {}

    /**
     * Runs; {@link Option} has the options. Ends with status 0 if a head is in use, 1 if none is, 2
     * if it could not run. An import ends with 0 if all was fetched, with 1 if it has to be started
     * again.
     */
    public static void main(String[] args) throws InterruptedException {
        Optional<Path> home = Optional.ofNullable(System.getProperty(HOME)).map(Path::of);
        Optional<String> information = home.flatMap(release -> CommandLine.information(args));
        if (information.isPresent()) {
            System.out.println(information.get());
            return;
        }
        int status = 2;
        try {
            Syntax syntax = home.<Syntax>map(CommandLine::new).orElseGet(MavenProperties::new);
            Optional<ImportCommand> imports = ImportCommand.parse(syntax, args);
            if (imports.isPresent()) {
                var variables = DefaultData.environment(Import.VARIABLES);
                status = imports.get().run(syntax, variables, System.out::println);
            } else {
                Options options = Options.parse(syntax, args, DefaultData.environment());
                status = run(options) ? 0 : 1;
            }
        } catch (IllegalArgumentException
                | ConfigurationException
                | StoreException
                | UncheckedIOException e) {
            System.err.println(e.getMessage());
        }
        System.exit(status);
    }

    /** Whether a head is in use at the end. */
    private static boolean run(Options options) throws InterruptedException {
        System.out.println("Graft starts" + options.from());
        Backbones backbones = Backbones.ofUser();
        Path backbone = backbones.resolve(options.backbone());
        Map<String, String> settings =
                Map.of(
                        "LABELS_PER_IMAGE",
                        options.labelsPerImage(),
                        "NETWORKS_FOLDER",
                        backbones.before().toString());
        try (LocalProduct product = new LocalProduct(options.data(), backbone, settings)) {
            Runtime.getRuntime().addShutdownHook(new Thread(product::close));
            Origins origins = new Origins(options.data());
            if (!origins.isWritten() && product.stored().isEmpty()) {
                origins.save(); // what comes through the page from now on came from no folder
            }
            Optional<HttpEndpoint> endpoint =
                    options.serve() ? Optional.of(early(options, product)) : Optional.empty();
            try {
                learn(options, origins, product);
                if (options.verify()) {
                    Map<String, String> found = product.verify("latest");
                    System.out.println(found.get("outcome") + ": " + found.get("reason"));
                }
                if (endpoint.isPresent()) {
                    serve(endpoint.get(), product);
                }
                return product.heads().latest().isPresent();
            } finally {
                endpoint.ifPresent(HttpEndpoint::close);
            }
        }
    }

    /** The page is there from the beginning on; where a head of an earlier run is, it predicts. */
    private static HttpEndpoint early(Options options, LocalProduct product) {
        HttpEndpoint endpoint =
                options.lan()
                        ? product.serveNetwork(options.port(), token(options))
                        : product.serve(options.port());
        Optional<String> head = product.heads().latest().map(HeadStore.Pointer::version);
        System.out.println(
                head.map(version -> endpoint.url() + " answers with head " + version)
                        .orElse(endpoint.url() + " is open, and answers once a head is trained"));
        return endpoint;
    }

    /** That of the data folder, so that a phone stays signed in; of memory one for this run. */
    private static String token(Options options) {
        return options.data().map(DataFolder::token).orElseGet(DataFolder::newSecret);
    }

    private static void learn(Options options, Origins origins, LocalProduct product)
            throws InterruptedException {
        long start = System.nanoTime();
        Map<String, String> before = product.featurized();
        int done = product.done();
        int leftovers = product.reconcile();
        if (leftovers > 0) {
            System.out.printf(
                    Locale.ROOT,
                    "%,d files of earlier runs were changed since they were read, or could not be, or lack a feature of this network: they are read%n",
                    leftovers);
            new Progress(leftovers).await(product, done);
        }
        if (options.images().isPresent()) {
            var folder = new PictureFolder(options.images().get());
            var first = new FirstHead(product);
            Runnable whenEnough = options.serve() ? first : () -> {};
            new Sync(folder, origins, options.removal(), whenEnough).to(product);
            first.await();
        }
        double featurizeSeconds = seconds(start);
        long trainStart = System.nanoTime();
        Map<String, String> outcome = product.train();
        double trainSeconds = seconds(trainStart);
        if (outcome.containsKey("reason")) {
            System.out.println(outcome.get("outcome") + ": " + outcome.get("reason"));
        }
        HeadStore heads = product.heads();
        if (outcome.containsKey("version")) {
            Report.printNetworks(card(heads, outcome.getOrDefault("version", "")));
        }
        Map<String, String> after = product.featurized();
        int featurized = after.size();
        after.entrySet().removeIf(one -> one.getValue().equals(before.get(one.getKey())));
        readable(heads)
                .ifPresent(
                        head -> {
                            Report report =
                                    new Report(
                                            featurized,
                                            product.unreadable(),
                                            new Report.Times(
                                                    after.size(), featurizeSeconds, trainSeconds),
                                            head);
                            report.print();
                            options.report().ifPresent(report::write);
                        });
    }

    /** The card of the head in use; a damaged one is told, and waits for the next training. */
    private static Optional<HeadCard> readable(HeadStore heads) {
        try {
            return heads.latest().map(latest -> card(heads, latest.version()));
        } catch (DamagedFileException e) {
            System.err.println(e.getMessage());
            return Optional.empty();
        }
    }

    private static HeadCard card(HeadStore heads, String version) {
        return HeadFiles.card(version, file -> heads.read(version, file));
    }

    private static void serve(HttpEndpoint endpoint, LocalProduct product)
            throws InterruptedException {
        var schedule = Executors.newSingleThreadScheduledExecutor();
        var _ =
                schedule.scheduleWithFixedDelay(
                        () -> {
                            try {
                                product.train();
                            } catch (RuntimeException e) {
                                System.err.println("not trained: " + e.getMessage());
                            }
                        },
                        RETRAIN_SECONDS,
                        RETRAIN_SECONDS,
                        TimeUnit.SECONDS);
        Map<String, String> environment = product.environment();
        try {
            System.out.printf(
                    Locale.ROOT,
                    """

                    Open %1$s in a browser. It answers until you press Ctrl-C, and retrains every %2$d seconds when something changed. Or:

                      curl --data-binary @photo.jpg '%1$s/classify?top=3'
                      AWS_ACCESS_KEY_ID=%3$s AWS_SECRET_ACCESS_KEY=%4$s AWS_DEFAULT_REGION=%5$s \\
                        aws --endpoint-url %6$s s3 cp photo.jpg s3://%7$s/images/cat/photo.jpg
                      curl -d '{"key": "images/cat/photo.jpg"}' %1$s/classify
                    """,
                    endpoint.url(),
                    RETRAIN_SECONDS,
                    environment.get("AWS_ACCESS_KEY_ID"),
                    environment.get("AWS_SECRET_ACCESS_KEY"),
                    environment.get("AWS_REGION"),
                    environment.get("AWS_ENDPOINT_URL_S3"),
                    environment.get("IMAGES_BUCKET"));
            endpoint.phones().ifPresent(phones -> System.out.print("\n" + phones.told()));
            new CountDownLatch(1).await();
        } finally {
            schedule.shutdownNow();
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
