package dev.graft.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.evaluation.Comparison;
import dev.graft.evaluation.Predictions;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.Sha256;
import dev.graft.head.Head;
import dev.graft.head.HeadFiles;
import dev.graft.head.HeadReport;
import dev.graft.head.HeadStore;
import dev.graft.head.HeadVersions;
import dev.graft.head.NoHeadException;
import dev.graft.head.Preview;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Trains a head from every labelled feature of a backbone, saves it and moves the pointer to it,
 * last, if {@link Decision} says so. Runs one at a time; a second run that moves the pointer first
 * leaves this one's head saved but not in use.
 */
public final class TrainHead {
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final FeatureStore features;
    private final ImageIndex index;
    private final HeadStore heads;
    private final TrainingSettings settings;
    private final InstantSource clock;

    /** What a run did. */
    public sealed interface Outcome {
        /** The version the outcome is about. */
        String version();

        /** What there was no time for, a sentence; empty if nothing was cut short. */
        default String cutShort() {
            return "";
        }
    }

    /**
     * A new head is in use.
     *
     * @param leftOut classes with too few images, with their counts
     * @param reason what the comparison with the head before said
     */
    public record Trained(
            String version,
            List<String> classes,
            Validation validation,
            Map<String, Integer> leftOut,
            String reason,
            String cutShort)
            implements Outcome {}

    /**
     * The newest head or the one in use learned from just these images, labels, features and
     * settings: {@code version} stays in use, also where somebody rolled back to it.
     */
    public record NothingNew(String version) implements Outcome {}

    /** The new head was saved and is not in use, for the {@code reason}. */
    public record Kept(String version, Validation validation, String reason, String cutShort)
            implements Outcome {}

    /**
     * What training a saved head again gave.
     *
     * @param same whether the tensors came out byte for byte alike
     * @param finding a sentence, with what to do
     */
    public record Verification(String version, boolean same, String finding) {}

    /** The classes to learn, what was left out, the images and the fit. */
    private record Fitted(
            List<String> classes,
            Map<String, Integer> leftOut,
            Folds folds,
            CrossValidation.Result chosen,
            HeadEvaluation evaluation,
            Head.Parameters parameters) {

        Predictions predictions() {
            List<Predictions.Row> rows = new ArrayList<>();
            for (int i = 0; i < evaluation.images().size(); i++) {
                TrainingImage image = evaluation.images().get(i);
                rows.add(
                        new Predictions.Row(
                                image.key(),
                                image.imageHash(),
                                evaluation.set().labels()[i],
                                folds.apart()[i],
                                evaluation.choice().answers().probabilities()[i]));
            }
            return new Predictions(evaluation.set().activation(), classes, rows);
        }
    }

