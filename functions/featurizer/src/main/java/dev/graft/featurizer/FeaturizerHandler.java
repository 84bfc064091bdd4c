package dev.graft.featurizer;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.S3Event;
import com.amazonaws.services.lambda.runtime.events.models.s3.S3EventNotification.S3EventNotificationRecord;
import dev.graft.aws.Aws;
import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageStore;
import dev.graft.feature.LabelStore;
import dev.graft.feature.StoreException;
import dev.graft.ingest.ImageIngest;
import dev.graft.ingest.LabelIngest;
import dev.graft.lambda.CallLog;
import dev.graft.lambda.SnapStart;
import dev.graft.onnx.OnnxBackbone;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** S3 event in, stored features and labels out. Safe for use by many threads. */
public final class FeaturizerHandler implements RequestHandler<S3Event, List<String>> {
    private final ImageIngest images;
    private final LabelIngest labels;

    /** For Lambda: everything from the environment. */
    public FeaturizerHandler() {
        this(System.getenv());
    }

    /**
     * With the variables of an environment.
     *
     * @throws dev.graft.feature.ConfigurationException if any is missing or wrong
     */
    public FeaturizerHandler(Map<String, String> environment) {
        this(FeaturizerConfig.from(environment), new Aws(environment));
    }

    private FeaturizerHandler(FeaturizerConfig config, Aws aws) {
        this(
                config,
                aws.imageStore(config.imagesBucket()),
                aws.featureStore(config.table()),
                aws.labelStore(config.table()));
    }

    private FeaturizerHandler(
            FeaturizerConfig config, ImageStore bucket, FeatureStore features, LabelStore labels) {
        this(
                images(config, bucket, features),
                new LabelIngest(
                        new LabelIngest.Stores(bucket, features, labels),
                        config.maxImageBytes(),
                        config.labelsPerImage(),
                        InstantSource.system()));
    }

    /** With the network of this build, warm where SnapStart is on. */
    static ImageIngest images(FeaturizerConfig config, ImageStore bucket, FeatureStore features) {
        return new ImageIngest(
                bucket,
                features,
                SnapStart.warm(
                        new FeatureExtractor(
                                OnnxBackbone.open(config.backbone(), config.threads()))),
                config.maxImageBytes(),
                InstantSource.system());
    }

    FeaturizerHandler(ImageIngest images, LabelIngest labels) {
        this.images = images;
        this.labels = labels;
    }

    /**
     * Deals with every record, also when another of the event fails.
     *
     * @return one outcome per record
     * @throws StoreException if a store did not answer for at least one record; all of the event
     *     may be sent again
     */
    @Override
    public List<String> handleRequest(S3Event event, Context context) {
        CallLog log = new CallLog(context);
        long start = System.currentTimeMillis();
        List<String> outcomes = new ArrayList<>();
        Optional<StoreException> failure = Optional.empty();
        for (S3EventNotificationRecord record : records(event)) {
            String key = record.getS3().getObject().getUrlDecodedKey();
            try {
                outcomes.add(handle(record, key).name());
            } catch (StoreException e) {
                failure = Optional.of(e);
                log.failure(key, e);
            }
        }
        log.metrics(metrics(outcomes, start), start);
        if (failure.isPresent()) {
            throw failure.get();
        }
        return outcomes;
    }

    private static Map<String, Integer> metrics(List<String> outcomes, long start) {
        return Map.of(
                "ImagesFeaturized",
                Collections.frequency(outcomes, ImageIngest.Outcome.FEATURIZED.name()),
                "ImagesUnreadable",
                Collections.frequency(outcomes, ImageIngest.Outcome.UNREADABLE.name()),
                "FeaturizeMilliseconds",
                (int) (System.currentTimeMillis() - start));
    }

    private ImageIngest.Outcome handle(S3EventNotificationRecord record, String key) {
        String sequencer = record.getS3().getObject().getSequencer();
        String name = record.getEventName();
        boolean label = key.startsWith(LabelIngest.PREFIX);
        if (name.contains("ObjectCreated:")) {
            return label ? labels.created(key, sequencer) : images.created(key, sequencer);
        }
        if (name.contains("ObjectRemoved:") || name.contains("LifecycleExpiration:")) {
            return label ? labels.removed(key, sequencer) : images.removed(key, sequencer);
        }
        return ImageIngest.Outcome.IGNORED;
    }

    /** S3 sends a test event without records when the notification is set up. */
    private static List<S3EventNotificationRecord> records(S3Event event) {
        return event.getRecords() == null ? List.of() : event.getRecords();
    }
}
