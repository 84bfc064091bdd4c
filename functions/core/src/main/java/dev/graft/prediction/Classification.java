package dev.graft.prediction;

import dev.graft.feature.ConflictException;
import dev.graft.feature.DamagedFileException;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageFile;
import dev.graft.feature.ImageStore;
import dev.graft.feature.Label;
import dev.graft.feature.NetworkStore;
import dev.graft.feature.NotFoundException;
import dev.graft.feature.StoreException;
import dev.graft.head.Activation;
import dev.graft.head.ConformalSets;
import dev.graft.head.Head;
import dev.graft.head.NoHeadException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Predicts the labels of an image. Safe for use by many threads. */
public final class Classification {
    private final Networks networks;
    private final LatestHead head;
    private final FeatureStore features;
    private final ImageStore images;
    private final long maxImageBytes;
    private volatile Optional<InUse> last = Optional.empty();

    /**
     * With the networks at hand, the head in use and the stores of the images.
     *
     * @param maxImageBytes the largest file that is read from the bucket
     */
    public Classification(
            Networks networks,
            LatestHead head,
            FeatureStore features,
            ImageStore images,
            long maxImageBytes) {
        this.networks = networks;
        this.head = head;
        this.features = features;
        this.images = images;
        this.maxImageBytes = maxImageBytes;
    }

    /**
     * What predicts now.
     *
     * @param network whose features the head takes: that of this build, or while the network is
     *     being changed the one before
     */
    public record InUse(Head head, Networks.Loaded network) {}

    /**
     * What predicts now: the head in use, or the one before while the network of that is not at
     * hand.
     *
     * @throws NoHeadException if there is no head yet, or its network is not at hand and none
     *     predicted before
     * @throws StoreException if a store fails and none predicted before
     */
    public InUse inUse() {
        Head current = head.get();
        try {
            InUse now = withNetwork(current);
            last = Optional.of(now);
            return now;
        } catch (StoreException | NoHeadException e) {
            InUse before = last.orElseThrow(() -> e);
            head.failed(e);
            return before;
        }
    }

    /**
     * What predicts now; empty while there is no head that can.
     *
     * @throws StoreException if a store fails and none predicted before
     */
    public Optional<InUse> inUseIfAny() {
        try {
            return Optional.of(inUse());
        } catch (NoHeadException e) {
            return Optional.empty();
        }
    }

    private InUse withNetwork(Head current) {
        return networks.of(current.backbone())
                .map(network -> new InUse(current, network))
                .orElseThrow(
                        () ->
                                new NoHeadException(
                                        NetworkStore.absent(
                                                current.version(), current.backbone())));
    }

    /** The network of the head in use; that of this build while no head can predict. */
    public Networks.Loaded network() {
        try {
            return inUseIfAny().map(InUse::network).orElseGet(networks::current);
        } catch (DamagedFileException e) {
            return networks.current();
        }
    }

    /** The networks at hand. */
    public Networks networks() {
        return networks;
    }

    /**
     * The feature of the bytes of a file.
     *
     * @return (width of the network)
     * @throws dev.graft.image.UnreadableImageException if the file is no readable image
     */
    public float[] feature(Networks.Loaded network, byte[] file) {
        return Float16.decode(network.extractor().feature(file));
    }

    /**
     * The feature of an image of the bucket. One that has it stored costs no inference.
     *
     * @param key of the image
     * @return (width of the network)
     * @throws NotFoundException if the bucket has no such key
     * @throws dev.graft.image.UnreadableImageException if the file is no readable image
     */
    public float[] featureOf(Networks.Loaded network, String key) {
        return Float16.decode(
                features.find(key, network.identity())
                        .map(ImageFeature::feature)
                        .orElseGet(() -> network.extractor().feature(file(key))));
    }

    /**
     * The bytes of an image of the bucket.
     *
     * @throws NotFoundException if the bucket has no such key
     */
    public byte[] file(String key) {
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
        return file.bytes();
    }

    /**
     * What the head predicts from a feature.
     *
     * @param top how many classes to name at most
     */
    public Prediction predict(Head current, float[] feature, int top) {
        double[] probabilities = current.probabilities(feature);
        List<ClassProbability> best = new ArrayList<>();
        for (int i = 0; i < probabilities.length; i++) {
            best.add(new ClassProbability(current.classes().get(i), probabilities[i]));
        }
        best.sort((a, b) -> Double.compare(b.probability(), a.probability()));
        best = List.copyOf(best.subList(0, Math.min(top, best.size())));
        return new Prediction(feature, probabilities, current.labels(probabilities), best);
    }

    /**
     * The classes of which one is right for the asked share of images, the most probable first, see
     * {@link ConformalSets}.
     *
     * @param coverage in percent, {@value ConformalSets#LEAST}..{@value ConformalSets#MOST}
     * @throws ConflictException if the head has no sets
     */
    public List<String> conformalSet(Head current, Prediction found, int coverage) {
        ConformalSets sets =
                current.conformal()
                        .orElseThrow(() -> new ConflictException(noSets(current, coverage)));
        return sets.set(current.classes(), found.probabilities(), coverage);
    }

    private static String noSets(Head current, int coverage) {
        return current.activation() == Activation.SIGMOID
                ? "coverage is %d, and head %s is multi-label, for which a set of classes of which one is right has no meaning: leave coverage out and choose by the probabilities"
                        .formatted(coverage, current.version())
                : "coverage is %d, and head %s was trained before sets of classes were determined: train once more (POST /heads), or leave coverage out"
                        .formatted(coverage, current.version());
    }

    /**
     * The prediction for an image.
     *
     * @param feature (width of the head)
     * @param probabilities (classes), calibrated, 0..1
     * @param labels the predicted classes: of a single-label head the most probable one, of a
     *     multi-label head all that are likelier than not; sorted
     * @param best the most probable classes, best first
     */
    public record Prediction(
            float[] feature,
            double[] probabilities,
            List<String> labels,
            List<ClassProbability> best) {
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
