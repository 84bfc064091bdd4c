package dev.graft.versions;

import dev.graft.head.Activation;
import dev.graft.head.Duplicates;
import dev.graft.head.HeadCard;
import dev.graft.head.HeadCard.Provenance;
import dev.graft.head.Tried;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the figures of a head mean, in sentences: the one source of words and thresholds for the
 * page, {@code report.html} and the terminal. Plain text.
 *
 * @param multiLabel whether an image can have several labels
 * @param accuracy what the share of right predictions is of
 * @param interval what to expect on more images; empty if not known
 * @param nearDuplicates how near-duplicates were dealt with
 * @param leftOut which classes have too few images; empty if none
 * @param weak which classes were learned from few images; empty if none
 * @param doctor what the labels to look at are
 * @param calibration whether the confidence can be believed; empty if not known
 * @param moreImages what more images of each class would bring, by class; empty if it is not known
 * @param mostHelped which class more images would help most, or that they would help none; empty if
 *     it is not known
 * @param evenLogLoss log loss of guessing all classes evenly, in nats
 * @param provenance where the head comes from, by title
 * @param networks where the network was changed, a table of both on the same images and folds: rows
 *     of a title and one cell for each network, the first row naming them; empty if it was not
 */
public record Findings(
        boolean multiLabel,
        String accuracy,
        String interval,
        String nearDuplicates,
        String leftOut,
        String weak,
        String doctor,
        String calibration,
        Map<String, String> moreImages,
        String mostHelped,
        double evenLogLoss,
        Map<String, String> provenance,
        List<List<String>> networks) {
    private static final double NEXT_TO_NOTHING = 0.005;

    /** Accuracy that near-duplicates on both sides add, from which on it is worth a warning. */
    private static final double MUCH = 0.03;

    /** Of a head. */
    public static Findings of(HeadCard card) {
        HeadCard.Validated validation = card.validation();
        boolean multiLabel = card.activationFunction() == Activation.SIGMOID;
        double classes = card.classes().size();
        return new Findings(
                multiLabel,
                accuracy(validation, multiLabel),
                interval(validation.accuracyInterval()),
                nearDuplicates(validation),
                classes(card.leftOut(), "Left out, as they have too few images: "),
                classes(card.weak(), "Learned from few images, so little is known of them: "),
                "%d labels are doubtful: the head, not having seen the image, is surer of another class than it usually is of that class. The surest first; it may be the label that is wrong, or an image that shows both."
                        .formatted(validation.labelDoctor().suspects()),
                calibration(validation.calibration()),
                moreImages(validation),
                mostHelped(validation),
                multiLabel ? classes * Math.log(2) : Math.log(Math.max(1, classes)),
                provenance(card),
                networks(card.decision().networkChange()));
    }

    private static String accuracy(HeadCard.Validated validation, boolean multiLabel) {
        return String.format(
                Locale.ROOT,
                "of the predictions were right%s on %,d images, each asked of a copy of this head that had learned from four fifths of them and not from this one.",
                multiLabel ? ", every label of an image and no other," : "",
                validation.images());
    }

    private static String nearDuplicates(HeadCard.Validated validation) {
        String kept =
                "%d of the images look nearly like another one. They were kept in one fold, so that recognizing a picture does not count as understanding it."
                        .formatted(validation.nearDuplicates());
        if (validation.byHash() == null) {
            return kept + unseen(validation.duplicates());
        }
        double byHash = validation.byHash().accuracy();
        boolean much = byHash - validation.accuracy() > MUCH;
        return kept
                + " With folds by hash, where near-duplicates are on both sides, the figure is "
                + percent(byHash)
                + "."
                + (much
                        ? " That is so much more that the pictures seem to be altered copies of fewer ones: a copy that was not found as one still counts as understood, so the true figure may be lower. Split the originals by hand, or leave the copies out."
                        : "")
                + unseen(validation.duplicates());
    }

    private static String unseen(@Nullable Duplicates duplicates) {
        return duplicates == null || duplicates.unseen() == 0
                ? ""
                : " %d images were stored by an older build without a thumbnail, so that altered copies among them are hardly found and the figure may be too high: upload them again."
                        .formatted(duplicates.unseen());
    }

    private static String classes(Map<String, Integer> classes, String title) {
        return classes.isEmpty()
                ? ""
                : classes.entrySet().stream()
                        .map(one -> one.getKey() + " " + one.getValue())
                        .collect(Collectors.joining(", ", title, "."));
    }

    private static String interval(double @Nullable [] interval) {
        return interval == null
                ? ""
                : "On more images like these, expect between %s and %s."
                        .formatted(percent(interval[0]), percent(interval[1]));
    }

    private static String calibration(HeadCard.@Nullable Calibration calibration) {
        if (calibration == null) {
            return "";
        }
        if (calibration.temperature() == 1) {
            return "Said and true confidence are %s apart on average. Dividing the scores by one number would not make that better, so they stay as they are."
                    .formatted(percent(calibration.errorBefore()));
        }
        return String.format(
                Locale.ROOT,
                "Said and true confidence were %s apart on average. The head was too %s of itself, so its scores are divided by %.2f; after that they are %s apart (each fold corrected by what the others say). This correction is in the probabilities you get.",
                percent(calibration.errorBefore()),
                calibration.temperature() > 1 ? "sure" : "unsure",
                calibration.temperature(),
                percent(calibration.errorAfter()));
    }

    private static Map<String, String> moreImages(HeadCard.Validated validation) {
        Map<String, String> sentences = new LinkedHashMap<>();
        for (HeadCard.OfClass one : validation.classes()) {
            if (one.learningCurve() != null) {
                sentences.put(one.name(), moreImages(one.learningCurve()));
            }
        }
        return sentences;
    }

    private static String mostHelped(HeadCard.Validated validation) {
        String name = "";
        HeadCard.LearningCurve best = null;
        for (HeadCard.OfClass one : validation.classes()) {
            HeadCard.LearningCurve curve = one.learningCurve();
            if (curve != null && (best == null || curve.gain() > best.gain())) {
                name = one.name();
                best = curve;
            }
        }
        if (best == null) {
            return "";
        }
        return best.gain() < NEXT_TO_NOTHING
                ? "More images of any class promise next to nothing."
                : "More images help %s most: %s of F1.".formatted(name, moreImages(best));
    }

    /** What more images of a class would bring. */
    static String moreImages(HeadCard.LearningCurve curve) {
        long points = Math.round(100 * curve.gain());
        return curve.gain() < NEXT_TO_NOTHING
                ? "more images alone promise next to nothing"
                : "%d more images would bring about %d point%s"
                        .formatted(curve.moreImages(), points, points == 1 ? "" : "s");
    }

    private static Map<String, String> provenance(HeadCard card) {
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("created", card.created());
        rows.put("backbone", card.backboneName());
        rows.put("backbone identity", card.backbone());
        rows.put("data hash", card.dataHash());
        rows.put("activation", card.activation());
        rows.put("strength of L2", String.valueOf(card.strength()));
        rows.put("features", card.scaling());
        rows.put(
                "for rare classes",
                Tried.forRareClasses(card.classWeights(), card.priorAdjustment()));
        rows.put("settings", String.valueOf(card.settings()));
        rows.put("seed", String.valueOf(card.seed()));
        Provenance known = card.provenance();
        if (known == null) {
            rows.put("code", String.valueOf(card.codeVersion()));
        } else {
            rows.put("code", known.code() + ", " + known.commit());
            rows.put("training version", String.valueOf(known.training()));
            rows.put("Java", known.java());
            rows.put("system", known.system());
        }
        return rows;
    }

    private static List<List<String>> networks(HeadCard.@Nullable NetworkChange change) {
        if (change == null) {
            return List.of();
        }
        HeadCard.Figures before = change.before();
        HeadCard.Figures after = change.after();
        return List.of(
                List.of(
                        String.format(Locale.ROOT, "Both on %,d images", change.images()),
                        change.from(),
                        change.to()),
                List.of("right", percent(before.accuracy()), percent(after.accuracy())),
                List.of("macro-F1", figure(before.macroF1()), figure(after.macroF1())),
                List.of("log loss", figure(before.logLoss()), figure(after.logLoss())));
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    /** A share such as 0.7631 as {@code 76.3 %}. */
    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
