package dev.graft.training;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.SetLabels;
import dev.graft.head.Activation;
import dev.graft.testing.Heads;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryHeadStore;
import dev.graft.testing.InMemoryImageIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Real features: {@code -Dfeatures=FILE}, a float16 .npy (images, width) with FILE.tsv beside it
 * (key, label, SHA-256 of the image; tab-separated). {@code -Dheads=FOLDER} keeps the files of the
 * head.
 */
class StoredFeaturesTest {
    @Test
    void reachesTheAccuracyOfAnIndependentComputation() throws Exception {
        String file = System.getProperty("features", "");
        assumeTrue(!file.isEmpty(), "skipped: no -Dfeatures=FILE.npy given");
        List<String> lines = Files.readAllLines(Path.of(file.replace(".npy", ".tsv")));
        byte[] values = Files.readAllBytes(Path.of(file));
        int header = 10 + (values[8] & 0xff) + 256 * (values[9] & 0xff);
        int bytes = (values.length - header) / lines.size();
        InMemoryFeatureStore features = new InMemoryFeatureStore();
        for (int i = 0; i < lines.size(); i++) {
            String[] parts = lines.get(i).split("\t");
            int from = header + i * bytes;
            Optional<Label> label = Optional.of(new Label(parts[1], LabelSource.FOLDER));
            byte[] feature = Arrays.copyOfRange(values, from, from + bytes);
            features.put(
                    new ImageFeature(
                            parts[0],
                            SetLabels.of(label),
                            "net",
                            feature,
                            parts[2],
                            1,
                            1,
                            "1",
                            Instant.EPOCH,
                            "",
                            new byte[0]));
        }
        long start = System.nanoTime();
        InMemoryHeadStore heads = new InMemoryHeadStore();
        var outcome =
                new TrainHead(
                                features,
                                new InMemoryImageIndex(features).built(),
                                heads,
                                Heads.setup(TrainingSettings.standard(Activation.SOFTMAX)),
                                InstantSource.system())
                        .run("net", "net", Duration.ofHours(1));
        double seconds = (System.nanoTime() - start) / 1e9;
        var validation = ((TrainHead.Trained) outcome).validation();
        System.out.printf(
                "%d images, accuracy %.4f, macro-F1 %.4f, log loss %.4f, %.1f s%n",
                validation.images(),
                validation.accuracy(),
                validation.macroF1(),
                validation.logLoss(),
                seconds);
        keep(heads, outcome.version());
        assertTrue(validation.accuracy() >= 0.76, validation.toString());
    }

    private static void keep(InMemoryHeadStore heads, String version) throws IOException {
        String folder = System.getProperty("heads", "");
        if (!folder.isEmpty()) {
            for (String name : List.of("head.json", "report.html", "predictions.tsv.gz")) {
                Files.write(
                        Files.createDirectories(Path.of(folder)).resolve(name),
                        heads.read(version, name).orElseThrow());
            }
        }
    }
}
