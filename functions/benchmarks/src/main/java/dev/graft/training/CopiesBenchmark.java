package dev.graft.training;

import dev.graft.backbone.Backbones;
import dev.graft.benchmarks.FeatureFiles;
import dev.graft.evaluation.Folds;
import dev.graft.evaluation.NearDuplicates;
import dev.graft.evaluation.Validation;
import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.FeatureExtractor.Extracted;
import dev.graft.feature.Float16;
import dev.graft.feature.Similarity;
import dev.graft.feature.Vectors;
import dev.graft.fit.FeatureMatrix;
import dev.graft.fit.TrainingSet;
import dev.graft.fit.Usage;
import dev.graft.head.Activation;
import dev.graft.image.Thumbnail;
import dev.graft.onnx.OnnxBackbone;
import dev.graft.review.ReviewQueue;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;

/**
 * How many altered copies of pictures are found among all pictures of a folder, how many originals
 * are taken for copies, how long that takes, and what augmented copies do to the figures.
 * Arguments: a folder with one folder for each class, what {@link Backbones#resolve} takes, and how
 * many of the pictures to take, if not all.
 */
public final class CopiesBenchmark {
    private static final int FOLDS = 5;
    private static final int COPIES = 150;
    private static final int AUGMENTED = 1_000;
    private static final int OF_EACH = 3;

    private final FeatureExtractor extractor;
    private final double cosine;
    private final List<Path> files;
    private final List<Extracted> originals;

    /** How a copy is made. */
    private enum Kind {
        HALF_SIZE,
        CUT_TO_80_PERCENT,
        TURNED_BY_5_DEGREES,
        JPEG_40,
        MIRRORED,
        TURNED_BY_15_DEGREES;

        private byte[] copy(BufferedImage image, Random random) {
            int width = image.getWidth();
            int height = image.getHeight();
            double sign = random.nextBoolean() ? 1 : -1;
            return switch (this) {
                case HALF_SIZE -> png(laid(image, width / 2, height / 2, scaled(0.5, 0.5)));
                case CUT_TO_80_PERCENT ->
                        png(
                                laid(
                                        image,
                                        width * 4 / 5,
                                        height * 4 / 5,
                                        AffineTransform.getTranslateInstance(
                                                -random.nextInt(width / 5 + 1),
                                                -random.nextInt(height / 5 + 1))));
                case TURNED_BY_5_DEGREES ->
                        png(laid(image, width, height, turned(image, 5 * sign)));
                case TURNED_BY_15_DEGREES ->
                        png(laid(image, width, height, turned(image, 15 * sign)));
                case MIRRORED -> {
                    AffineTransform mirror = scaled(-1, 1);
                    mirror.translate(-width, 0);
                    yield png(laid(image, width, height, mirror));
                }
                case JPEG_40 -> jpeg(laid(image, width, height, scaled(1, 1)));
            };
        }
    }

    private CopiesBenchmark(OnnxBackbone backbone, List<Path> files) {
        this.extractor = new FeatureExtractor(backbone);
        this.cosine = Similarity.of(backbone.id()).nearDuplicate();
        this.files = files;
        this.originals = files.parallelStream().map(f -> extractor.extract(read(f))).toList();
    }

    /** Prints tables. */
    public static void main(String[] arguments) throws IOException {
        List<Path> files = new ArrayList<>(FeatureFiles.pictures(Path.of(arguments[0])));
        Collections.shuffle(files, new Random(1));
        int most = arguments.length > 2 ? Integer.parseInt(arguments[2]) : files.size();
        files = files.subList(0, Math.min(most, files.size()));
        Path network = Backbones.ofUser().resolve(arguments.length > 1 ? arguments[1] : "");
        try (OnnxBackbone backbone = OnnxBackbone.open(network, 1)) {
            var benchmark = new CopiesBenchmark(backbone, files);
            benchmark.unrelated();
            benchmark.together();
            benchmark.found();
            benchmark.figures();
        }
    }

