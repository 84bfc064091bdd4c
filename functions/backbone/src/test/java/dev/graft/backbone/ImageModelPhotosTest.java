package dev.graft.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.graft.export.ModelExport;
import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.Float16;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import dev.graft.image.ImageDecoder;
import dev.graft.image.PixelPath;
import dev.graft.image.RgbImage;
import dev.graft.onnx.OnnxBackbone;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The exported model that takes an image answers as the product, on 200 pictures: samples of the
 * repository, each cut to another size, or with {@code -Dphotos=FOLDER} the photos of a folder.
 * What is found is printed.
 */
class ImageModelPhotosTest {
    private static final @Nullable String PHOTOS = System.getProperty("photos");
    private static final int COUNT = PHOTOS != null || Boolean.getBoolean("stress") ? 200 : 40;
    private static final int CLASSES = 8;
    private static final Path SAMPLES = Path.of("../local/samples");

    @TempDir private Path folder;

    @Test
    void givesTheAnswerOfTheProduct() throws IOException, OrtException {
        List<byte[]> files = files();
        assertEquals(COUNT, files.size());
        Path network = Files.write(folder.resolve("network"), Embedded.GRAFT_RESNET18.bytes());
        try (OnnxBackbone backbone = OnnxBackbone.open(network, 1)) {
            Head head = head(backbone.width());
            var extractor = new FeatureExtractor(backbone);
            byte[] model =
                    ModelExport.of(
                            network, backbone.preprocessing(), head, ModelExport.Input.IMAGE);
            try (var options = new OrtSession.SessionOptions();
                    OrtSession session = oneThread(options, model)) {
                Set<Integer> told = new TreeSet<>();
                double worst = 0;
                double worstOfReduced = 0;
                for (byte[] file : files) {
                    double[] expected = head.probabilities(Float16.decode(extractor.feature(file)));
                    RgbImage all = ImageDecoder.decode(file);
                    double difference = difference(expected, probabilities(session, all));
                    if (reduction(file, backbone) == 1) {
                        worst = Math.max(worst, difference);
                    } else {
                        worstOfReduced = Math.max(worstOfReduced, difference);
                    }
                    told.add(best(expected));
                }
                System.out.printf(
                        Locale.ROOT,
                        "%d pictures: differ by %.1e at most, those that the product decodes reduced by %.1e%n",
                        COUNT,
                        worst,
                        worstOfReduced);
                assertTrue(worst <= 1e-3, "" + worst);
                assertTrue(told.size() > 1, "the head tells them apart");
            }
        }
    }

    private static OrtSession oneThread(OrtSession.SessionOptions options, byte[] model)
            throws OrtException {
        options.setIntraOpNumThreads(1);
        return OrtEnvironment.getEnvironment().createSession(model, options);
    }

    /** The product leaves out pixels of a large JPEG while it decodes it; a user has them all. */
    private static int reduction(byte[] file, OnnxBackbone backbone) {
        return ImageDecoder.decode(
                file, PixelPath.CURRENT, backbone.preprocessing(), RgbImage::reduction);
    }

    private static List<byte[]> files() throws IOException {
        List<Path> paths;
        try (var found = Files.walk(PHOTOS == null ? SAMPLES : Path.of(PHOTOS))) {
            paths = found.filter(path -> path.toString().endsWith(".jpg")).sorted().toList();
        }
        List<byte[]> files = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            byte[] file = Files.readAllBytes(paths.get(i * paths.size() / COUNT));
            files.add(PHOTOS == null ? cut(ImageDecoder.decode(file), i) : file);
        }
        return files;
    }

    /** A part of it as PNG, from a strip to the whole. */
    private static byte[] cut(RgbImage image, int number) throws IOException {
        int width = 1 + (number * 37 + 96) % image.width();
        int height = 1 + (number * 53 + 140) % image.height();
        var part = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int at = 3 * (y * image.width() + x);
                byte[] pixels = image.pixels();
                part.setRGB(
                        x,
                        y,
                        (pixels[at] & 255) << 16
                                | (pixels[at + 1] & 255) << 8
                                | pixels[at + 2] & 255);
            }
        }
        var file = new ByteArrayOutputStream();
        ImageIO.write(part, "png", file);
        return file.toByteArray();
    }

    private static Head head(int width) {
        Random random = new Random(7);
        float[] weights = new float[CLASSES * width];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) (0.2 * random.nextGaussian());
        }
        float[] scale = new float[width];
        Arrays.fill(scale, 1);
        return new Head(
                "1",
                IntStream.range(0, CLASSES).mapToObj("class %d"::formatted).toList(),
                "b",
                new Head.Parameters(
                        weights,
                        new float[CLASSES],
                        new float[width],
                        scale,
                        1,
                        Activation.SOFTMAX));
    }

    private static float[] probabilities(OrtSession session, RgbImage image) throws OrtException {
        long[] shape = {image.height(), image.width(), 3};
        try (OnnxTensor pixels =
                        OnnxTensor.createTensor(
                                OrtEnvironment.getEnvironment(),
                                ByteBuffer.wrap(image.pixels()),
                                shape,
                                OnnxJavaType.UINT8);
                var result = session.run(Map.of("pixels", pixels))) {
            return ((float[][]) result.get("probabilities").orElseThrow().getValue())[0];
        }
    }

    private static double difference(double[] expected, float[] found) {
        return IntStream.range(0, expected.length)
                .mapToDouble(c -> Math.abs(expected[c] - found[c]))
                .max()
                .orElseThrow();
    }

    private static int best(double[] probabilities) {
        return IntStream.range(0, probabilities.length)
                .reduce((a, b) -> probabilities[b] > probabilities[a] ? b : a)
                .orElseThrow();
    }
}
