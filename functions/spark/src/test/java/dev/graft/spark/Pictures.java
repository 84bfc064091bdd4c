package dev.graft.spark;

import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.SetLabels;
import dev.graft.feature.UnreadableImage;
import dev.graft.testing.InMemoryFeatureStore;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A store with images to learn from, and with what is not to be learned from. */
record Pictures(InMemoryFeatureStore store) {
    static final String NETWORK = "net";
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final int WIDTH = 24;

    /** Those of {@code -Dfeatures=}, else some that are made up. */
    static Pictures ofTest() throws IOException {
        Pictures pictures = new Pictures(new InMemoryFeatureStore());
        String file = System.getProperty("features", "");
        if (file.isBlank()) {
            pictures.makeUp();
        } else {
            pictures.read(Path.of(file));
        }
        pictures.addOthers();
        return pictures;
    }

    static boolean ofFit(String name) {
        return name.startsWith("fit/");
    }

    /** The means of three classes are near each other, and the values differ in what they count. */
    private void makeUp() {
        Random random = new Random(1);
        for (int i = 0; i < 600; i++) {
            int hot = i % 7 < 4 ? 0 : i % 7 < 6 ? 1 : 2;
            float[] values = new float[WIDTH];
            for (int j = 0; j < WIDTH; j++) {
                double scale = Math.pow(2, j % 5 - 3);
                values[j] = (float) (scale * (random.nextGaussian() + (j % 3 == hot ? 0.6 : 0)));
            }
            values[WIDTH - 1] = 0.5f; // a column that does not vary
            values[WIDTH - 2] = random.nextInt(100) * 0x1p-24f; // subnormal
            add("%d.jpg".formatted(i), List.of("cat", "dog", "Ärger \"x\"").get(hot), values, i);
        }
    }

    private void read(Path npy) throws IOException {
        List<String> lines = Files.readAllLines(Path.of(npy.toString().replace(".npy", ".tsv")));
        byte[] file = Files.readAllBytes(npy);
        int header = 10 + (file[8] & 0xff) + ((file[9] & 0xff) << 8);
        int bytes = (file.length - header) / lines.size();
        for (int i = 0; i < lines.size(); i++) {
            String[] cells = lines.get(i).split("\t");
            int from = header + i * bytes;
            byte[] feature = Arrays.copyOfRange(file, from, from + bytes);
            put(cells[0], Optional.of(cells[1]), NETWORK, feature, new File(cells[2], i));
        }
    }

    /** Without label, none of the classes, the only one of its class, of another network. */
    private void addOthers() {
        byte[] some = store.find(labelled().getFirst().key(), NETWORK).orElseThrow().feature();
        put("unlabelled.jpg", Optional.empty(), NETWORK, some, file(901));
        put("none.jpg", Optional.of(Label.NONE_OF_THESE), NETWORK, some, file(902));
        put("other.jpg", Optional.of("fox"), "another net", some, file(904));
        store.putUnreadable(new UnreadableImage("images/bad.jpg", "no image", "1", NOON));
    }

    private void add(String name, String label, float[] values, int number) {
        put(name, Optional.of(label), NETWORK, Float16.encode(values), file(number));
    }

    private void put(
            String name, Optional<String> label, String network, byte[] feature, File file) {
        store.put(
                new ImageFeature(
                        "images/" + name,
                        SetLabels.of(label.map(text -> new Label(text, LabelSource.FOLDER))),
                        network,
                        feature,
                        file.hash(),
                        8,
                        8,
                        "1",
                        NOON.plusMillis(file.number()),
                        "",
                        new byte[0]));
    }

    /** What is uploaded; the number says when. */
    private record File(String hash, int number) {}

    private static File file(int number) {
        return new File("%064x".formatted(new BigInteger(255, new Random(number))), number);
    }

    /** Those to learn from, by key. */
    List<ImageFeature> labelled() {
        List<ImageFeature> found = new ArrayList<>();
        store.scan(
                NETWORK,
                image -> {
                    if (image.label().map(Label::name).filter(Label::isOfClass).isPresent()) {
                        synchronized (found) {
                            found.add(image);
                        }
                    }
                });
        found.sort(Comparator.comparing(ImageFeature::key));
        return found;
    }

    /** Of those, sorted. */
    List<String> classes() {
        return labelled().stream()
                .map(image -> image.label().orElseThrow().name())
                .distinct()
                .sorted()
                .toList();
    }
}
