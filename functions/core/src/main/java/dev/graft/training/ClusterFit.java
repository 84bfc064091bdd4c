package dev.graft.training;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.evaluation.Calibration;
import dev.graft.evaluation.Folds;
import dev.graft.evaluation.NearestLabels;
import dev.graft.evaluation.OutOfFold;
import dev.graft.evaluation.Validation;
import dev.graft.feature.BadRequestException;
import dev.graft.feature.DamagedFileException;
import dev.graft.feature.Float16;
import dev.graft.feature.Similarity;
import dev.graft.fit.CrossEntropy;
import dev.graft.fit.FeatureMatrix;
import dev.graft.fit.Scaling;
import dev.graft.fit.TrainingSet;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import dev.graft.head.HeadCard.Provenance;
import dev.graft.head.Safetensors;
import dev.graft.index.Download;
import dev.graft.index.IndexStore;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code dev.graft.spark.HeadJob} left in a folder of the index: weights for each strength of
 * L2, fitted to all images but a sample, and that sample. What a cross-validation finds out where
 * all images fit in here, the sample does: it chooses the strength and the prior adjustment,
 * calibrates, and gives the figures, of the very head that is saved. Closing gives its memory back.
 */
final class ClusterFit implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FORMAT = 1;
    private static final String CARD = "fit.json";
    private static final String SAMPLE = "sample.json.gz";

    private final IndexStore store;
    private final String folder;
    private final Card card;
    private final List<Head.Parameters> fits;
    private final FeatureMatrix matrix;
    private final List<TrainingImage> sample;

    /**
     * The file {@value #CARD}.
     *
     * @param by what fitted it
     * @param set whose labels were learned
     * @param learned images of each class that the fits saw
     * @param leftOut classes with too few images, with their counts
     * @param strengths of the fits, in order
     * @param data hash of what there was, see {@link DataHash}; another one than of the same here
     * @param listing the sum of {@link ListingHash}
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Card(
            int format,
            String by,
            String backbone,
            String set,
            Scaling scaling,
            SortedMap<String, Integer> learned,
            SortedMap<String, Integer> leftOut,
            List<Double> strengths,
            String data,
            String listing) {
        int images() {
            return learned.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    /** A line of the sample. */
    private record Line(
            String key,
            String label,
            String hash,
            String time,
            byte[] feature,
            byte @Nullable [] thumbnail) {}

    private ClusterFit(
            IndexStore store,
            String folder,
            Card card,
            List<Head.Parameters> fits,
            FeatureMatrix matrix) {
        this.store = store;
        this.folder = folder;
        this.card = card;
        this.fits = fits;
        this.matrix = matrix;
        this.sample = sample(store, folder, matrix);
    }

    /**
     * Reads a fit.
     *
     * @param folder in the index
     * @throws BadRequestException if there is none, or its format is not known
     * @throws DamagedFileException if a file is missing or damaged
     */
    static ClusterFit read(IndexStore store, String folder) {
        byte[] text =
                Download.whole(store, folder + "/" + CARD)
                        .map(ClusterFit::bytes)
                        .orElseThrow(
                                () ->
                                        new BadRequestException(
                                                "index/%s has no %s: run the job with --out= that folder of the bucket of heads, to its end"
                                                        .formatted(folder, CARD)));
        FeatureMatrix matrix = new FeatureMatrix();
        try {
            Card card = JSON.readValue(text, Card.class);
            if (card.format() != FORMAT) {
                throw new BadRequestException(
                        "index/%s/%s is of format %d, expected %d: run the job of this version"
                                .formatted(folder, CARD, card.format(), FORMAT));
            }
            List<Head.Parameters> fits = new ArrayList<>();
            for (int i = 0; i < card.strengths().size(); i++) {
                fits.add(parameters(Safetensors.read(file(store, folder, i + ".safetensors"))));
            }
            return new ClusterFit(store, folder, card, fits, matrix);
        } catch (IOException | RuntimeException e) {
            matrix.close();
            throw e instanceof BadRequestException || e instanceof DamagedFileException
                    ? (RuntimeException) e
                    : damaged(folder, e);
        }
    }

    private static DamagedFileException damaged(String folder, Exception cause) {
        return new DamagedFileException(
                "the fit in index/%s cannot be read: run the job once more".formatted(folder),
                cause);
    }

    private static byte[] file(IndexStore store, String folder, String name) throws IOException {
        Optional<InputStream> file = Download.whole(store, folder + "/" + name);
        return bytes(file.orElseThrow(() -> new IOException("there is no " + name)));
    }

    private static byte[] bytes(InputStream file) {
        try (file) {
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Head.Parameters parameters(Safetensors tensors) throws IOException {
        return new Head.Parameters(
                tensors.floats("weights"),
                tensors.floats("bias"),
                tensors.floats("mean"),
                tensors.floats("scale"),
                1,
                Activation.SOFTMAX);
    }

    /** Sorted by key. */
    private static List<TrainingImage> sample(
            IndexStore store, String folder, FeatureMatrix matrix) {
        List<TrainingImage> images = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(
                                        new ByteArrayInputStream(file(store, folder, SAMPLE))),
                                StandardCharsets.UTF_8))) {
            for (String text = lines.readLine(); text != null; text = lines.readLine()) {
                Line line = JSON.readValue(text, Line.class);
                images.add(
                        new TrainingImage(
                                line.key(),
                                line.label(),
                                line.hash(),
                                matrix,
                                matrix.add(line.feature(), line.key()),
                                Instant.parse(line.time()),
                                line.thumbnail() == null ? new byte[0] : line.thumbnail()));
            }
        } catch (IOException e) {
            throw damaged(folder, e);
        }
        images.sort(Comparator.comparing(TrainingImage::key));
        return images;
    }

    /**
     * Checks that the fit is what it was asked for.
     *
     * @throws BadRequestException if it is of other features, or images have several labels
     * @throws NotEnoughDataException if too few images were held out
     */
    void expect(String backbone, TrainingSettings settings) {
        if (!card.backbone().equals(backbone)) {
            throw new BadRequestException(
                    "the fit in index/%s is of features of %s, expected %s: run the job with --backbone= that"
                            .formatted(folder, card.backbone(), backbone));
        }
        if (settings.activation() != Activation.SOFTMAX) {
            throw new BadRequestException(
                    "the fit in index/%s has one label an image, and here images have several: only the trainer itself learns those"
                            .formatted(folder));
        }
        if (sample.stream().map(TrainingImage::imageHash).distinct().count() < 2) {
            throw new NotEnoughDataException(card.learned(), settings.minimumPerClass());
        }
    }

    /** The best of the fits, with what the sample says about it. */
    HeadFit fit(TrainingSettings settings, Deadline deadline) {
        BooleanSupplier late = () -> deadline.over(Deadline.Stage.NEAR_DUPLICATES);
        ClassChoice choice = new ClassChoice(card.learned(), card.leftOut(), sample);
        Folds folds =
                Folds.of(
                        TrainingImage.toFold(sample, settings.activation(), choice.counts()),
                        i -> Float16.decode(sample.get(i).feature()),
                        settings.folds(),
                        Similarity.of(card.backbone()).nearDuplicate(),
                        late);
        if (late.getAsBoolean()) {
            deadline.cut("not all near-duplicates were found");
        }
        TrainingSet set =
                TrainingImage.set(sample, choice.classes(), folds.grouped(), settings.activation());
        List<Choice> tried = new ArrayList<>();
        for (int i = 0; i < fits.size(); i++) {
            tried.add(choice(set, i, 0));
        }
        Choice best = Choice.ofPath(tried);
        int number = tried.indexOf(best);
        if (settings.priorAdjustment() > 0) {
            Choice adjusted = choice(set, number, settings.priorAdjustment());
            tried.add(adjusted);
            best = adjusted.fairerThan(best) ? adjusted : best;
        }
        HeadEvaluation evaluation =
                new HeadEvaluation(
                        sample,
                        set,
                        best,
                        Optional.empty(),
                        NearestLabels.mixed(
                                best.predictions(),
                                set,
                                () -> deadline.over(Deadline.Stage.FIGURES)),
                        Calibration.of(best.predictions(), folds.grouped()),
                        List.of());
        return new HeadFit(
                choice,
                folds,
                new CrossValidation.Result(best, tried),
                evaluation,
                adjusted(number, best.priorAdjustment())
                        .at(evaluation.calibration().temperature()));
    }

    private Choice choice(TrainingSet set, int number, double priorAdjustment) {
        Head head =
                new Head(
                        card.by(),
                        set.classes(),
                        card.backbone(),
                        adjusted(number, priorAdjustment));
        double[][] predictions =
                IntStream.range(0, sample.size())
                        .parallel()
                        .mapToObj(i -> Float16.decode(sample.get(i).feature()))
                        .map(head::probabilities)
                        .toArray(double[][]::new);
        OutOfFold all = new OutOfFold(set.activation(), set.labels(), predictions);
        return new Choice(
                card.strengths().get(number),
                card.scaling(),
                priorAdjustment,
                Validation.of(all),
                all,
                new double[0][]);
    }

    private Head.Parameters adjusted(int number, double priorAdjustment) {
        Head.Parameters fit = fits.get(number);
        int[] perClass = card.learned().values().stream().mapToInt(Integer::intValue).toArray();
        double[] priors = CrossEntropy.priors(fit.activation(), perClass, card.images());
        float[] bias = Arrays.copyOf(fit.bias(), fit.bias().length);
        for (int c = 0; c < bias.length; c++) {
            bias[c] -= (float) (priorAdjustment * priors[c]);
        }
        return new Head.Parameters(
                fit.weights(), bias, fit.mean(), fit.scale(), 1, fit.activation());
    }

    /** What the head is made of. */
    HeadSource source(
            String backboneName,
            TrainingSettings settings,
            Provenance provenance,
            Instant created) {
        return new HeadSource(
                card.backbone(),
                backboneName,
                card.data(),
                ListingHash.text(card.backbone(), settings, card.listing()),
                settings,
                provenance,
                created,
                String.format(
                        Locale.ROOT,
                        "fitted by %s to %,d images; its figures, without learning curves, are of %,d others that were held out",
                        card.by(),
                        card.images(),
                        sample.size()));
    }

    /**
     * Deletes the files, as the head has all that is needed of them, and the sample names images.
     */
    void delete() {
        store.delete(folder + "/" + CARD);
        store.delete(folder + "/" + SAMPLE);
        for (int i = 0; i < fits.size(); i++) {
            store.delete(folder + "/" + i + ".safetensors");
        }
    }

    @Override
    public void close() {
        matrix.close();
    }
}
