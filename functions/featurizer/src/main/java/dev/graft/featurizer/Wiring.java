package dev.graft.featurizer;

import dev.graft.aws.Aws;
import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageStore;
import dev.graft.feature.StoreException;
import dev.graft.ingest.EventQueue;
import dev.graft.ingest.FollowedBucket;
import dev.graft.ingest.ImageIngest;
import dev.graft.ingest.LabelIngest;
import dev.graft.ingest.ObjectIngest;
import dev.graft.ingest.Reconcile;
import dev.graft.lambda.SnapStart;
import dev.graft.onnx.OnnxBackbone;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * What both functions of this module work with.
 *
 * @param bucket of the images
 * @param objects what happens to its objects
 * @param reconcile compares it with what is stored
 * @param queue that events come by, if they come by one
 * @param followed another bucket, whose objects become images, if there is one
 */
record Wiring(
        String bucket,
        ObjectIngest objects,
        Reconcile reconcile,
        Optional<EventQueue> queue,
        Optional<FollowedBucket> followed) {

    /** From the environment, with the network of this build, warm where SnapStart is on. */
    static Wiring from(Map<String, String> environment, Aws aws) {
        FeaturizerConfig config = FeaturizerConfig.from(environment);
        ImageStore bucket = aws.imageStore(config.imagesBucket());
        FeatureStore features = aws.featureStore(config.table());
        FeatureExtractor extractor =
                SnapStart.warm(
                        new FeatureExtractor(
                                OnnxBackbone.open(config.backbone(), config.threads())));
        ImageIngest images =
                new ImageIngest(
                        bucket,
                        features,
                        extractor,
                        config.maxImageBytes(),
                        InstantSource.system());
        LabelIngest labels =
                new LabelIngest(
                        new LabelIngest.Stores(
                                bucket,
                                features,
                                aws.labelStore(config.table()),
                                aws.labelSets(config.table())),
                        config.maxImageBytes(),
                        config.labelsPerImage(),
                        InstantSource.system());
        ObjectIngest objects = new ObjectIngest(images, labels);
        SnapStart.prime(picture -> primed(objects));
        return new Wiring(
                config.imagesBucket(),
                objects,
                new Reconcile(bucket, features, extractor.backbone().id()),
                config.deadLetters().map(aws::eventQueue),
                config.followedBucket()
                        .map(name -> aws.followedBucket(name, config.imagesBucket())));
    }

    /** Asks both stores for an image that is not there; that changes nothing. */
    private static String primed(ObjectIngest objects) {
        try {
            return objects.reread(ImageStore.PREFIX + ".no-image").name();
        } catch (StoreException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
