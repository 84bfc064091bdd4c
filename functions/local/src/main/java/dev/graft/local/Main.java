package dev.graft.local;

import dev.graft.backbone.Backbones;
import dev.graft.feature.ConfigurationException;
import dev.graft.feature.StoreException;
import dev.graft.head.HeadCard;
import dev.graft.head.HeadFiles;
import dev.graft.head.HeadStore;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The whole product on one machine: uploads a folder of pictures, has them featurized, trains a
 * head, reports what was learned and answers requests.
 */
public final class Main {
    private static final int RETRAIN_SECONDS = 30;

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
        var backbone = Backbones.ofUser().resolve(options.backbone());
        Map<String, String> settings = Map.of("LABELS_PER_IMAGE", options.labelsPerImage());
        try (LocalProduct product = new LocalProduct(options.data(), backbone, settings)) {
            learn(options, product);
            if (options.verify()) {
                Map<String, String> found = product.verify("latest");
                System.out.println(found.get("outcome") + ": " + found.get("reason"));
            }
            if (options.serve()) {
                serve(options.port(), product);
            }
        }
    }

    private static void learn(Options options, LocalProduct product) throws InterruptedException {
        long start = System.nanoTime();
        int leftovers = product.featurizeLeftovers();
        if (leftovers > 0) {
            System.out.printf(
                    Locale.ROOT, "featurizing %,d images of earlier runs again%n", leftovers);
        }
        int uploaded =
                options.images().isPresent() ? new Upload(options.images().get()).to(product) : 0;
        while (!product.idle()) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        double featurizeSeconds = seconds(start);
        long trainStart = System.nanoTime();
        Map<String, String> outcome = product.train();
        double trainSeconds = seconds(trainStart);
        if (outcome.containsKey("reason")) {
            System.out.println(outcome.get("outcome") + ": " + outcome.get("reason"));
        }
        HeadStore heads = product.heads();
        heads.latest()
                .ifPresent(
                        latest -> {
                            HeadCard head =
                                    HeadFiles.card(
                                            latest.version(),
                                            file -> heads.read(latest.version(), file));
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

    private static void serve(int port, LocalProduct product) throws InterruptedException {
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
        try (HttpEndpoint endpoint = product.serve(port)) {
            System.out.printf(
                    Locale.ROOT,
                    """

                    %1$s answers until you press Ctrl-C; it retrains every %2$d seconds when something changed

                      curl --data-binary @photo.jpg '%1$s/classify?top=3'
                      AWS_ACCESS_KEY_ID=%3$s AWS_SECRET_ACCESS_KEY=%4$s AWS_REGION=%5$s \\
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