    private void unrelated() {
        Usage usage = new Usage();
        Folds folds = folds(originals, files.stream().map(Path::toString).toList(), all());
        double seconds = usage.seconds();
        double cpu = usage.cpu();
        print(
                "%d originals in %.1f s, %.1f CPU s: %.1f %% share a group",
                originals.size(), seconds, cpu, 100.0 * folds.nearDuplicates() / originals.size());
        folds.groups().stream()
                .limit(100)
                .forEach(group -> print("  %s", group.stream().map(files::get).toList()));
    }

    /** Of each image, which others the queue would offer with it. */
    private void together() {
        long alone =
                IntStream.range(0, originals.size())
                        .parallel()
                        .filter(i -> together(originals, i).length == 0)
                        .count();
        print(
                "the queue offers %.1f %% of the originals with another one",
                100 - 100.0 * alone / originals.size());
    }

    /** Those of the most similar images that are near-duplicates of one. */
    private int[] together(List<Extracted> images, int first) {
        float[] unit = Vectors.unit(feature(images, first));
        byte[] signature = Thumbnail.signature(images.get(first).thumbnail());
        int[] byThumbnail =
                most(
                        images,
                        first,
                        ReviewQueue.PROPOSED / 2,
                        i ->
                                Thumbnail.similarity(
                                        signature, Thumbnail.signature(images.get(i).thumbnail())));
        int[] byFeature =
                most(
                        images,
                        first,
                        ReviewQueue.PROPOSED,
                        i -> Vectors.cosine(unit, feature(images, i)));
        int[] some =
                IntStream.concat(
                                IntStream.of(first),
                                IntStream.concat(
                                        Arrays.stream(byThumbnail), Arrays.stream(byFeature)))
                        .distinct()
                        .limit(1 + ReviewQueue.PROPOSED)
                        .toArray();
        int[] found =
                NearDuplicates.ofFirst(
                        new NearDuplicates.Images(
                                IntStream.of(some).mapToObj(i -> "p" + i).toList(),
                                i -> feature(images, some[i]),
                                IntStream.of(some)
                                        .mapToObj(i -> images.get(i).thumbnail())
                                        .toList(),
                                cosine));
        return IntStream.of(found).map(i -> some[i]).toArray();
    }

    private static int[] most(
            List<Extracted> images, int than, int count, IntToDoubleFunction score) {
        double[] scores = IntStream.range(0, images.size()).mapToDouble(score).toArray();
        return IntStream.range(0, scores.length)
                .filter(i -> i != than)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .limit(count)
                .mapToInt(i -> i)
                .toArray();
    }

    private static float[] feature(List<Extracted> images, int i) {
        return Float16.decode(images.get(i).feature());
    }

    private void found() {
        List<Integer> altered = sample(COPIES, 2);
        for (Kind kind : Kind.values()) {
            Random random = new Random(5);
            List<Extracted> all = new ArrayList<>(originals);
            List<Integer> of = new ArrayList<>(all());
            of.addAll(altered);
            List<byte[]> made =
                    altered.stream().map(i -> kind.copy(image(files.get(i)), random)).toList();
            made.parallelStream().map(extractor::extract).forEachOrdered(all::add);
            List<String> keys = IntStream.range(0, all.size()).mapToObj(i -> "p" + i).toList();
            List<List<Integer>> groups = folds(all, keys, of).groups();
            long found =
                    IntStream.range(0, altered.size())
                            .filter(
                                    k ->
                                            groups.stream()
                                                    .anyMatch(
                                                            g ->
                                                                    g.contains(altered.get(k))
                                                                            && g.contains(
                                                                                    originals.size()
                                                                                            + k)))
                            .count();
            long together =
                    IntStream.range(0, altered.size())
                            .parallel()
                            .filter(
                                    k ->
                                            IntStream.of(together(all, altered.get(k)))
                                                    .anyMatch(i -> i == originals.size() + k))
                            .count();
            print(
                    "%s: of %d found %.1f %%, offered together by the queue %.1f %%",
                    kind,
                    altered.size(),
                    100.0 * found / altered.size(),
                    100.0 * together / altered.size());
        }
    }

