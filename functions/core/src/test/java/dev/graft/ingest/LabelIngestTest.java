package dev.graft.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.Label;
import dev.graft.feature.LabelChange;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelSource;
import dev.graft.feature.LabelStore;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.feature.LabelsPerImage;
import dev.graft.feature.StoreException;
import dev.graft.feature.UnreadableImage;
import dev.graft.ingest.ImageIngest.Outcome;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryImageIndex;
import dev.graft.testing.InMemoryImageStore;
import dev.graft.testing.InMemoryLabelSets;
import dev.graft.testing.MeanBackbone;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images and label files as the bucket reports them, in whatever order. */
class LabelIngestTest {
    private static final InstantSource CLOCK =
            InstantSource.fixed(Instant.parse("2026-11-24T10:00:00Z"));
    private static final String FILE = "labels/all.csv";

    private final InMemoryImageStore bucket = new InMemoryImageStore();
    private final InMemoryFeatureStore features = new InMemoryFeatureStore();
    private final InMemoryLabelSets sets = new InMemoryLabelSets(features);
    private final LabelIngest labels =
            new LabelIngest(
                    new LabelIngest.Stores(bucket, features, features, sets),
                    1 << 20,
                    LabelsPerImage.ONE,
                    CLOCK);
    private final ImageIngest images =
            new ImageIngest(
                    bucket, features, new FeatureExtractor(new MeanBackbone()), 1 << 20, CLOCK);

    private void labelFile(String text) {
        bucket.put(FILE, text.getBytes(UTF_8));
    }

    private Optional<Label> label(String key) {
        return features.find(key, "mean").orElseThrow().label();
    }

    private List<UnreadableImage> told() {
        return new InMemoryImageIndex(features).unreadable(9, Optional.empty()).images();
    }

    private static Optional<Label> fromFile(String name) {
        return Optional.of(new Label(name, LabelSource.FILE));
    }

    @Test
    void labelsWhatIsThereAndWhatComesLater() throws IOException {
        bucket.put("images/cat/a.png", png());
        bucket.put("images/b.png", png());
        assertEquals(Outcome.FEATURIZED, images.created("images/cat/a.png", "01"));
        labelFile("images/cat/a.png,dog\nimages/b.png,fox\n");
        assertEquals(Outcome.LABELLED, labels.created(FILE, "02"));
        assertEquals(Outcome.FEATURIZED, images.created("images/b.png", "03"));
        assertEquals(fromFile("dog"), label("images/cat/a.png"));
        assertEquals(fromFile("fox"), label("images/b.png"));
        assertEquals(Outcome.FEATURIZED, images.created("images/cat/a.png", "04"));
        assertEquals(fromFile("dog"), label("images/cat/a.png"), "also when it is sent again");
    }

    @Test
    void aFileLabelsSeveralSetsAtOnce() throws IOException {
        LabelSet damage = new LabelSet("damage");
        LabelSet season = new LabelSet("season");
        bucket.put("images/cat/a.png", png());
        images.created("images/cat/a.png", "01");
        String file = "labels/sets.jsonl";
        String lines =
                """
                {"key": "images/cat/a.png", "labels": ["dent", "rust"], "set": "damage"}
                {"key": "images/cat/a.png", "label": "winter", "set": "season"}
                """;
        bucket.put(file, lines.getBytes(UTF_8));
        assertEquals(Outcome.UNREADABLE, labels.created(file, "02"));
        String told = told().getFirst().reason();
        assertTrue(told.contains("line 1: the labels are dent and rust, expected one"), told);
        assertEquals(0, sets.all().size(), "nothing of it was used");
        sets.put(damage, LabelsPerImage.SEVERAL);
        assertEquals(Outcome.LABELLED, labels.reread(file));
        assertEquals(List.of(), told());
        var found = features.find("images/cat/a.png", "mean").orElseThrow();
        assertEquals(fromFile("dent+rust"), found.in(damage).label());
        assertEquals(fromFile("winter"), found.in(season).label());
        assertEquals("cat", found.label().orElseThrow().name());
    }

