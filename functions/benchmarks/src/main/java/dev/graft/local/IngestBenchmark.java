package dev.graft.local;

import dev.graft.backbone.Backbones;
import dev.graft.benchmarks.FeatureFiles;
import dev.graft.benchmarks.Questions;
import dev.graft.feature.FeatureExtractor;
import dev.graft.fit.Usage;
import dev.graft.onnx.OnnxBackbone;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * How fast pictures become features: by the product on one machine, from the folder to the stored
 * feature, or in a loop that keeps nothing, one thread for each processor that Java sees. Started
 * by {@code ingest.py}. Arguments: {@code product} or {@code loop}, the network as {@link
 * Backbones#resolve} takes it, a folder of pictures to get warm, another one to be measured, and an
 * empty folder for the data of the product.
 */
public final class IngestBenchmark {
    private IngestBenchmark() {}

    /** One way to do it. */
    private interface Way {
        void all(Path folder) throws IOException, InterruptedException;
    }

    /** Tells the pictures, seconds and CPU seconds. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path network = Backbones.ofUser().resolve(arguments[1]);
        Path warm = Path.of(arguments[2]);
        Path measured = Path.of(arguments[3]);
        if (arguments[0].equals("product")) {
            Optional<Path> data = Optional.of(Path.of(arguments[4]));
            try (LocalProduct product = new LocalProduct(data, network, Map.of())) {
                Origins origins = new Origins(data);
                measure(
                        warm,
                        measured,
                        folder ->
                                new Sync(new PictureFolder(folder), origins, Removal.ASK, () -> {})
                                        .to(product));
            }
        } else {
            try (OnnxBackbone backbone = OnnxBackbone.open(network, 1)) {
                FeatureExtractor extractor = new FeatureExtractor(backbone);
                measure(warm, measured, folder -> loop(extractor, folder));
            }
        }
        System.exit(0); // threads of DynamoDB Local stay
    }

    private static void measure(Path warm, Path measured, Way way)
            throws IOException, InterruptedException {
        way.all(warm);
        Usage usage = new Usage();
        way.all(measured);
        Questions.answer(
                Map.of(
                        "seconds", usage.seconds(),
                        "cpu", usage.cpu(),
                        "images", FeatureFiles.pictures(measured).size(),
                        "threads", Runtime.getRuntime().availableProcessors()));
    }

    private static void loop(FeatureExtractor extractor, Path folder)
            throws IOException, InterruptedException {
        List<Path> pictures = FeatureFiles.pictures(folder);
        int threads = Runtime.getRuntime().availableProcessors();
        try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
            pictures.forEach(picture -> workers.execute(() -> feature(extractor, picture)));
            workers.shutdown();
            if (!workers.awaitTermination(1, TimeUnit.HOURS)) {
                throw new IllegalStateException("not done within an hour");
            }
        }
    }

    private static void feature(FeatureExtractor extractor, Path picture) {
        try {
            extractor.feature(Files.readAllBytes(picture));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
