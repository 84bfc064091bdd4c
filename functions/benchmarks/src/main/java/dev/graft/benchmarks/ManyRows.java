package dev.graft.benchmarks;

import dev.graft.feature.Float16;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Features for questions about many: real ones, again and again with noise, or made up ones in
 * clusters. Every eleventh picture is left out of the real ones and asks. The same ones each time.
 */
public final class ManyRows {
    private static final int ASKS_EACH = 11;

    /** Standard deviation of the noise of a copy, of that of the picture's values. */
    private static final float NOISE = 0.25f;

    private static final int CLUSTER = 500;
    private static final int DIRECTIONS = 12;

    private ManyRows() {}

    /**
     * Rows that are searched, and rows that ask.
     *
     * @param rows each as {@link Float16} has it
     * @param asks likewise, none of them among the rows
     */
    public record Set(List<byte[]> rows, List<byte[]> asks) {}

    /** Of a file of features, see {@link FeatureFiles}: without noise where it has as many rows. */
    public static Set real(Path npy, int count, int asks) throws IOException {
        List<byte[]> all = read(npy);
        List<byte[]> known = every(all, false);
        List<byte[]> others = every(all, true);
        return new Set(
                IntStream.range(0, count)
                        .parallel()
                        .mapToObj(
                                i ->
                                        i < known.size()
                                                ? known.get(i)
                                                : noisy(known.get(i % known.size()), i))
                        .toList(),
                others.stream().limit(asks).toList());
    }

    private static List<byte[]> every(List<byte[]> all, boolean asks) {
        return IntStream.range(0, all.size())
                .filter(i -> i % ASKS_EACH == 0 == asks)
                .mapToObj(all::get)
                .toList();
    }

    /** The feature with noise; values of a network's last pooling are never below 0. */
    static byte[] noisy(byte[] feature, long seed) {
        Random random = new Random(seed);
        float[] values = Float16.decode(feature);
        double mean = 0;
        double square = 0;
        for (float value : values) {
            mean += value / values.length;
            square += value * value / values.length;
        }
        float noise = NOISE * (float) Math.sqrt(square - mean * mean);
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.max(0, values[i] + noise * (float) random.nextGaussian());
        }
        return Float16.encode(values);
    }

    /**
     * Clusters of {@value #CLUSTER} around centres of their own, each spread in a dozen directions
     * much and in all others little.
     */
    public static Set clustered(int count, int width, int asks) {
        int clusters = (count + CLUSTER - 1) / CLUSTER;
        return new Set(
                IntStream.range(0, clusters)
                        .parallel()
                        .boxed()
                        .flatMap(
                                c ->
                                        new Cluster(c, width)
                                                .rows(Math.min(CLUSTER, count - c * CLUSTER)))
                        .toList(),
                IntStream.range(0, asks)
                        .mapToObj(i -> new Cluster(i * 7 % clusters, width).row(new Random(i)))
                        .toList());
    }

    /** Its centre and the directions that it is spread in. */
    private static final class Cluster {
        private final int number;
        private final float[] centre;
        private final float[][] directions;

        Cluster(int number, int width) {
            Random random = new Random(number);
            this.number = number;
            this.centre = gaussian(random, width);
            this.directions =
                    IntStream.range(0, DIRECTIONS)
                            .mapToObj(d -> gaussian(random, width))
                            .toArray(float[][]::new);
        }

        private static float[] gaussian(Random random, int width) {
            float[] values = new float[width];
            for (int i = 0; i < width; i++) {
                values[i] = (float) random.nextGaussian();
            }
            return values;
        }

        Stream<byte[]> rows(int count) {
            Random random = new Random(-1L - number);
            return IntStream.range(0, count).mapToObj(i -> row(random));
        }

        byte[] row(Random random) {
            float[] values = centre.clone();
            for (float[] direction : directions) {
                float along = (float) random.nextGaussian() / 4;
                for (int i = 0; i < values.length; i++) {
                    values[i] += along * direction[i];
                }
            }
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.max(0, values[i] + (float) random.nextGaussian() / 5);
            }
            return Float16.encode(values);
        }
    }

    private static List<byte[]> read(Path npy) throws IOException {
        byte[] file = Files.readAllBytes(npy);
        int start = 10 + (file[8] & 0xff) + ((file[9] & 0xff) << 8);
        String header = new String(file, 10, start - 10, StandardCharsets.US_ASCII);
        int width = Integer.parseInt(header.replaceAll(".*\\((\\d+), (\\d+)\\).*\\s*", "$2"));
        return IntStream.range(0, (file.length - start) / (2 * width))
                .mapToObj(
                        i ->
                                Arrays.copyOfRange(
                                        file, start + 2 * width * i, start + 2 * width * (i + 1)))
                .toList();
    }
}
