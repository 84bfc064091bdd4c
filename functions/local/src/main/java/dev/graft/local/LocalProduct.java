package dev.graft.local;

import dev.graft.aws.Aws;
import dev.graft.feature.Backbone;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.ImageStore;
import dev.graft.feature.LabelStore;
import dev.graft.feature.Sha256;
import dev.graft.feature.UnreadableImage;
import dev.graft.head.HeadStore;
import dev.graft.image.UnreadableImageException;
import dev.graft.ingest.Reconcile;
import dev.graft.library.ExpiredResults;
import dev.graft.library.KeptAnswers;
import dev.graft.onnx.OnnxBackbone;
import dev.graft.training.Trainings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The whole product on one machine: S3 and DynamoDB, the three functions, and the events between
 * them. Safe for use by many threads.
 */
public final class LocalProduct implements AutoCloseable {
    private static final int LISTED = 1000;
    private static final long READ_BYTES = 100L << 20;

    private final Ingest ingest = new Ingest();
    private final Cloud cloud;
    private final Map<String, String> environment;
    private final LocalFunctions functions;
    private final Aws aws;
    private boolean closed;

    /**
     * Starts everything but the HTTP server.
     *
     * @param data folder that keeps everything between runs; empty for memory
     * @param backbone network with its feature as the output, as {@link
     *     dev.graft.backbone.Backbones#resolve} gives it
     * @param settings more variables for the functions, such as {@code LABELS_PER_IMAGE}
     */
    public LocalProduct(Optional<Path> data, Path backbone, Map<String, String> settings) {
        this(
                s3Events ->
                        data.map(folder -> EmbeddedCloud.in(folder, s3Events))
                                .orElseGet(() -> EmbeddedCloud.inMemory(s3Events)),
                backbone,
                settings);
    }

    /**
     * Likewise with S3 and DynamoDB anywhere.
     *
     * @param start starts them; is given what takes each S3 event, as for {@link
     *     EmbeddedCloud#inMemory}
     * @param backbone network with its feature as the output
     * @param settings more variables for the functions
     */
    public LocalProduct(
            Function<Consumer<String>, Cloud> start, Path backbone, Map<String, String> settings) {
        this.cloud = start.apply(ingest::accept);
        this.environment = environment(cloud, backbone, settings);
        this.aws = cloud.aws(environment);
        // not closed: a request that comes while the product is closed gets an answer
        this.functions = new LocalFunctions(environment, cloud.aws(environment));
        ingest.to(new Ingest.Work(functions::featurize, functions::reread));
        new Trainings(aws.indexStore(variable("HEADS_BUCKET")), InstantSource.system()).forget();
        ExpiredResults.delete(images(), InstantSource.system());
        answers().sweep();
    }

    private static Map<String, String> environment(
            Cloud cloud, Path file, Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>(cloud.environment());
        environment.putAll(settings);
        environment.put("BACKBONE_FILE", file.toString());
        try (Backbone backbone = OnnxBackbone.open(file, 1)) {
            environment.put("BACKBONE_ID", backbone.id());
            environment.put("BACKBONE_NAME", backbone.name());
        }
        return Map.copyOf(environment);
    }

    /** What the functions find in their environment; {@link Aws} takes it too. */
    public Map<String, String> environment() {
        return environment;
    }

    private String variable(String name) {
        return Objects.requireNonNull(environment.get(name), name);
    }

    /** The connections to the embedded S3 and DynamoDB. */
    public Aws aws() {
        return aws;
    }

    /** The features. */
    public FeatureStore features() {
        return aws.featureStore(variable("TABLE"));
    }

    /** The decisions about labels. */
    public LabelStore labels() {
        return aws.labelStore(variable("TABLE"));
    }

    /** The lists of the images. */
    public ImageIndex index() {
        return aws.imageIndex(variable("TABLE"));
    }