    /**
     * With the stores it reads and writes.
     *
     * @param index of the backbone to train on: tells cheaply whether there is anything new
     */
    public TrainHead(
            FeatureStore features,
            ImageIndex index,
            HeadStore heads,
            TrainingSettings settings,
            InstantSource clock) {
        this.features = features;
        this.index = index;
        this.heads = heads;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Trains if anything changed, and puts the new head to use unless it is significantly worse
     * than the one in use.
     *
     * @param backboneId whose features to learn from
     * @param backboneName what people call it, for {@code head.json}
     * @param time there is; what it does not suffice for is cut short, and {@code cutShort} of
     *     {@code head.json} and of the outcome say what
     * @throws NotEnoughDataException if fewer than two classes have enough images; nothing is saved
     * @throws NotEnoughTimeException if not even one validation fits in; nothing is saved
     */
    public Outcome run(String backboneId, String backboneName, Duration time) {
        Deadline deadline = new Deadline(clock, time);
        try (FeatureMatrix matrix = new FeatureMatrix()) {
            return run(backboneId, backboneName, matrix, deadline);
        }
    }

    private Outcome run(
            String backboneId, String backboneName, FeatureMatrix matrix, Deadline deadline) {
        Optional<HeadStore.Pointer> latest = heads.latest();
        List<JsonNode> known = latest.map(this::known).orElse(List.of());
        if (!known.isEmpty() && any(known, "listing", listing(backboneId))) {
            return new NothingNew(latest.get().version());
        }
        List<TrainingImage> labelled = TrainingImage.scan(features, backboneId, matrix);
        String snapshot = snapshot(backboneId, labelled);
        if (any(known, "snapshot", snapshot)) {
            return new NothingNew(latest.get().version());
        }
        Fitted fitted = fit(labelled, deadline);
        Instant now = clock.instant();
        String version = NAME.format(now) + "-" + snapshot.substring(0, 8);
        Head head = new Head(version, fitted.classes, backboneId, fitted.parameters);
        Predictions predictions = fitted.predictions();
        Decision decision =
                latest.map(pointer -> decide(pointer.version(), head, predictions, deadline))
                        .orElseGet(Decision::first);
        ObjectNode json = HeadDescription.of(settings, fitted.chosen, fitted.leftOut, deadline);
        json.put("backboneName", backboneName).put("created", now.toString());
        json.put("snapshot", snapshot).put("listing", listing(backboneId, labelled));
        json.set("decision", decision.json());
        json.set("validation", fitted.evaluation.json(fitted.folds.lookAlikes()));
        Map<String, byte[]> files = new HashMap<>(HeadFiles.write(head, json));
        files.put(Predictions.FILE, predictions.write());
        JsonNode description = HeadFiles.description(version, f -> Optional.of(files.get(f)));
        files.put(HeadVersions.REPORT, HeadReport.write(description));
        heads.save(version, files);
        Validation validation = fitted.evaluation.choice().validation();
        if (!decision.promote()) {
            return new Kept(version, validation, decision.reason(), deadline.sentence());
        }
        if (!heads.promote(version, latest)) {
            return new Kept(
                    version,
                    validation,
                    "another version was promoted while this one was trained: promote it by hand"
                            + " if you want it instead",
                    deadline.sentence());
        }
        return new Trained(
                version,
                fitted.classes,
                validation,
                fitted.leftOut,
                decision.reason(),
                deadline.sentence());
    }

    /** {@code head.json} of the head in use and of the newest one. */
    private List<JsonNode> known(HeadStore.Pointer inUse) {
        return Stream.concat(Stream.of(inUse.version()), heads.versions().stream().limit(1))
                .distinct()
                .map(this::description)
                .toList();
    }

    private static boolean any(List<JsonNode> known, String field, String value) {
        return known.stream().anyMatch(json -> value.equals(json.path(field).asText()));
    }

    private JsonNode description(String version) {
        return HeadFiles.description(version, file -> heads.read(version, file));
    }

    private Decision decide(
            String champion, Head challenger, Predictions predictions, Deadline deadline) {
        Head inUse = HeadFiles.read(champion, file -> heads.read(champion, file));
        Optional<Predictions> before =
                heads.read(champion, Predictions.FILE)
                        .map(Predictions::read)
                        .filter(known -> known.activation() == predictions.activation());
        Optional<Preview> preview = Optional.empty();
        if (deadline.over(Deadline.Stage.HEAD)) {
            deadline.cut("what would change for the stored images was not looked at");
        } else if (inUse.backbone().equals(challenger.backbone())) {
            preview = Optional.of(Preview.of(features, inUse, challenger));
        }
        return Decision.between(
                inUse, challenger, before.map(p -> Comparison.of(p, predictions)), preview);
    }

    private Fitted fit(List<TrainingImage> labelled, Deadline deadline) {
        TreeMap<String, Integer> leftOut = new TreeMap<>();
        for (TrainingImage image : labelled) {
            settings.activation()
                    .classes(image.label())
                    .forEach(name -> leftOut.merge(name, 1, Integer::sum));
        }
        TreeMap<String, Integer> kept = new TreeMap<>(leftOut);
        kept.values().removeIf(count -> count < settings.minimumPerClass());
        if (kept.size() < 2) {
            throw new NotEnoughDataException(leftOut, settings.minimumPerClass());
        }
        leftOut.keySet().removeAll(kept.keySet());
        List<TrainingImage> images =
                labelled.stream()
                        .filter(
                                image ->
                                        settings.activation().classes(image.label()).stream()
                                                .anyMatch(kept::containsKey))
                        .toList();
        List<String> classes = List.copyOf(kept.keySet());
        Folds folds = Folds.of(images, settings.folds());
        TrainingSet set = TrainingSet.of(images, classes, folds.apart(), settings.activation());
        CrossValidation.Result chosen = CrossValidation.choose(set, settings, deadline);
        HeadEvaluation evaluation = HeadEvaluation.of(images, set, folds, chosen.best(), deadline);
        BooleanSupplier over = () -> deadline.over(Deadline.Stage.HEAD);
        Head.Parameters fit = set.fit(chosen.best(), over);
        if (over.getAsBoolean()) {
            deadline.cut("the fit of the head may not be at its optimum");
        }
        Head.Parameters calibrated = fit.at(evaluation.calibration().temperature());
        return new Fitted(classes, leftOut, folds, chosen, evaluation, calibrated);
    }

    /**
     * Trains a saved head again and compares the tensors.
     *
     * @param name a version, or {@code latest} for the one in use
     * @throws dev.graft.head.NoHeadException if none is in use
     * @throws dev.graft.feature.StoreException if there is no such version
     */
    public Verification verify(String name) {
        String version =
                name.equals("latest")
                        ? heads.latest().orElseThrow(NoHeadException::new).version()
                        : name;
        JsonNode json = description(version);
        if (json.has("cutShort")) {
            return new Verification(
                    version,
                    false,
                    "head %s was %s. Only one that was not can be trained again to the same bytes"
                            .formatted(version, json.path("cutShort").asText()));
        }
        String backbone = json.path("backbone").asText();
        try (FeatureMatrix matrix = new FeatureMatrix()) {
            List<TrainingImage> labelled = TrainingImage.scan(features, backbone, matrix);
            if (snapshot(backbone, labelled).equals(json.path("snapshot").asText())) {
                return compare(version, json, labelled);
            }
        }
        return new Verification(
                version,
                false,
                "images, labels, features or settings have changed since head %s was trained: only a head of today's can be verified, train one"
                        .formatted(version));
    }

    private Verification compare(String version, JsonNode json, List<TrainingImage> labelled) {
        Fitted again = fit(labelled, Deadline.none());
        String backbone = json.path("backbone").asText();
        Head head = new Head(version, again.classes, backbone, again.parameters);
        byte[] tensors =
                HeadFiles.write(head, new ObjectMapper().createObjectNode()).get(HeadFiles.TENSORS);
        String expected = Sha256.of(heads.read(version, HeadFiles.TENSORS).orElseThrow());
        String found = Sha256.of(tensors);
        boolean same = expected.equals(found);
        return new Verification(
                version,
                same,
                same
                        ? "trained again: the same bytes, SHA-256 " + found
                        : "trained again, %s of head %s has SHA-256 %s, expected %s: it was trained by code %s, this is %s"
                                .formatted(
                                        HeadFiles.TENSORS,
                                        version,
                                        found,
                                        expected,
                                        json.path("codeVersion").asText(),
                                        HeadDescription.codeVersion()));
    }

    /** A hash of all that the index tells of the labelled images; a new feature has a new time. */
    private String listing(String backbone) {
        byte[] all = new byte[32];
        index.forEach(
                image ->
                        image.label()
                                .ifPresent(l -> mix(all, image.key(), l.name(), image.time())));
        return listing(backbone, all);
    }

    /** The same hash of images that were read. */
    private String listing(String backbone, List<TrainingImage> images) {
        byte[] all = new byte[32];
        images.forEach(image -> mix(all, image.key(), image.label(), image.time()));
        return listing(backbone, all);
    }

    private String listing(String backbone, byte[] all) {
        String text = backbone + "\0" + settings + "\0" + HexFormat.of().formatHex(all);
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The exclusive or of the hashes of all images, so that their order does not matter. */
    private static void mix(byte[] all, String key, String label, Instant time) {
        String image = key + "\0" + label + "\0" + time;
        byte[] hash = Sha256.digest().digest(image.getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < all.length; i++) {
            all[i] ^= hash[i];
        }
    }

    private String snapshot(String backbone, List<TrainingImage> images) {
        MessageDigest digest = Sha256.digest();
        digest.update((backbone + "\0" + settings).getBytes(StandardCharsets.UTF_8));
        for (TrainingImage image : images) {
            String line = "\0" + image.key() + "\0" + image.label() + "\0" + image.imageHash();
            digest.update(line.getBytes(StandardCharsets.UTF_8));
            digest.update(image.feature());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
