package dev.graft.classifier;

import dev.graft.evaluation.Predictions;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelSource;
import dev.graft.feature.SetLabels;
import dev.graft.feature.Sha256;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import dev.graft.head.HeadFiles;
import dev.graft.index.VectorIndex;
import dev.graft.library.KeptAnswer;
import dev.graft.library.KeptAnswers;
import dev.graft.library.Shares;
import dev.graft.prediction.Networks;
import dev.graft.testing.Heads;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryHeadStore;
import dev.graft.testing.InMemoryHistory;
import dev.graft.testing.InMemoryImageIndex;
import dev.graft.testing.InMemoryImageStore;
import dev.graft.testing.InMemoryIndexStore;
import dev.graft.testing.InMemoryLabelSets;
import dev.graft.testing.InMemoryLinks;
import dev.graft.testing.InMemoryNetworkStore;
import dev.graft.testing.InMemoryResultStore;
import dev.graft.testing.InMemoryShares;
import dev.graft.testing.MeanColourBackbone;
import dev.graft.testing.TestNetworks;
import dev.graft.training.ForgetRequests;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/**
 * Stores in memory with images that are red, blue or not labelled, and two versions of a head of
 * these classes, of which {@value #IN_USE} is in use.
 */
final class TaughtStores {
    static final String IN_USE = "v1";
    static final String OTHER = "v2";

    /** Key of an image without label and without feature. */
    static final String NEW = "images/new.png";

    /** Key of an image that was asked to be forgotten, and waits. */
    static final String LOST = "images/lost.png";

    static final String RED = "images/red/00.png";
    static final String SHARE_TOKEN = "secret-of-the-till";
    static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    /** Id of a kept answer about {@link #RED}. */
    static final String ANSWER = KeptAnswers.id(NOON, 1, LabelSet.DEFAULT);

    static final MeanColourBackbone BACKBONE = new MeanColourBackbone();
    private static final int EACH = 25;

    /** With the pictures. */
    static final KeptAnswers.Settings KEPT = new KeptAnswers.Settings(30, true);

    /** Of a change that can be taken back. */
    static final String CHANGE = "20261128T100000000000000-1a2b3c4d";

    final InMemoryFeatureStore features = new InMemoryFeatureStore();
    final InMemoryHeadStore heads = new InMemoryHeadStore();
    final InMemoryIndexStore indexFiles = new InMemoryIndexStore();
    final InMemoryResultStore results = new InMemoryResultStore();
    final InMemoryHistory history = new InMemoryHistory();
    final InMemoryShares shares = new InMemoryShares();
    final InMemoryImageStore images = new InMemoryImageStore();
    final AtomicInteger started = new AtomicInteger();
    final InMemoryImageIndex index = new InMemoryImageIndex(features);
    final InMemoryLabelSets sets = new InMemoryLabelSets(features);
    Optional<VectorIndex> vectors = Optional.empty();

    /** With both versions whole. */
    TaughtStores() {
        this(Map.of());
    }

    /**
     * With some files of the version in use in another state.
     *
     * @param damaged contents by name; empty where the file is missing
     */
    TaughtStores(Map<String, Optional<byte[]>> damaged) {
        for (String export : List.of("images", "features")) {
            String begun =
                    "{\"begun\": \"%s\", \"identity\": \"\", \"images\": 0, \"done\": 0, \"missing\": 0, \"sizes\": [24]}"
                            .formatted(NOON);
            results.write(
                    "export/" + export + "/state.json",
                    begun.getBytes(StandardCharsets.UTF_8),
                    "application/json");
        }
        for (int i = 0; i < EACH; i++) {
            put("images/red/%02d.png".formatted(i), "red", 0.6f + 0.01f * i, 0.1f);
            put("images/blue/%02d.png".formatted(i), "blue", 0.1f, 0.6f + 0.01f * i);
            put("images/%02d.png".formatted(i), null, 0.4f, 0.3f + 0.01f * i);
        }
        images.put(NEW, png(Color.RED));
        results.upload(NEW);
        results.write(
                "undo/" + CHANGE + "/change.json",
                "{\"what\": \"deleted\", \"deleted\": [], \"decided\": [], \"classes\": {}}"
                        .getBytes(StandardCharsets.UTF_8),
                "application/json");
        keepAnswer();
        Map<String, byte[]> files = new HashMap<>(files(IN_USE, 1));
        damaged.forEach(
                (name, bytes) ->
                        bytes.ifPresentOrElse(
                                now -> files.put(name, now), () -> files.remove(name)));
        heads.save(IN_USE, files);
        heads.save(OTHER, files(OTHER, -1));
        heads.promote(IN_USE, Optional.empty());
        new ForgetRequests(indexFiles).add(ForgetRequests.Request.of(LOST, NOON, "", ""));
        String id = Sha256.of(SHARE_TOKEN.getBytes(StandardCharsets.UTF_8));
        shares.add(new Shares.Share(id, "till", "ann@example.org", NOON, 100));
    }