    /** Every file that could not be read. */
    public List<UnreadableImage> unreadable() {
        List<UnreadableImage> all = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            ImageIndex.Page<UnreadableImage> page = index().unreadable(LISTED, cursor);
            all.addAll(page.images());
            cursor = page.cursor();
        } while (cursor.isPresent());
        return all;
    }

    /** The heads. */
    public HeadStore heads() {
        return aws.headStore(variable("HEADS_BUCKET"));
    }

    private ImageStore images() {
        return aws.imageStore(variable("IMAGES_BUCKET"));
    }

    private KeptAnswers answers() {
        int days = Integer.parseInt(environment.getOrDefault("ANSWER_DAYS", "0"));
        return new KeptAnswers(
                aws.resultStore(variable("IMAGES_BUCKET")),
                new KeptAnswers.Settings(days, false),
                InstantSource.system());
    }

    /** Uploads a file; its feature follows by the event of the bucket. */
    public void put(String key, Path file) {
        Buckets.put(aws.s3(), variable("IMAGES_BUCKET"), key, file);
    }

    /** Copies a file with its tags; the feature of the copy follows by the event of the bucket. */
    void copy(String from, String to) {
        Buckets.copy(aws.s3(), variable("IMAGES_BUCKET"), from, to);
    }

    /** Deletes files; their features follow by the events of the bucket. */
    void delete(List<String> keys) {
        ImageStore images = images();
        for (int start = 0; start < keys.size(); start += LISTED) {
            images.delete(keys.subList(start, Math.min(keys.size(), start + LISTED)));
        }
    }

    /**
     * SHA-256 of each file that is there, by key, as far as its event was dealt with; {@link
     * SyncPlan#UNREADABLE} where it is no picture that can be read.
     */
    Map<String, String> stored() {
        Map<String, String> hashes = new HashMap<>();
        index().changes(
                        Instant.EPOCH,
                        image -> {
                            switch (image.content()) {
                                case ImageRecord.Picture picture ->
                                        hashes.put(image.key(), picture.imageHash());
                                case ImageRecord.Unreadable _ ->
                                        hashes.put(image.key(), SyncPlan.UNREADABLE);
                                case ImageRecord.Gone _ -> {}
                            }
                        });
        return hashes;
    }

    /** SHA-256 of a file in the bucket, or {@link SyncPlan#UNREADABLE}; empty if there is none. */
    Optional<String> storedHash(String key) {
        try {
            return aws.imageStore(variable("IMAGES_BUCKET"))
                    .read(key, READ_BYTES)
                    .map(file -> Sha256.of(file.bytes()));
        } catch (UnreadableImageException tooLarge) {
            return Optional.of(SyncPlan.UNREADABLE);
        }
    }

    /** SHA-256 of each file that has a feature of the backbone in use, by key. */
    Map<String, String> featurized() {
        String backbone = variable("BACKBONE_ID");
        Map<String, String> hashes = new HashMap<>();
        index().changes(
                        Instant.EPOCH,
                        image ->
                                image.picture()
                                        .filter(picture -> picture.backbones().contains(backbone))
                                        .ifPresent(
                                                picture ->
                                                        hashes.put(
                                                                image.key(), picture.imageHash())));
        return hashes;
    }

    /**
     * Compares the bucket with what is stored and has every object looked at that differs, as after
     * a kill, or lacks a feature of the backbone in use.
     *
     * @return how many objects
     */
    public int reconcile() {
        // a kill leaves counters behind that no longer agree
        index().recount(Duration.ZERO);
        List<String> keys =
                new Reconcile(
                                aws.imageStore(variable("IMAGES_BUCKET")),
                                features(),
                                variable("BACKBONE_ID"))
                        .keys();
        keys.forEach(ingest::reread);
        return keys.size();
    }

    /** S3 events dealt with since the start. */
    int done() {
        return ingest.done();
    }

    /** Whether every S3 event so far was dealt with. */
    public boolean idle() {
        return ingest.pending() == 0;
    }

    /** Runs the trainer on a scheduled event; see {@code TrainerHandler} for the answer. */
    public Map<String, String> train() {
        return functions.train(
                """
                {"version": "0", "id": "local", "detail-type": "Scheduled Event", "source": "aws.scheduler",
                 "account": "123456789012", "time": "%s", "region": "us-east-1", "resources": [], "detail": "{}"}
                """
                        .formatted(Instant.ofEpochSecond(Instant.now().getEpochSecond())));
    }

    /** Has the trainer train a version again and compare; {@code latest}: the one in use. */
    public Map<String, String> verify(String version) {
        return functions.train("{\"verify\": \"%s\"}".formatted(version));
    }

    /**
     * Starts the HTTP server.
     *
     * @param port on 127.0.0.1, 0 for any free one
     */
    public HttpEndpoint serve(int port) {
        return new HttpEndpoint(port, functions, Optional.empty(), variable("AWS_ENDPOINT_URL_S3"));
    }

    /**
     * Starts the HTTP server for guests from the network, too.
     *
     * @param port on every address of this machine, 0 for any free one
     * @param token that guests need
     */
    public HttpEndpoint serveNetwork(int port, String token) {
        return new HttpEndpoint(
                port, functions, Optional.of(token), variable("AWS_ENDPOINT_URL_S3"));
    }

    /**
     * Finishes what was uploaded, as far as a short time allows; {@link #reconcile} does the rest.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        ingest.close();
        aws.close();
        cloud.close();
    }
}
