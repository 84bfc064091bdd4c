package dev.graft.prediction;

import dev.graft.feature.Backbone;
import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageFile;
import dev.graft.feature.ImageStore;
import dev.graft.feature.Label;
import dev.graft.feature.NotFoundException;
import dev.graft.head.Head;
import dev.graft.head.NoHeadException;
import java.util.List;
import java.util.stream.IntStream;

/** Predicts the labels of an image. Safe for use by many threads. */
public final class Classification {
    private final FeatureExtractor extractor;
    private final LatestHead head;
    private final FeatureStore features;
    private final ImageStore images;
    private final long maxImageBytes;

    /**
     * With a backbone, a head and the stores of the images.
     *
     * @param maxImageBytes the largest file that is read from the bucket
     */
    public Classification(
            FeatureExtractor extractor,
            LatestHead head,
            FeatureStore features,
            ImageStore images,
            long maxImageBytes) {
        this.extractor = extractor;
        this.head = head;
        this.features = features;
        this.images = images;
        this.maxImageBytes = maxImageBytes;
    }

    /**
     * The feature of the bytes of a file.
     *
     * @return (width of the backbone)
     * @throws dev.graft.image.UnreadableImageException if the file is no readable image
     */
    public float[] feature(byte[] file) {
        return Float16.decode(extractor.extract(file).feature());
    }

    /**
     * The feature of an image of the bucket. One that has it stored costs no inference.
     *
     * @param key of the image
     * @return (width of the backbone)
     * @throws NotFoundException if the bucket has no such key
     * @throws dev.graft.image.UnreadableImageException if the file is no readable image
     */
    public float[] featureOf(String key) {
        return Float16.decode(
                features.find(key, backbone().id())
                        .map(ImageFeature::feature)
                        .orElseGet(() -> extractFromBucket(key)));
    }

    private byte[] extractFromBucket(String key) {
        ImageFile file =
                images.read(key, maxImageBytes)
                        .orElseThrow(
                                () ->
                                        new NotFoundException(
                                                "no image '"
                                                        + key
                                                        + "' in the bucket: upload it first, or"
                                                        + " check the key (as uploaded, not"
                                                        + " URL-encoded, starting with images/)"));
        return extractor.extract(file.bytes()).feature();
    }

    /**
     * The head to predict with.
     *
     * @throws NoHeadException if there is no head yet, or the one there is belongs to another
     *     backbone
     */
    public Head usableHead() {
        Head current = head.get();
        if (!current.backbone().equals(backbone().id())) {
            throw new NoHeadException(
                    "head %s was trained on features of backbone %s, this function runs %s (%s)"
                            .formatted(
                                    current.version(),
                                    current.backbone(),
                                    backbone().name(),
                                    backbone().id()));
        }
        return current;
    }

    /** The network in use. */
    public Backbone backbone() {
        return extractor.backbone();
    }

    /**
     * What the head predicts from a feature.
     *
     * @param top how many classes to name at most
     */
    public Prediction predict(Head current, float[] feature, int top) {
        double[] probabilities = current.probabilities(feature);
        List<ClassProbability> best =
                IntStream.range(0, probabilities.length)
                        .mapToObj(
                                i ->
                                        new ClassProbability(
                                                current.classes().get(i), probabilities[i]))
                        .sorted((a, b) -> Double.compare(b.probability(), a.probability()))
                        .limit(top)
                        .toList();
        return new Prediction(current.labels(probabilities), best);
    }

    /**
     * The prediction for an image.
     *
     * @param labels the predicted classes: of a single-label head the most probable one, of a
     *     multi-label head all that are likelier than not; sorted
     * @param best the most probable classes, best first
     */
    public record Prediction(List<String> labels, List<ClassProbability> best) {
        /** The labels as one text. */
        public String label() {
            return Label.join(labels);
        }
    }

    /**
     * One class and its probability.
     *
     * @param label the class
     * @param probability calibrated, 0..1; of a single-label head, those of all classes sum to 1
     */
    public record ClassProbability(String label, double probability) {}
}