    @Test
    void aPersonKeepsTheLastWord() throws IOException {
        bucket.put("images/cat/a.png", png());
        images.created("images/cat/a.png", "01");
        Optional<Label> fox = Optional.of(new Label("fox", LabelSource.CORRECTION));
        features.decide(Decision.of("images/cat/a.png", Optional.of("fox"), "a person"));
        labelFile("images/cat/a.png,dog\n");
        assertEquals(Outcome.LABELLED, labels.created(FILE, "02"));
        assertEquals(fox, label("images/cat/a.png"));
    }

    private static String lines(int number) {
        return IntStream.range(0, number)
                .mapToObj("images/%05d.jpg,dog\n"::formatted)
                .collect(Collectors.joining());
    }

    /** Applies a file on a store that does something before one of its decisions. */
    private Outcome applied(int decision, Runnable before, String sequencer, AtomicInteger made) {
        LabelStore store =
                new LabelStore() {
                    @Override
                    public LabelStore in(LabelSet set) {
                        return this;
                    }

                    @Override
                    public Answer decide(Decision wanted) {
                        if (made.incrementAndGet() == decision) {
                            before.run();
                        }
                        return features.decide(wanted);
                    }

                    @Override
                    public List<LabelChange> history(String key) {
                        return features.history(key);
                    }
                };
        return new LabelIngest(
                        new LabelIngest.Stores(bucket, features, store, sets),
                        1 << 20,
                        LabelsPerImage.ONE,
                        CLOCK)
                .created(FILE, sequencer);
    }

    @Test
    void aLongFileTellsHowFarItIs() {
        labelFile(lines(2500));
        List<String> told = new ArrayList<>();
        var made = new AtomicInteger();
        Runnable look = () -> told().forEach(note -> told.add(note.reason()));
        assertEquals(Outcome.LABELLED, applied(2001, look, "02", made));
        assertEquals(
                List.of(
                        "2,000 of 2,500 lines are applied so far, the others follow; to stop, delete the file"),
                told);
        assertEquals(2500, made.get());
        assertTrue(told().getFirst().reason().contains("0 of 2,500 lines matched an image"));
    }

    @Test
    void aLongFileThatIsDeletedOrReplacedStops() {
        labelFile(lines(2500));
        var made = new AtomicInteger();
        assertEquals(Outcome.GONE, applied(500, () -> bucket.delete(FILE), "02", made));
        assertEquals(1000, made.get());
        assertEquals(Outcome.REMOVED, labels.removed(FILE, "03"));
        assertEquals(List.of(), told());
        labelFile(lines(2500));
        assertEquals(Outcome.GONE, applied(1500, () -> labelFile(lines(1)), "04", made));
        assertEquals(2000, made.get());
        assertEquals(Outcome.LABELLED, labels.created(FILE, "05"));
    }

    /** As by a function that is killed: Lambda sends the event again. */
    @Test
    void aLongFileThatWasBrokenOffGoesOnWhenItComesAgain() {
        labelFile(lines(2500));
        Runnable kill =
                () -> {
                    throw new StoreException("no response", null);
                };
        assertThrows(StoreException.class, () -> applied(1800, kill, "02", new AtomicInteger()));
        long before = features.known("images/00000.jpg").version();
        assertTrue(told().getFirst().reason().startsWith("1,000 of 2,500 lines are applied"));
        assertEquals(Outcome.LABELLED, labels.created(FILE, "02"));
        assertEquals("dog", features.known("images/02499.jpg").label().orElseThrow().name());
        assertEquals(before, features.known("images/00000.jpg").version(), "nothing written twice");
    }