    private void keepAnswer() {
        ImageFeature red = features.find(RED, BACKBONE.id()).orElseThrow();
        var answer =
                new KeptAnswer(
                        KeptAnswer.FORMAT,
                        ANSWER,
                        NOON.toString(),
                        RED,
                        ForgetRequests.id(RED),
                        IN_USE,
                        BACKBONE.id(),
                        red.feature(),
                        Map.of("blue", 0.9, "red", 0.1),
                        "blue",
                        true,
                        null,
                        null);
        new KeptAnswers(results, KEPT, () -> NOON).keep(answer, Optional.empty());
    }

    Ports ports() {
        return new Ports(
                features,
                features,
                index,
                sets,
                images,
                heads,
                indexFiles,
                results,
                new InMemoryLinks(),
                history,
                shares,
                started::incrementAndGet,
                vectors);
    }

    /** A handler that has kept nothing from an earlier request. */
    static ClassifierHandler handler(Ports ports) {
        return handler(ports, () -> NOON);
    }

    /** Likewise, with a clock. */
    static ClassifierHandler handler(Ports ports, InstantSource clock) {
        return handler(ports, clock, KeptAnswers.Settings.NONE);
    }

    /** Likewise, which may keep answers. */
    static ClassifierHandler handler(
            Ports ports, InstantSource clock, KeptAnswers.Settings answers) {
        return new ClassifierHandler(
                failed ->
                        Api.over(
                                ports,
                                TestNetworks.of(BACKBONE),
                                settings(answers),
                                clock,
                                failed));
    }

    private static Api.Settings settings(KeptAnswers.Settings answers) {
        return new Api.Settings(Optional.of(25_000L), answers);
    }

    static Router router(Ports ports) {
        return router(ports, TestNetworks.of(BACKBONE));
    }

    /** Likewise, with what lies beside the file of a network. */
    static Router router(Ports ports, Path network) {
        Networks networks =
                TestNetworks.of(
                        Map.of(network, BACKBONE), network, List.of(), new InMemoryNetworkStore());
        return router(ports, networks);
    }

    private static Router router(Ports ports, Networks networks) {
        return Api.over(ports, networks, settings(KeptAnswers.Settings.NONE), () -> NOON, e -> {});
    }

    private void put(String key, String label, float red, float blue) {
        features.put(
                new ImageFeature(
                        key,
                        SetLabels.of(
                                Optional.ofNullable(label)
                                        .map(l -> new Label(l, LabelSource.FOLDER))),
                        BACKBONE.id(),
                        Float16.encode(new float[] {red, 0, blue}),
                        "%064x".formatted(key.hashCode() & 0xffffL),
                        8,
                        8,
                        "1",
                        NOON,
                        "",
                        new byte[0]));
        results.upload(key);
    }

    /** The files of a head that tells red from blue, or with a negative factor mixes them up. */
    static Map<String, byte[]> files(String version, int factor) {
        List<String> classes = List.of("blue", "red");
        Head head =
                new Head(
                        version,
                        classes,
                        BACKBONE.id(),
                        new Head.Parameters(
                                new float[] {-factor, 0, factor, factor, 0, -factor},
                                new float[2],
                                new float[3],
                                new float[] {1, 1, 1},
                                1,
                                Activation.SOFTMAX));
        Map<String, byte[]> files = new HashMap<>(HeadFiles.write(head, Heads.card(head)));
        List<Predictions.Row> rows =
                IntStream.range(0, EACH)
                        .mapToObj(
                                i ->
                                        new Predictions.Row(
                                                "images/red/%02d.png".formatted(i),
                                                "%064x".formatted(i),
                                                new int[] {1},
                                                i % 5,
                                                new double[] {0.1, 0.9}))
                        .toList();
        files.put(Predictions.FILE, new Predictions(Activation.SOFTMAX, classes, rows).write());
        files.put(HeadFiles.REPORT, "<html>report</html>".getBytes(StandardCharsets.UTF_8));
        return files;
    }

    /** A picture of one colour. */
    static byte[] png(Color colour) {
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64; i++) {
            image.setRGB(i % 8, i / 8, colour.getRGB());
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toByteArray();
    }
}
