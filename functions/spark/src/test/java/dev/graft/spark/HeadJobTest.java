package dev.graft.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.aws.ExportedTable;
import dev.graft.feature.BadRequestException;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.fit.CrossEntropy;
import dev.graft.fit.FeatureMatrix;
import dev.graft.fit.Scaling;
import dev.graft.fit.TrainingSet;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import dev.graft.head.HeadCard;
import dev.graft.head.HeadFiles;
import dev.graft.head.Safetensors;
import dev.graft.index.BuildIndex;
import dev.graft.index.IndexStore;
import dev.graft.testing.Heads;
import dev.graft.testing.InMemoryHeadStore;
import dev.graft.testing.InMemoryImageIndex;
import dev.graft.training.TrainHead;
import dev.graft.training.TrainingSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job in Spark's local mode, on lines as DynamoDB exports them. With {@code
 * -Dfeatures=FILE.npy}, as the module of benchmarks makes it, of real features.
 */
class HeadJobTest {
    private static final double MOST_DIFFERENCE = 1e-3;
    private static final List<Double> STRENGTHS = List.of(0.03, 0.003);

    @TempDir static Path folder;
    private static Pictures pictures;

    @BeforeAll
    static void export() throws IOException {
        System.setProperty("spark.master", "local[2]");
        System.setProperty("spark.ui.enabled", "false");
        System.setProperty("spark.driver.bindAddress", "127.0.0.1");
        System.setProperty("spark.driver.host", "127.0.0.1");
        System.setProperty("spark.sql.shuffle.partitions", "4");
        pictures = Pictures.ofTest();
        ExportedTable.write(pictures.store(), folder.resolve("data"), 3);
    }

    @AfterAll
    static void clear() {
        System.getProperties().keySet().removeIf(name -> name.toString().startsWith("spark."));
    }

    private static Path run(String name, String... more) throws IOException {
        Path out = folder.resolve(name);
        HeadJob.main(
                Stream.concat(
                                Stream.of(
                                        "--export=" + folder.resolve("data"),
                                        "--out=" + out,
                                        "--backbone=" + Pictures.NETWORK,
                                        "--strengths=0.03,0.003"),
                                Stream.of(more))
                        .toArray(String[]::new));
        return out;
    }

    @Test
    void itsProbabilitiesAreThoseOfGraftsOwnFit() throws IOException {
        for (Scaling scaling : Scaling.values()) {
            Path out = run(scaling.title(), "--scaling=" + scaling.title());
            Set<String> held = held(out);
            List<ImageFeature> all = pictures.labelled();
            double share = (double) held.size() / all.size();
            assertTrue(share > 0.15 && share < 0.25, "held out: " + share);
            List<ImageFeature> learned =
                    all.stream().filter(image -> !held.contains(image.key())).toList();
            for (int i = 0; i < STRENGTHS.size(); i++) {
                Head ours = ours(learned, scaling, STRENGTHS.get(i));
                Head theirs = theirs(out, i, ours.classes());
                double difference = 0;
                int others = 0;
                int ties = 0;
                for (ImageFeature image : all) {
                    double[] p = ours.probabilities(Float16.decode(image.feature()));
                    double[] q = theirs.probabilities(Float16.decode(image.feature()));
                    for (int c = 0; c < p.length; c++) {
                        difference = Math.max(difference, Math.abs(p[c] - q[c]));
                    }
                    boolean other = !ours.label(p).equals(theirs.label(q));
                    ties += other && isTie(p) ? 1 : 0;
                    others += other && !isTie(p) ? 1 : 0;
                }
                String found =
                        String.format(
                                Locale.ROOT,
                                "%s, strength %s: %d images, largest difference of a probability %.1e, other labels %d, and %d where two classes tie",
                                scaling,
                                STRENGTHS.get(i),
                                all.size(),
                                difference,
                                others,
                                ties);
                System.out.println(found);
                assertTrue(difference <= MOST_DIFFERENCE && others == 0, found);
            }
        }
    }