    @Test
    void aWrongFileChangesNothingAndIsTold() throws IOException {
        bucket.put("images/cat/a.png", png());
        images.created("images/cat/a.png", "01");
        labelFile("images/cat/a.png,dog\nimages/b.png\n");
        assertEquals(Outcome.UNREADABLE, labels.created(FILE, "02"));
        assertEquals("cat", label("images/cat/a.png").orElseThrow().name());
        var told = told().getFirst();
        assertEquals(FILE, told.key());
        assertTrue(told.reason().contains("line 2"), told.reason());
        labelFile("images/cat/a.png,dog\n");
        assertEquals(Outcome.LABELLED, labels.created(FILE, "03"));
        assertEquals(List.of(), told(), "mended");
    }

    @Test
    void deletingAFileLeavesTheLabelsItGave() throws IOException {
        bucket.put("images/cat/a.png", png());
        images.created("images/cat/a.png", "01");
        labelFile("images/cat/a.png,dog\n");
        labels.created(FILE, "02");
        bucket.delete(FILE);
        assertEquals(Outcome.REMOVED, labels.removed(FILE, "03"));
        assertEquals(fromFile("dog"), label("images/cat/a.png"));
        assertEquals(Outcome.GONE, labels.created(FILE, "02"), "late");
    }

    @Test
    void otherEndingsAreTold() {
        for (String name : List.of("all.xlsx", "all.json", "readme.txt", "CSV", "all.csv.gz")) {
            String key = "labels/" + name;
            bucket.put(key, new byte[] {'P', 'K'});
            assertEquals(Outcome.UNREADABLE, labels.created(key, "01"), name);
            var told = told().getFirst();
            assertEquals(key, told.key());
            assertTrue(told.reason().contains("expected .csv, .tsv, .jsonl or .manifest"));
            bucket.delete(key);
            assertEquals(Outcome.REMOVED, labels.removed(key, "02"));
            assertEquals(List.of(), told());
        }
        assertEquals(Outcome.IGNORED, labels.created("labels/", "01"));
        assertEquals(Outcome.IGNORED, labels.removed("labels/folder/", "01"));
    }

    @Test
    void theEndingMayBeInUpperCase() throws IOException {
        bucket.put("images/a.png", png());
        images.created("images/a.png", "01");
        bucket.put("labels/ALL.CSV", "KEY,LABEL\nimages/a.png,dog\n".getBytes(UTF_8));
        assertEquals(Outcome.LABELLED, labels.created("labels/ALL.CSV", "02"));
        assertEquals(fromFile("dog"), label("images/a.png"));
    }

    @Test
    void linesThatMatchNoImageAreCountedAndShown() throws IOException {
        bucket.put("images/a.png", png());
        images.created("images/a.png", "01");
        labelFile(
                "key,label\nimages/a.png,dog\nimages/b.png,fox\nimages/c.png,fox\nimages/d.png,\n");
        assertEquals(Outcome.LABELLED, labels.created(FILE, "02"));
        assertEquals(
                "when the file was read, 1 of 3 lines matched an image; the first that did not is line 3, 'images/b.png':"
                        + " its label waits for an image of that key; line 5 is without a label",
                told().getFirst().reason());
        bucket.put("images/b.png", png());
        images.created("images/b.png", "03");
        assertEquals(fromFile("fox"), label("images/b.png"));
        labelFile("images/a.png,dog\nimages/b.png,fox\n");
        labels.created(FILE, "04");
        assertEquals(List.of(), told(), "all match now");
    }

