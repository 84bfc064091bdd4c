package dev.graft.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFeature;
import dev.graft.head.Head;
import dev.graft.head.HeadFiles;
import dev.graft.head.HeadStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Trains a head from every labelled feature of a backbone, saves it and moves the pointer to it,
 * last. Runs one at a time; a second run that moves the pointer first leaves this one's head saved
 * but not in use.
 */
public final class TrainHead {
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final FeatureStore features;
    private final HeadStore heads;
    private final TrainingSettings settings;
    private final InstantSource clock;

    /** What a run did. */
    public sealed interface Outcome {
        /** The version the outcome is about. */
        String version();
    }

    /** A new head is in use; {@code leftOut} are classes with too few images, with their counts. */
    public record Trained(
            String version,
            List<String> classes,
            Validation validation,
            Map<String, Integer> leftOut)
            implements Outcome {}

    /** No image or label changed since {@code version}, which stays in use. */
    public record NothingNew(String version) implements Outcome {}

    /** The new head was saved and is not in use, for the {@code reason}. */
    public record Kept(String version, Validation validation, String reason) implements Outcome {}

    /** With the stores it reads and writes. */
    public TrainHead(
            FeatureStore features,
            HeadStore heads,
            TrainingSettings settings,
            InstantSource clock) {
        this.features = features;
        this.heads = heads;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Trains if anything changed.
     *
     * @param backboneId whose features to learn from
     * @param backboneName what people call it, for {@code head.json}
     * @throws NotEnoughDataException if fewer than two classes have enough images; nothing is saved
     */
    public Outcome run(String backboneId, String backboneName) {
        Optional<HeadStore.Pointer> latest = heads.latest();
        List<ImageFeature> labelled = labelled(backboneId);
        String snapshot = snapshot(backboneId, labelled);
        if (latest.isPresent() && snapshot.equals(snapshotOf(latest.get().version()))) {
            return new NothingNew(latest.get().version());
        }
        TreeMap<String, Integer> leftOut = new TreeMap<>();
        labelled.forEach(image -> leftOut.merge(name(image), 1, Integer::sum));
        TreeMap<String, Integer> kept = new TreeMap<>(leftOut);
        kept.values().removeIf(count -> count < settings.minimumPerClass());
        if (kept.size() < 2) {
            throw new NotEnoughDataException(leftOut, settings.minimumPerClass());
        }
        leftOut.keySet().removeAll(kept.keySet());
        labelled.removeIf(image -> !kept.containsKey(name(image)));

        List<String> classes = List.copyOf(kept.keySet());
        TrainingSet set = TrainingSet.of(labelled, classes, settings.folds());
        TrainingSet.Choice choice = set.choose(settings.strengths());
        Instant now = clock.instant();
        String version = NAME.format(now) + "-" + snapshot.substring(0, 8);
        Head head = new Head(version, classes, backboneId, set.fit(choice.strength()));
        ObjectNode provenance = provenance(choice, snapshot, now).put("backboneName", backboneName);
        heads.save(version, HeadFiles.write(head, provenance));
        if (!heads.promote(version, latest)) {
            return new Kept(
                    version,
                    choice.validation(),
                    "another version was promoted while this one was trained; promote it by hand"
                            + " or wait for the next training");
        }
        return new Trained(version, classes, choice.validation(), leftOut);
    }

    private List<ImageFeature> labelled(String backbone) {
        List<ImageFeature> found = Collections.synchronizedList(new ArrayList<>());
        features.scan(
                backbone,
                image -> {
                    if (image.label().isPresent()) {
                        found.add(image);
                    }
                });
        List<ImageFeature> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparing(ImageFeature::key));
        return sorted;
    }

    private static String name(ImageFeature image) {
        return image.label().orElseThrow().name();
    }

    private String snapshotOf(String version) {
        return HeadFiles.description(version, file -> heads.read(version, file))
                .path("snapshot")
                .asText();
    }

    private String snapshot(String backbone, List<ImageFeature> images) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((backbone + "\0" + settings).getBytes(StandardCharsets.UTF_8));
            for (ImageFeature image : images) {
                String line = "\0" + image.key() + "\0" + name(image) + "\0" + image.imageHash();
                digest.update(line.getBytes(StandardCharsets.UTF_8));
                digest.update(image.feature());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    private ObjectNode provenance(TrainingSet.Choice choice, String snapshot, Instant now) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("created", now.toString()).put("snapshot", snapshot);
        json.put("strength", choice.strength()).put("folds", settings.folds());
        json.put("minimumPerClass", settings.minimumPerClass());
        Validation validation = choice.validation();
        ObjectNode metrics = json.putObject("validation");
        metrics.put("images", validation.images()).put("accuracy", validation.accuracy());
        metrics.put("macroF1", validation.macroF1()).put("logLoss", validation.logLoss());
        var confusion = metrics.putArray("confusion");
        for (int[] row : validation.confusion()) {
            var cells = confusion.addArray();
            IntStream.of(row).forEach(cells::add);
        }
        return json;
    }
}
