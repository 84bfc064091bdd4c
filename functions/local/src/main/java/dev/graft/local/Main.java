package dev.graft.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.aws.Aws;
import dev.graft.backbone.Backbones;
import dev.graft.feature.Backbone;
import dev.graft.feature.ConfigurationException;
import dev.graft.head.HeadFiles;
import dev.graft.head.HeadStore;
import dev.graft.onnx.OnnxBackbone;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

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
        } catch (IllegalArgumentException | ConfigurationException | UncheckedIOException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
        System.exit(0);
    }

    private static void run(Options options) throws InterruptedException {
        Path backbone = Backbones.ofUser().resolve(options.backbone());
        Ingest ingest = new Ingest();
        try (ingest;
                EmbeddedCloud cloud =
                        options.data().isPresent()
                                ? EmbeddedCloud.in(options.data().get(), ingest::accept)
                                : EmbeddedCloud.inMemory(ingest::accept)) {
            Map<String, String> environment = environment(cloud, backbone);
            LocalFunctions functions = new LocalFunctions(environment);
            ingest.to(functions);
            try (Aws aws = new Aws(environment)) {
                learn(options, new Session(environment, functions, ingest, aws));
            }
            if (options.serve()) {
                serve(options, environment, functions);
            }
        }
    }

    /** What {@link #learn} works with. */
    private record Session(
            Map<String, String> environment, LocalFunctions functions, Ingest ingest, Aws aws) {}

    private static Map<String, String> environment(EmbeddedCloud cloud, Path file) {
        Map<String, String> environment = new HashMap<>(cloud.environment());
        environment.put("BACKBONE_FILE", file.toString());
        try (Backbone backbone = OnnxBackbone.open(file, 1)) {
            environment.put("BACKBONE_ID", backbone.id());
            environment.put("BACKBONE_NAME", backbone.name());
        }
        return environment;
    }

    private static void learn(Options options, Session session) throws InterruptedException {
        long start = System.nanoTime();
        if (options.images().isPresent()) {
            upload(new Upload(options.images().get()), session);
        }
        double featurizeSeconds = seconds(start);
        long trainStart = System.nanoTime();
        Map<String, String> outcome = session.functions().train(scheduledEvent());
        double trainSeconds = seconds(trainStart);
        if (outcome.containsKey("reason")) {
            System.out.println(outcome.get("outcome") + ": " + outcome.get("reason"));
        }
        HeadStore heads = session.aws().headStore(session.environment().get("HEADS_BUCKET"));
        var features = session.aws().featureStore(session.environment().get("FEATURES_TABLE"));
        AtomicInteger images = new AtomicInteger();
        features.scan(
                session.environment().get("BACKBONE_ID"), feature -> images.incrementAndGet());
        heads.latest()
                .ifPresent(
                        latest -> {
                            JsonNode head =
                                    HeadFiles.description(
                                            latest.version(),
                                            file -> heads.read(latest.version(), file));
                            Report report =
                                    new Report(
                                            images.get(),
                                            features.unreadable(),
                                            featurizeSeconds,
                                            trainSeconds,
                                            head);
                            report.print();
                            options.report().ifPresent(report::write);
                        });
    }

    private static void upload(Upload upload, Session session) throws InterruptedException {
        String bucket = session.environment().get("IMAGES_BUCKET");
        upload.run(
                (key, file) -> session.aws().putImage(bucket, key, file), session.ingest()::done);
        while (session.ingest().done() < upload.size()) {
            TimeUnit.MILLISECONDS.sleep(200);
            upload.show(session.ingest().done());
        }
        System.out.println();
    }

    private static void serve(
            Options options, Map<String, String> environment, LocalFunctions functions)
            throws InterruptedException {
        var schedule = Executors.newSingleThreadScheduledExecutor();
        schedule.scheduleWithFixedDelay(
                () -> {
                    try {
                        functions.train(scheduledEvent());
                    } catch (RuntimeException e) {
                        System.err.println("not trained: " + e.getMessage());
                    }
                },
                RETRAIN_SECONDS,
                RETRAIN_SECONDS,
                TimeUnit.SECONDS);
        try (HttpEndpoint endpoint = new HttpEndpoint(options.port(), functions)) {
            System.out.printf(
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
        }
    }

    private static String scheduledEvent() {
        return """
        {"version": "0", "id": "local", "detail-type": "Scheduled Event", "source": "aws.scheduler",
         "account": "123456789012", "time": "%s", "region": "us-east-1", "resources": [], "detail": {}}
        """
                .formatted(Instant.ofEpochSecond(Instant.now().getEpochSecond()));
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