    @Test
    void aJobThatFailedIsCountedAndItsFileIsUsed() throws IOException {
        bucket.put("images/a.png", png());
        images.created("images/a.png", "01");
        String file = "labels/job.manifest";
        String text =
                """
                {"source-ref": "s3://b/images/a.png", "j": 0, "j-metadata": {"class-name": "cat", "type": "groundtruth/image-classification"}}
                {"source-ref": "s3://b/images/b.png", "j-metadata": {"failure-reason": "ClientError: expired"}}
                """;
        bucket.put(file, text.getBytes(UTF_8));
        assertEquals(Outcome.LABELLED, labels.created(file, "02"));
        assertEquals(fromFile("cat"), label("images/a.png"));
        assertEquals("line 2 is of a labelling job that failed", told().getFirst().reason());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "images/red cat/a.png  | images/red cat/a.png",
                "images/red cat/a.png  | images/red+cat/a.png",
                "images/red cat/a.png  | images/red%20cat/a.png",
                "images/a+b.png        | images/a+b.png",
                "images/a+b.png        | images/a%2Bb.png",
                "images/100%.png       | images/100%.png",
                "images/100%.png       | images/100%25.png",
                "images/%E7%8C%AB.png  | images/%E7%8C%AB.png",
                "images/\u732b.png    | images/%E7%8C%AB.png",
                "images/\u00e9.png    | images/e\u0301.png",
                "images/e\u0301.png   | images/\u00e9.png",
                "images/e\u0301 b.png | images/%C3%A9+b.png",
                "images/plain.png      | s3://bucket/images/plain.png",
            })
    void aKeyIsFoundHoweverItIsWritten(String key, String written) throws IOException {
        bucket.put(key, png());
        images.created(key, "01");
        labelFile("\"" + written + " \",dog\n");
        assertEquals(Outcome.LABELLED, labels.created(FILE, "02"));
        assertEquals(fromFile("dog"), label(key));
        assertEquals(List.of(), told());
    }

    @Test
    void ofTwoImagesTheOneWrittenIsMeant() throws IOException {
        for (String key : List.of("images/a b.png", "images/a+b.png", "images/a%20b.png")) {
            bucket.put(key, png());
            images.created(key, "01");
        }
        labelFile("images/a+b.png,plus\nimages/a%20b.png,percent\nimages/a b.png,space\n");
        labels.created(FILE, "02");
        assertEquals(fromFile("plus"), label("images/a+b.png"));
        assertEquals(fromFile("percent"), label("images/a%20b.png"));
        assertEquals(fromFile("space"), label("images/a b.png"));
    }

    @Test
    void aLabelWaitsForAKeyInAnotherForm() throws IOException {
        bucket.put("images/a b.png", png());
        images.created("images/a b.png", "01");
        labelFile("images/a+b.png,dog\nimages/c%C3%A9.png,fox\nimages/d+e.png,owl\n");
        labels.created(FILE, "02");
        for (String key : List.of("images/ce\u0301.png", "images/d e.png")) {
            bucket.put(key, png());
            images.created(key, "03");
        }
        assertEquals(fromFile("dog"), label("images/a b.png"));
        assertEquals(fromFile("fox"), label("images/ce\u0301.png"));
        assertEquals(fromFile("owl"), label("images/d e.png"), "the file is URL-encoded");
    }

    @Test
    void labelsAreComposed() throws IOException {
        bucket.put("images/cafe\u0301/a.png", png());
        images.created("images/cafe\u0301/a.png", "01");
        assertEquals("caf\u00e9", label("images/cafe\u0301/a.png").orElseThrow().name());
        labelFile("images/cafe\u0301/a.png,the\u0301\n");
        labels.created(FILE, "02");
        assertEquals(fromFile("th\u00e9"), label("images/cafe\u0301/a.png"));
    }

    @Test
    void withoutALineOfAFileTheObjectSays() throws IOException {
        String key = "images/cat/a.png";
        bucket.put(key, png(), Optional.of("tagged"), Optional.of("meta"));
        images.created(key, "01");
        assertEquals(Optional.of(new Label("tagged", LabelSource.TAG)), label(key));
        bucket.put(key, png(), Optional.empty(), Optional.of(" meta "));
        images.created(key, "02");
        assertEquals(Optional.of(new Label("meta", LabelSource.METADATA)), label(key));
        bucket.put(key, png());
        images.created(key, "03");
        assertEquals(Optional.of(new Label("cat", LabelSource.FOLDER)), label(key));
        bucket.put("images/a.png", png());
        images.created("images/a.png", "04");
        assertEquals(Optional.empty(), label("images/a.png"));
    }

    private static byte[] png() throws IOException {
        try (InputStream in = LabelIngestTest.class.getResourceAsStream("/images/alpha.png")) {
            return in.readAllBytes();
        }
    }
}
