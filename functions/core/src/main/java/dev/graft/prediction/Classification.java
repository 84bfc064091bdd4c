package dev.graft.prediction;

import dev.graft.feature.Backbone;
import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageFile;
import dev.graft.feature.ImageStore;
import dev.graft.head.Head;
import dev.graft.head.NoHeadException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.IntStream;

/** Says what is on an image. Safe for use by many threads. */
public final class Classification {
    private final FeatureExtractor extractor;
    private final LatestHead head;
    private final FeatureStore features;
    private final ImageStore images;
    private final long maxImageBytes;

    /**
     * Between these.
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
     * Classifies the bytes of a file.
     *
     * @param top how many classes to name
     * @throws NoHeadException if there is no head yet, or the one there is belongs to another
     *     backbone
     * @throws dev.graft.image.UnreadableImageException if the file is no readable image
     */
    public Prediction classify(byte[] file, int top) {
        Head current = usableHead();
        return predict(current, extractor.extract(file).feature(), top);
    }

    /**
     * Classifies an image of the bucket. One that has its feature stored costs no inference.
     *
     * @param key of the image
     * @param top how many classes to name
     * @throws NoHeadException as above
     * @throws NoSuchElementException if the bucket has no such key
     * @throws dev.graft.image.UnreadableImageException if the file is no readable image
     */
    public Prediction classifyStored(String key, int top) {
        Head current = usableHead();
        Optional<ImageFeature> stored =
                features.find(key).filter(known -> known.backbone().equals(backbone().id()));
        byte[] feature = stored.map(ImageFeature::feature).orElseGet(() -> extractFromBucket(key));
        return predict(current, feature, top);
    }

    private byte[] extractFromBucket(String key) {
        ImageFile file =
                images.read(key, maxImageBytes)
                        .orElseThrow(
                                () ->
                                        new NoSuchElementException(
                                                "no image '"
                                                        + key
                                                        + "' in the bucket: upload it first, or"
                                                        + " check the key (as uploaded, not"
                                                        + " URL-encoded, starting with images/)"));
        return extractor.extract(file.bytes()).feature();
    }

    private Head usableHead() {
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

    private Backbone backbone() {
        return extractor.backbone();
    }

    private Prediction predict(Head current, byte[] feature, int top) {
        double[] probabilities = current.probabilities(Float16.decode(feature));
        List<Prediction.ClassProbability> best =
                IntStream.range(0, probabilities.length)
                        .mapToObj(
                                i ->
                                        new Prediction.ClassProbability(
                                                current.classes().get(i), probabilities[i]))
                        .sorted((a, b) -> Double.compare(b.probability(), a.probability()))
                        .limit(top)
                        .toList();
        return new Prediction(
                best.getFirst().label(),
                best,
                current.version(),
                new Prediction.BackboneName(backbone().name(), backbone().id()));
    }
}
