package dev.graft.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.backbone.Backbones;
import dev.graft.classifier.ClassifierHandler;
import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageStore;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.Sequencer;
import dev.graft.feature.SetLabels;
import dev.graft.feature.Sha256;
import dev.graft.fit.Usage;
import dev.graft.image.ImageDecoder;
import dev.graft.index.BuildIndex;
import dev.graft.index.ImageListing;
import dev.graft.index.ManyKnown;
import dev.graft.local.HttpEndpoint;
import dev.graft.local.LocalProduct;
import dev.graft.onnx.OnnxBackbone;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The product on one machine, in memory, with as many images as the suite wants: features of some
 * pictures again and again with noise, so that the network runs once for each of these, and no
 * files. Its head is trained on the first {@value #TRAINED}; these are all, unless the system
 * property {@code pictures} says that there are to be more. Arguments: the network as {@link
 * Backbones#resolve} takes it, a folder of pictures with one subfolder per class, how many images,
 * how many classes, 0 for those of the folder, and where more images are to be known than stored,
 * how many. Tells once where it answers, what its functions find in their environment and what the
 * index cost. Questions {@code classify}, a number of times and files it has the handler classify
 * one after the other on this thread without HTTP, and runs the network alone in turn.
 */
public final class StoredProduct {
    private static final int TRAINED = 300;

    /** More than a handler compares with all images for, before it makes bounds. */
    private static final int WARM_UP = 600;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final LocalProduct product;
    private final Path folder;
    private final int classes;

    private StoredProduct(LocalProduct product, Path folder, int classes) {
        this.product = product;
        this.folder = folder;
        this.classes = classes;
    }

    /** Fills it, and answers. */
    public static void main(String[] arguments) throws IOException {
        Path network = Backbones.ofUser().resolve(arguments[0]);
        Path folder = Path.of(arguments[1]);
        int images = Integer.parseInt(arguments[2]);
        try (LocalProduct product = new LocalProduct(Optional.empty(), network, Map.of());
                OnnxBackbone backbone = OnnxBackbone.open(network, 1);
                HttpEndpoint endpoint = product.serve(0)) {
            var stored = new StoredProduct(product, folder, Integer.parseInt(arguments[3]));
            stored.fill(backbone, images);
            Usage usage = new Usage();
            stored.index(backbone.id());
            Questions.answer(
                    Map.of(
                            "url", endpoint.url(),
                            "environment", product.environment(),
                            "width", backbone.width(),
                            "indexCpu", usage.cpu(),
                            "indexSeconds", usage.seconds()));
            if (arguments.length > 4) {
                stored.know(backbone, Integer.parseInt(arguments[4]));
            }
            ClassifierHandler handler =
                    new ClassifierHandler(product.environment(), product.aws(), () -> {});
            if (arguments.length > 4) {
                Questions.answer(started(handler, folder, arguments[4]));
            }
            Questions.answerAll(
                    words ->
                            classify(
                                    handler,
                                    backbone,
                                    Stream.of(words)
                                            .skip(2)
                                            .map(file -> bytes(Path.of(file)))
                                            .toList(),
                                    Integer.parseInt(words[1])));
        }
        System.exit(0); // threads of DynamoDB Local stay
    }

    /** The first ones are learned from before the others come. */
    private void fill(OnnxBackbone backbone, int images) throws IOException {
        List<Path> all = FeatureFiles.pictures(folder);
        int most = Math.min(images, all.size());
        int trained = Math.min(TRAINED, most);
        int pictures = Math.clamp(Integer.getInteger("pictures", trained), trained, most);
        List<Integer> chosen = chosen(all.size(), trained, pictures);
        var extractor = new FeatureExtractor(backbone);
        FeatureExtractor.Extracted[] extracted = new FeatureExtractor.Extracted[pictures];
        IntConsumer put =
                i -> {
                    int of = i % pictures;
                    Path picture = all.get(chosen.get(of));
                    if (i < pictures) {
                        extracted[of] = extractor.extract(bytes(picture));
                    }
                    put(picture, of, i, extracted[of], backbone.id());
                };
        IntStream.range(0, trained).parallel().forEach(put);
        Map<String, String> outcome = product.train();
        if (!"Trained".equals(outcome.get("outcome"))) {
            throw new IllegalStateException("no head: " + outcome);
        }
        IntStream.range(trained, pictures).parallel().forEach(put);
        IntStream.range(pictures, images).parallel().forEach(put);
    }

    /** So many of all, and among these the first ones, evenly. */
    private static List<Integer> chosen(int all, int first, int count) {
        return Stream.of(first, count)
                .flatMap(
                        some ->
                                IntStream.range(0, some)
                                        .mapToObj(i -> (int) ((long) i * all / some)))
                .distinct()
                .limit(count)
                .toList();
    }

    private void put(
            Path picture, int of, int number, FeatureExtractor.Extracted extracted, String id) {
        String label =
                classes == 0
                        ? folder.relativize(picture).getName(0).toString()
                        : String.format(Locale.ROOT, "class %03d", of % classes);
        String name = String.format(Locale.ROOT, "%s %05d.jpg", picture.getFileName(), number);
        byte[] feature =
                number == of ? extracted.feature() : ManyRows.noisy(extracted.feature(), number);
        product.features()
                .put(
                        new ImageFeature(
                                ImageStore.PREFIX + label + "/" + name,
                                SetLabels.of(Optional.of(new Label(label, LabelSource.FOLDER))),
                                id,
                                feature,
                                Sha256.of(name.getBytes(StandardCharsets.UTF_8)),
                                extracted.width(),
                                extracted.height(),
                                Sequencer.padded("1"),
                                Instant.now(),
                                "",
                                extracted.thumbnail()));
    }

    /** By a clock that is ahead, so that nobody reads once more what has just been stored. */
    private void index(String backbone) {
        InstantSource ahead = () -> Instant.now().plus(Duration.ofMinutes(3));
        String bucket = Objects.requireNonNull(product.environment().get("HEADS_BUCKET"));
        var files = product.aws().indexStore(bucket);
        var listing = new ImageListing(product.index(), files, ahead);
        new BuildIndex(product.features(), listing, files, ahead).rewrite(Set.of(backbone));
    }

    private void know(OnnxBackbone backbone, int images) throws IOException {
        String bucket = Objects.requireNonNull(product.environment().get("HEADS_BUCKET"));
        List<String> labels =
                FeatureFiles.pictures(folder).stream()
                        .map(picture -> folder.relativize(picture).getName(0).toString())
                        .distinct()
                        .toList();
        ManyKnown.write(
                product.aws().indexStore(bucket), backbone.id(), labels, images, backbone.width());
    }

    /** How long it takes until a request knows so many images. */
    private static Map<String, ?> started(ClassifierHandler handler, Path folder, String images)
            throws IOException {
        byte[] event = event(Files.readAllBytes(FeatureFiles.pictures(folder).getFirst()));
        Usage usage = new Usage();
        String known = "\\\"images\\\":" + images;
        while (!response(handler, event("GET", "/status", new byte[0])).contains(known)) {
            response(handler, event);
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
        return Map.of("startCpu", usage.cpu(), "startSeconds", usage.seconds());
    }

    private static Map<String, ?> classify(
            ClassifierHandler handler, OnnxBackbone backbone, List<byte[]> pictures, int times) {
        List<byte[]> events = pictures.stream().map(StoredProduct::event).toList();
        float[] pixels =
                ImageDecoder.decode(
                        pictures.getFirst(),
                        backbone.pixelPath(),
                        backbone.preprocessing(),
                        backbone.preprocessing()::apply);
        Meter request = new Meter();
        Meter inference = new Meter();
        for (int turn = -WARM_UP; turn < times; turn++) {
            Meter ofRequest = turn < 0 ? new Meter() : request;
            Meter ofInference = turn < 0 ? new Meter() : inference;
            byte[] event = events.get(Math.floorMod(turn, events.size()));
            String response = ofRequest.run(() -> response(handler, event));
            ofInference.run(() -> backbone.feature(pixels));
            if (!response.startsWith("{\"statusCode\":200")) {
                throw new IllegalStateException(response);
            }
        }
        return Map.of(
                "requestCpu", request.cpu(),
                "requestWall", request.wall(),
                "requestMegabytes", request.allocated(),
                "inferenceCpu", inference.cpu(),
                "inferenceWall", inference.wall());
    }

    private static String response(ClassifierHandler handler, byte[] event) throws IOException {
        ByteArrayOutputStream response = new ByteArrayOutputStream();
        handler.handleRequest(new ByteArrayInputStream(event), response, new QuietContext());
        return response.toString(StandardCharsets.UTF_8);
    }

    /** As API Gateway tells it. */
    private static byte[] event(byte[] picture) {
        return event("POST", "/classify", picture);
    }

    private static byte[] event(String method, String path, byte[] picture) {
        ObjectNode event = JSON.createObjectNode().put("version", "2.0");
        event.put("rawPath", path).put("rawQueryString", "");
        event.putObject("headers").put("content-type", "image/jpeg");
        event.putObject("requestContext").putObject("http").put("method", method).put("path", path);
        event.put("body", Base64.getEncoder().encodeToString(picture)).put("isBase64Encoded", true);
        return event.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Path picture) {
        try {
            return Files.readAllBytes(picture);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
