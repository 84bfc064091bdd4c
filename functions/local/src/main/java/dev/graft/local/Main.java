package dev.graft.local;

import dev.graft.backbone.Backbones;
import dev.graft.feature.ConfigurationException;
import dev.graft.feature.DamagedFileException;
import dev.graft.feature.StoreException;
import dev.graft.head.HeadCard;
import dev.graft.head.HeadFiles;
import dev.graft.head.HeadStore;
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
    private static final int TELL_SECONDS = 5;

    private Main() {}

    /** Runs; the options are in the README. */
    public static void main(String[] args) throws InterruptedException {
        try {
            run(Options.parse(args));
        } catch (IllegalArgumentException
                | ConfigurationException
                | StoreException
                | UncheckedIOException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
        System.exit(0);
    }

    private static void run(Options options) throws InterruptedException {
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
            Optional<HttpEndpoint> endpoint = early(options, product);
            try {
                learn(options, product);
                if (options.verify()) {
                    Map<String, String> found = product.verify("latest");
                    System.out.println(found.get("outcome") + ": " + found.get("reason"));
                }
                if (options.serve()) {
                    endpoint = endpoint.or(() -> Optional.of(product.serve(options.port())));
                    serve(endpoint.get(), product);
                }
            } finally {
                endpoint.ifPresent(HttpEndpoint::close);
            }
        }
    }

    /** Where a head of an earlier run is in use, it predicts from the beginning on. */
    private static Optional<HttpEndpoint> early(Options options, LocalProduct product) {
        Optional<String> head = product.heads().latest().map(HeadStore.Pointer::version);
        if (!options.serve() || head.isEmpty()) {
            return Optional.empty();
        }
        HttpEndpoint endpoint = product.serve(options.port());
        System.out.println(endpoint.url() + " answers with head " + head.get());
        return Optional.of(endpoint);
    }

    private static void learn(Options options, LocalProduct product) throws InterruptedException {
        long start = System.nanoTime();
        int leftovers = product.reconcile();
        if (leftovers > 0) {
            System.out.printf(
                    Locale.ROOT,
                    "%,d files of earlier runs were changed since they were read, or could not be, or lack a feature of this network: they are read%n",
                    leftovers);
            await(product, leftovers);
        }
        int uploaded =
                options.images().isPresent() ? new Upload(options.images().get()).to(product) : 0;
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
        readable(heads)
                .ifPresent(
                        head -> {
                            Report report =
                                    new Report(
                                            product.featurized().size(),
                                            product.unreadable(),
                                            new Report.Times(
                                                    uploaded + leftovers,
                                                    featurizeSeconds,
                                                    trainSeconds),
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

    /** Waits until every event was dealt with; a line every few seconds tells how far it is. */
    private static void await(LocalProduct product, int all) throws InterruptedException {
        long told = System.nanoTime();
        while (!product.idle()) {
            TimeUnit.MILLISECONDS.sleep(50);
            if (seconds(told) >= TELL_SECONDS) {
                told = System.nanoTime();
                System.out.printf(
                        Locale.ROOT, "%,d of %,d images featurized%n", product.done(), all);
            }
        }
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

                    %1$s answers until you press Ctrl-C; it retrains every %2$d seconds when something changed

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
            new CountDownLatch(1).await();
        } finally {
            schedule.shutdownNow();
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