    @Test
    void theTrainerMakesAHeadOfItThatIsInUseAndKnowsItsFigures() throws IOException {
        Path out = run("head");
        int held = held(out).size();
        var heads = new InMemoryHeadStore();
        BuildIndex built = new InMemoryImageIndex(pictures.store()).built();
        copy(out, built.files());
        TrainHead trainer =
                new TrainHead(
                        pictures.store(),
                        built,
                        heads,
                        Heads.setup(TrainingSettings.standard(Activation.SOFTMAX)),
                        InstantSource.system());
        BadRequestException none =
                assertThrows(BadRequestException.class, () -> finish(trainer, "fit/b"));
        assertTrue(none.getMessage().contains("index/fit/b has no fit.json"), none::getMessage);
        var trained = assertInstanceOf(TrainHead.Trained.class, finish(trainer, "fit/a"));
        assertEquals(trained.version(), heads.latest().orElseThrow().version());
        HeadCard card =
                HeadFiles.card(trained.version(), file -> heads.read(trained.version(), file));
        assertEquals(held, card.validation().images());
        assertEquals(3, card.tried().size());
        assertTrue(card.cutShort().startsWith("fitted by Spark 3.5"), card.cutShort());
        assertEquals(pictures.classes(), card.classes());
        assertTrue(card.validation().accuracy() > 0.7, "" + card.validation().accuracy());
        Head head = HeadFiles.read(trained.version(), file -> heads.read(trained.version(), file));
        List<ImageFeature> all = pictures.labelled();
        long right =
                all.stream()
                        .filter(
                                image ->
                                        head.label(
                                                        head.probabilities(
                                                                Float16.decode(image.feature())))
                                                .equals(image.label().orElseThrow().name()))
                        .count();
        assertTrue(right > 0.7 * all.size(), right + " right");
        assertEquals(List.of(), built.files().names().stream().filter(Pictures::ofFit).toList());
        // the same images are nothing new, and nobody knows which of them it learned from
        assertInstanceOf(
                TrainHead.NothingNew.class,
                trainer.run(Pictures.NETWORK, "Net", Duration.ofHours(1)));
        assertFalse(heads.read(trained.version(), "predictions.tsv.gz").isPresent());
        assertTrue(heads.read(trained.version(), "held-out.tsv.gz").isPresent());
    }

    private static TrainHead.Outcome finish(TrainHead trainer, String fit) {
        return trainer.finish(fit, Pictures.NETWORK, "Net", Duration.ofHours(1));
    }

    @Test
    void whatCannotBeLearnedIsTold() {
        IllegalStateException few =
                assertThrows(IllegalStateException.class, () -> run("few", "--set=material"));
        assertTrue(few.getMessage().contains("expected at least 2 classes"), few::getMessage);
        IllegalArgumentException wrong =
                assertThrows(IllegalArgumentException.class, () -> run("wrong", "--sample=0"));
        assertTrue(wrong.getMessage().startsWith("--sample=0"), wrong::getMessage);
    }

    @Test
    void decodesEachFloat16AsJavaDoes() {
        for (int half = 0; half < 1 << 16; half++) {
            float expected = Float.float16ToFloat((short) half);
            float decoded = dev.graft.spark.Float16.decode(half);
            assertTrue(
                    Float.compare(expected, decoded) == 0,
                    "%04x: %s, expected %s".formatted(half, decoded, expected));
        }
    }

    private static Set<String> held(Path out) throws IOException {
        byte[] file = Files.readAllBytes(out.resolve("sample.json.gz"));
        String lines =
                new String(
                        new GZIPInputStream(new ByteArrayInputStream(file)).readAllBytes(),
                        StandardCharsets.UTF_8);
        ObjectMapper json = new ObjectMapper();
        return lines.lines()
                .map(
                        line -> {
                            try {
                                JsonNode image = json.readTree(line);
                                return image.path("key").asText();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        })
                .collect(Collectors.toSet());
    }

    /** Whether the two best classes are nearer than two fits of the same loss need agree. */
    private static boolean isTie(double[] p) {
        double[] rising = p.clone();
        Arrays.sort(rising);
        return rising[p.length - 1] - rising[p.length - 2] < 2 * MOST_DIFFERENCE;
    }

    private static Head ours(List<ImageFeature> images, Scaling scaling, double strength) {
        List<String> classes =
                images.stream()
                        .map(i -> i.label().orElseThrow().name())
                        .distinct()
                        .sorted()
                        .toList();
        int[] all = IntStream.range(0, images.size()).toArray();
        int[] labels =
                images.stream()
                        .mapToInt(i -> classes.indexOf(i.label().orElseThrow().name()))
                        .toArray();
        try (FeatureMatrix matrix = new FeatureMatrix()) {
            images.forEach(image -> matrix.add(image.feature(), image.key()));
            TrainingSet set =
                    TrainingSet.softmax(matrix, all, labels, new int[labels.length], classes);
            CrossEntropy loss = new CrossEntropy(set, all, scaling);
            double[] at = loss.minimize(strength, new double[loss.parameters()], 1e-9, () -> false);
            return new Head("ours", classes, Pictures.NETWORK, loss.head(at, 0));
        }
    }

    private static Head theirs(Path out, int number, List<String> classes) throws IOException {
        Safetensors tensors =
                Safetensors.read(Files.readAllBytes(out.resolve(number + ".safetensors")));
        return new Head(
                "theirs",
                classes,
                Pictures.NETWORK,
                new Head.Parameters(
                        tensors.floats("weights"),
                        tensors.floats("bias"),
                        tensors.floats("mean"),
                        tensors.floats("scale"),
                        1,
                        Activation.SOFTMAX));
    }

    private static void copy(Path out, IndexStore files) throws IOException {
        for (String name :
                List.of("0.safetensors", "1.safetensors", "sample.json.gz", "fit.json")) {
            files.write("fit/a/" + name, Files.readAllBytes(out.resolve(name)));
        }
    }
}