    /** Accuracy with folds by hash, by the groups found, and by the pictures they were made of. */
    private void figures() {
        List<Integer> chosen = sample(AUGMENTED, 3);
        List<byte[]> made = new ArrayList<>();
        List<Integer> of = new ArrayList<>();
        Random random = new Random(4);
        for (int i : chosen) {
            for (int copy = 0; copy < OF_EACH; copy++) {
                Kind kind = Kind.values()[random.nextInt(Kind.values().length - 1)];
                made.add(kind.copy(image(files.get(i)), random));
                of.add(i);
            }
        }
        List<Extracted> all = made.parallelStream().map(extractor::extract).toList();
        List<String> keys = IntStream.range(0, all.size()).mapToObj(i -> "p" + i).toList();
        Folds folds = folds(all, keys, of);
        print("%d augmented copies of %d pictures, accuracy with folds", all.size(), chosen.size());
        print("  by hash %.3f", accuracy(all, of, folds.byHash()));
        print("  by groups found %.3f", accuracy(all, of, folds.grouped()));
        int[] truth = of.stream().mapToInt(i -> Math.floorMod(i * 31, FOLDS)).toArray();
        print("  by picture %.3f", accuracy(all, of, truth));
    }

    private double accuracy(List<Extracted> images, List<Integer> of, int[] folds) {
        List<String> classes =
                files.stream().map(CopiesBenchmark::label).distinct().sorted().toList();
        try (FeatureMatrix matrix = new FeatureMatrix()) {
            int[] rows =
                    IntStream.range(0, images.size())
                            .map(i -> matrix.add(images.get(i).feature(), "p" + i))
                            .toArray();
            int[] labels =
                    of.stream().mapToInt(i -> classes.indexOf(label(files.get(i)))).toArray();
            TrainingSet set = TrainingSet.softmax(matrix, rows, labels, folds, classes);
            Choice choice =
                    CrossValidation.choose(
                                    set,
                                    TrainingSettings.standard(Activation.SOFTMAX),
                                    Deadline.none())
                            .best();
            return Validation.of(choice.predictions()).accuracy();
        }
    }

    /**
     * Of images with the class of each: that of a file.
     *
     * @param of (images), the file that each was made of
     */
    private Folds folds(List<Extracted> images, List<String> keys, List<Integer> of) {
        return Folds.of(
                IntStream.range(0, images.size())
                        .mapToObj(
                                i ->
                                        new Folds.Image(
                                                keys.get(i),
                                                label(files.get(of.get(i))),
                                                hash(i),
                                                Instant.EPOCH.plusSeconds(i),
                                                images.get(i).thumbnail()))
                        .toList(),
                i -> Float16.decode(images.get(i).feature()),
                FOLDS,
                cosine,
                () -> false);
    }

    /** Hexadecimal, as the hash of a file is. */
    private static String hash(int image) {
        return "%016x".formatted(new Random(image).nextLong()).repeat(4);
    }

    private List<Integer> all() {
        return IntStream.range(0, files.size()).boxed().toList();
    }

    private List<Integer> sample(int count, int seed) {
        List<Integer> order = new ArrayList<>(all());
        Collections.shuffle(order, new Random(seed));
        return order.subList(0, Math.min(count, order.size()));
    }

    private static String label(Path file) {
        return file.getName(file.getNameCount() - 2).toString();
    }

    private static BufferedImage image(Path file) {
        try {
            return ImageIO.read(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static AffineTransform scaled(double x, double y) {
        return AffineTransform.getScaleInstance(x, y);
    }

    private static AffineTransform turned(BufferedImage image, double degrees) {
        return AffineTransform.getRotateInstance(
                Math.toRadians(degrees), image.getWidth() / 2.0, image.getHeight() / 2.0);
    }

    private static BufferedImage laid(
            BufferedImage image, int width, int height, AffineTransform by) {
        BufferedImage laid = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = laid.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(image, by, null);
        graphics.dispose();
        return laid;
    }

    private static byte[] png(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] jpeg(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam quality = writer.getDefaultWriteParam();
        quality.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        quality.setCompressionQuality(0.4f);
        try (var output = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(output);
            writer.write(null, new IIOImage(image, null, null), quality);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
