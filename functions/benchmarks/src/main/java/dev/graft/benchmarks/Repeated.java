package dev.graft.benchmarks;

import dev.graft.aws.Aws;
import dev.graft.backbone.Backbones;
import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageStore;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.Sequencer;
import dev.graft.feature.SetLabels;
import dev.graft.feature.Sha256;
import dev.graft.local.EmbeddedCloud;
import dev.graft.onnx.OnnxBackbone;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * A data folder of the product on one machine with many images: the pictures of a folder, one
 * subfolder per class, again and again. Each copy has bytes of its own (the number of the copy
 * stands behind the picture's last byte) and the picture's feature with noise, so that nothing has
 * to run the network but once for each picture. Arguments: the folder, the data folder to make, how
 * many images, and the percentage of them without label. What a killed run left, the next one goes
 * on with.
 */
public final class Repeated {
    private static final int TOLD_EVERY = 10_000;

    private final Aws aws;
    private final Map<String, String> environment;
    private final FeatureStore features;
    private final ImageStore images;
    private final FeatureExtractor extractor;
    private final int unlabelled;

    private Repeated(
            Aws aws, Map<String, String> environment, FeatureExtractor extractor, int unlabelled) {
        this.aws = aws;
        this.environment = environment;
        this.features = aws.featureStore(variable("TABLE"));
        this.images = aws.imageStore(variable("IMAGES_BUCKET"));
        this.extractor = extractor;
        this.unlabelled = unlabelled;
    }

    private String variable(String name) {
        return Objects.requireNonNull(environment.get(name), name);
    }

    /** Makes it. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        List<Path> pictures = FeatureFiles.pictures(folder);
        int count = Integer.parseInt(arguments[2]);
        Path network = Backbones.ofUser().resolve("");
        try (EmbeddedCloud cloud = EmbeddedCloud.in(Path.of(arguments[1]), event -> {});
                Aws aws = new Aws(cloud.environment());
                OnnxBackbone backbone = OnnxBackbone.open(network, 1)) {
            var repeated =
                    new Repeated(
                            aws,
                            cloud.environment(),
                            new FeatureExtractor(backbone),
                            Integer.parseInt(arguments[3]));
            IntStream.range(0, pictures.size())
                    .parallel()
                    .forEach(
                            place -> {
                                int copies =
                                        (count - place + pictures.size() - 1) / pictures.size();
                                repeated.put(folder, pictures.get(place), place, copies);
                            });
        }
    }

    private void put(Path folder, Path picture, int place, int copies) {
        if (copies < 1) {
            return;
        }
        byte[] bytes = bytes(picture);
        var extracted = extractor.extract(bytes);
        Random random = new Random(place);
        for (int copy = 0; copy < copies; copy++) {
            String name = folder.relativize(picture).toString().replace('\\', '/');
            int dot = name.lastIndexOf('.');
            String numbered =
                    String.format(
                            Locale.ROOT,
                            "%s %02d%s",
                            name.substring(0, dot),
                            copy,
                            name.substring(dot));
            boolean labelled = random.nextInt(100) >= unlabelled;
            String inFolder = labelled ? numbered : numbered.replace('/', '_');
            byte[] feature =
                    copy == 0
                            ? extracted.feature()
                            : ManyRows.noisy(extracted.feature(), 100L * place + copy);
            put(ImageStore.PREFIX + inFolder, copy(bytes, copy), feature, extracted);
        }
        if (place % (TOLD_EVERY / Math.max(1, copies)) == 0) {
            System.out.printf(Locale.ROOT, "%s: %d copies%n", picture.getFileName(), copies);
        }
    }

    private void put(
            String key, byte[] bytes, byte[] feature, FeatureExtractor.Extracted extracted) {
        if (features.known(key).picture().isPresent()) {
            return;
        }
        String etag =
                aws.s3()
                        .putObject(
                                b -> b.bucket(variable("IMAGES_BUCKET")).key(key),
                                RequestBody.fromBytes(bytes))
                        .eTag();
        images.putThumbnail(key, extracted.thumbnailFile());
        String[] names = key.split("/");
        Optional<Label> label =
                names.length > 2
                        ? Optional.of(new Label(names[1], LabelSource.FOLDER))
                        : Optional.empty();
        features.put(
                new ImageFeature(
                        key,
                        SetLabels.of(label),
                        extractor.backbone().id(),
                        feature,
                        Sha256.of(bytes),
                        extracted.width(),
                        extracted.height(),
                        Sequencer.padded("1"),
                        Instant.now(),
                        etag.replace("\"", ""),
                        extracted.thumbnail()));
    }

    private static byte[] copy(byte[] bytes, int copy) {
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        longer[bytes.length] = (byte) copy;
        return longer;
    }

    private static byte[] bytes(Path picture) {
        try {
            return Files.readAllBytes(picture);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
