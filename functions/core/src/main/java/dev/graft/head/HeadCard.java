package dev.graft.head;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The contents of {@code head.json}: what a head answers, how it was trained and how good it is.
 * Plain records, which evaluation and training fill; {@link HeadFiles} writes and reads them. A
 * file of an older format lacks some parts: those are empty here, so that every head that was ever
 * saved can be listed, shown and put to use.
 *
 * @param format of the file: 1 where it does not say so, now {@value #FORMAT}
 * @param version name of the head in its store
 * @param classes sorted, one for each row of the weights
 * @param backbone identity of the features that it takes
 * @param temperature positive; scores are divided by it before the activation
 * @param activation softmax for one label an image, sigmoid for several; softmax where the file
 *     does not say so
 * @param codeVersion of the code that trained it, in format 1; null since
 * @param provenance what it was trained by; null in format 1
 * @param seed of the random projections that find near-duplicates
 * @param strength of L2
 * @param scaling of the features; "standardized" where the file does not say so
 * @param classWeights how much an image of each class counted, in heads that chose it; else null
 * @param priorAdjustment share of the logarithm of its class frequency that is off its score
 * @param settings of the training
 * @param tried what was validated, in order
 * @param leftOut classes with too few images, with their counts
 * @param weak classes that were learned from few images, with their counts
 * @param cutShort what there was no time for, or where it was fitted if elsewhere; else empty
 * @param backboneName what people call the backbone
 * @param created when, ISO 8601
 * @param dataHash over keys, labels, contents and features of the images and the settings
 * @param listingHash over what the image index tells of the same
 * @param decision whether the head was put to use when it was trained, and why
 * @param validation how good it is on images it was not trained on
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record HeadCard(
        int format,
        String version,
        List<String> classes,
        String backbone,
        double temperature,
        String activation,
        @Nullable String codeVersion,
        @Nullable Provenance provenance,
        long seed,
        double strength,
        String scaling,
        @Nullable String classWeights,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) double priorAdjustment,
        Settings settings,
        List<Tried> tried,
        Map<String, Integer> leftOut,
        Map<String, Integer> weak,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String cutShort,
        String backboneName,
        String created,
        @JsonProperty("snapshot") String dataHash,
        @JsonProperty("listing") String listingHash,
        Decision decision,
        Validated validation) {
    /** The format that is written now. */
    public static final int FORMAT = 2;

    /** Fills in what older formats lack. */
    public HeadCard {
        format = Math.max(1, format);
        classes = classes == null ? List.of() : List.copyOf(classes);
        version = text(version, "");
        backbone = text(backbone, "");
        activation = text(activation, "softmax");
        scaling = text(scaling, Tried.STANDARDIZED);
        tried = tried == null ? List.of() : List.copyOf(tried);
        leftOut = leftOut == null ? Map.of() : leftOut;
        weak = weak == null ? Map.of() : weak;
        cutShort = text(cutShort, "");
        backboneName = text(backboneName, "");
        created = text(created, "");
        dataHash = text(dataHash, "");
        listingHash = text(listingHash, "");
        decision = decision == null ? Decision.UNKNOWN : decision;
        validation = validation == null ? Validated.NONE : validation;
    }

    /** The activation as what it is. */
    public Activation activationFunction() {
        return Activation.named(activation);
    }

    private static String text(@Nullable String value, String otherwise) {
        return value == null ? otherwise : value;
    }

    /**
     * What a head was trained by; handed in by whoever starts the training.
     *
     * @param commit of the build, or a sentence that it is not known
     * @param code version of the jars; "development" where the classes were not packaged
     * @param training version of the training itself: another one may give another head from the
     *     same images
     * @param java vendor and version of the virtual machine
     * @param system name and architecture of the operating system
     */
    public record Provenance(
            String commit, String code, int training, String java, String system) {}

    /**
     * How it was trained, see TrainingSettings.
     *
     * @param activation as the constant of {@link Activation}
     * @param folds of the cross-validation
     * @param minimumPerClass images a class needed
     * @param strengths of L2 that were to be tried
     * @param weights of the classes that were to be tried, in heads that chose them; else null
     * @param priorAdjustment that was to be tried
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Settings(
            String activation,
            int folds,
            int minimumPerClass,
            List<Double> strengths,
            @Nullable List<String> weights,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) double priorAdjustment) {}

    /**
     * Whether the head was put to use when it was trained.
     *
     * @param promote whether it was
     * @param reason a sentence for the owner
     * @param comparison with the head in use then; null if there was nothing to compare on
     * @param preview what changed for the stored images; null if it was not looked at
     * @param networkChange both networks on the same folds; null if the head in use belonged to the
     *     same network, or its features were gone
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Decision(
            boolean promote,
            String reason,
            @Nullable Comparison comparison,
            @Nullable Preview preview,
            @Nullable NetworkChange networkChange) {
        static final Decision UNKNOWN = new Decision(false, "", null, null, null);

        /** There was no head in use. */
        public static Decision first() {
            return because("the first head");
        }

        /** Put to use without a comparison. */
        public static Decision because(String reason) {
            return new Decision(true, reason, null, null, null);
        }
    }

    /**
     * The network of the head in use and a new one, each by a head fitted to its features, on the
     * same images, labels and folds.
     *
     * @param from what people call the network before
     * @param to what people call the new one
     * @param images compared
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record NetworkChange(
            String from, String to, int images, Figures before, Figures after) {}

    /**
     * The head in use (champion) and the new one (challenger) on the images that both knew alike.
     *
     * @param classes of both, in the challenger's order
     * @param images compared
     * @param championRight of them
     * @param challengerRight of them
     * @param onlyChampionRight images the champion had right and the challenger wrong
     * @param onlyChallengerRight the other way round
     * @param pValue two-sided, of both heads being equally good
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Comparison(
            List<String> classes,
            int images,
            int championRight,
            int challengerRight,
            int onlyChampionRight,
            int onlyChallengerRight,
            double pValue) {
        private static final double SIGNIFICANT = 0.05;

        /** Whether the challenger is worse than chance explains: p below 0.05 and fewer right. */
        public boolean significantlyWorse() {
            return pValue < SIGNIFICANT && onlyChampionRight > onlyChallengerRight;
        }

        /** Whether it is better than chance explains. */
        public boolean significantlyBetter() {
            return pValue < SIGNIFICANT && onlyChallengerRight > onlyChampionRight;
        }
    }

    /**
     * What changes for the stored images from one head to another.
     *
     * @param images stored features that were scored, labelled or not
     * @param changed of them, whose prediction is another
     * @param first the surest of the changed ones, at most 100
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Preview(int images, int changed, List<Change> first) {}

    /**
     * One image whose prediction changes.
     *
     * @param from prediction of the head in use, the text of a label
     * @param to that of the other head
     * @param probability what the other head gives the least probable class of {@code to}, 0..1
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Change(String key, String from, String to, double probability) {}

    /**
     * How good the head is on images it was not trained on.
     *
     * @param images used
     * @param accuracy share of right predictions, 0..1
     * @param macroF1 mean of the classes' F1
     * @param logLoss mean negative log of the probability of the truth, in nats
     * @param confusion (classes, classes): row = true class, column = predicted class
     * @param support (classes), images that have the label
     * @param predicted (classes), images that were predicted to have it
     * @param accuracyInterval (2), 95 % confidence interval of the accuracy; null if not known
     * @param nearDuplicates images that have at least one near-duplicate
     * @param duplicates groups of near-duplicates; null if not known
     * @param byHash figures with folds by hash, where near-duplicates may be on both sides; null if
     *     there was no time for them
     * @param classes figures of each class
     * @param calibration how far the confidence can be believed; null if not known
     * @param mistakes the most frequent, with some of their images
     * @param labelDoctor labels to look at
     * @param conformal of single-label heads; null if not known
     * @param selective how right it is where it is sure; null if not known
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Validated(
            int images,
            double accuracy,
            double macroF1,
            double logLoss,
            int[][] confusion,
            int[] support,
            @JsonProperty("answered") int[] predicted,
            double @Nullable [] accuracyInterval,
            @JsonProperty("lookAlikes") int nearDuplicates,
            @Nullable Duplicates duplicates,
            @JsonProperty("asUsuallyMeasured") @Nullable Figures byHash,
            List<OfClass> classes,
            @Nullable Calibration calibration,
            List<Mistake> mistakes,
            LabelDoctor labelDoctor,
            @Nullable ConformalSets conformal,
            @Nullable SelectivePrediction selective) {
        static final Validated NONE =
                new Validated(
                        0,
                        0,
                        0,
                        0,
                        new int[0][],
                        new int[0],
                        new int[0],
                        null,
                        0,
                        null,
                        null,
                        List.of(),
                        null,
                        List.of(),
                        new LabelDoctor(0, List.of()),
                        null,
                        null);

        /** Fills in what older formats lack. */
        public Validated {
            confusion = confusion == null ? new int[0][] : confusion;
            support = support == null ? new int[0] : support;
            predicted = predicted == null ? new int[0] : predicted;
            classes = classes == null ? List.of() : List.copyOf(classes);
            mistakes = mistakes == null ? List.of() : List.copyOf(mistakes);
            labelDoctor = labelDoctor == null ? new LabelDoctor(0, List.of()) : labelDoctor;
        }
    }

    /** The three figures that stand for all others. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Figures(double accuracy, double macroF1, double logLoss) {}

    /**
     * Figures of one class.
     *
     * @param images that have the label
     * @param precision share of its predictions that are right
     * @param recall share of its images that are found
     * @param f1 harmonic mean of both
     * @param learningCurve what more images would bring; null if there was no time for it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record OfClass(
            String name,
            int images,
            double precision,
            double recall,
            double f1,
            @Nullable LearningCurve learningCurve) {}

    /**
     * F1 of a class when fewer images were learned from.
     *
     * @param images of the class that were learned from in each step
     * @param f1 in each step, 0..1
     * @param moreImages as many as the class has now
     * @param gain of F1 they would bring, 0 if the curve does not rise
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record LearningCurve(int[] images, double[] f1, int moreImages, double gain) {}

    /**
     * How far probabilities can be taken at their word.
     *
     * @param temperature scores are divided by it; above 1 the head was too sure of itself
     * @param errorBefore expected calibration error without it, 0..1
     * @param errorAfter the same with it, cross-fitted
     * @param logLossAfter mean log loss with it, in nats
     * @param before the bins that hold predictions, by rising confidence
     * @param after likewise
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Calibration(
            double temperature,
            double errorBefore,
            double errorAfter,
            double logLossAfter,
            List<Bin> before,
            List<Bin> after) {}

    /**
     * Predictions of like confidence.
     *
     * @param images predictions in the bin
     * @param confidence mean probability, 0..1
     * @param accuracy share of them that is right, 0..1
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Bin(int images, double confidence, double accuracy) {}

    /**
     * A cell beside the diagonal of the confusion matrix.
     *
     * @param label of the images; empty if a class was predicted in addition
     * @param predicted the class that was predicted; empty if the label was just missed
     * @param images how many
     * @param keys of some of them
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Mistake(
            String label,
            @JsonProperty("answer") String predicted,
            int images,
            List<String> keys) {}

    /**
     * Labels to look at.
     *
     * @param suspects how many there are
     * @param first the surest of them
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record LabelDoctor(int suspects, List<Suspect> first) {}

    /**
     * A label that is probably wrong.
     *
     * @param suggestion the label it probably should have
     * @param margin probability of the label less that of the suggestion; the lower, the surer
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Suspect(String key, String label, String suggestion, double margin) {}
}
