import dev.graft.benchmarks.ManyRows;
import dev.graft.feature.Float16;
import dev.graft.feature.Vectors;
import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ListRandomAccessVectorValues;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene103.Lucene103Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.store.ByteBuffersDirectory;

/**
 * The engines of Maven Central that find neighbours, on the rows of NeighboursBenchmark and with the
 * same arguments: JVector's graph and Lucene's with scalar quantization, each on one thread. Not
 * compiled with the rest, as Graft has neither of them; the head of infra/SCALE.md has the command.
 */
final class EnginesBenchmark {
    private static final int NEAREST = 10;

    public static void main(String[] arguments) throws Exception {
        int count = Integer.parseInt(arguments[1]);
        ManyRows.Set set =
                arguments[0].endsWith(".npy")
                        ? ManyRows.real(Path.of(arguments[0]), count, 100)
                        : ManyRows.clustered(count, Integer.parseInt(arguments[0]), 100);
        float[][] rows = units(set.rows());
        float[][] asks = units(set.asks());
        List<Set<Integer>> truth = Arrays.stream(asks).map(ask -> exact(rows, ask)).toList();
        jvector(rows, asks, truth);
        lucene(rows, asks, truth);
    }

    private static void jvector(float[][] rows, float[][] asks, List<Set<Integer>> truth)
            throws Exception {
        var types = VectorizationProvider.getInstance().getVectorTypeSupport();
        List<VectorFloat<?>> vectors = new ArrayList<>();
        for (float[] row : rows) {
            vectors.add(types.createFloatVector(row));
        }
        var values = new ListRandomAccessVectorValues(vectors, rows[0].length);
        var function = VectorSimilarityFunction.DOT_PRODUCT;
        long before = cpu();
        try (var builder =
                new GraphIndexBuilder(
                        BuildScoreProvider.randomAccessScoreProvider(values, function),
                        rows[0].length, 16, 100, 1.2f, 1.2f, true, true,
                        new ForkJoinPool(1), new ForkJoinPool(1))) {
            var graph = builder.build(values);
            double built = (cpu() - before) / 1e9;
            for (int fanout : new int[] {10, 50, 100, 200}) {
                told("JVector 4.0.0-rc.5, of " + fanout, built, asks, truth, ask -> {
                    var found = GraphSearcher.search(
                            types.createFloatVector(ask), fanout, values, function, graph, Bits.ALL);
                    return Arrays.stream(found.getNodes()).limit(NEAREST).map(n -> n.node).toList();
                });
            }
        }
    }

    private static void lucene(float[][] rows, float[][] asks, List<Set<Integer>> truth)
            throws Exception {
        var codec = new Lucene103Codec() {
            @Override
            public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                return new Lucene99HnswScalarQuantizedVectorsFormat();
            }
        };
        long before = cpu();
        var directory = new ByteBuffersDirectory();
        var config = new IndexWriterConfig().setCodec(codec).setRAMBufferSizeMB(2_000);
        try (var writer = new IndexWriter(directory, config)) {
            for (int i = 0; i < rows.length; i++) {
                var document = new Document();
                document.add(new KnnFloatVectorField(
                        "v", rows[i], org.apache.lucene.index.VectorSimilarityFunction.DOT_PRODUCT));
                document.add(new StoredField("n", i));
                writer.addDocument(document);
            }
            writer.forceMerge(1);
        }
        double built = (cpu() - before) / 1e9;
        try (var reader = DirectoryReader.open(directory)) {
            var searcher = new IndexSearcher(reader);
            for (int fanout : new int[] {10, 50, 100, 200}) {
                told("Lucene 10.3.1, of " + fanout, built, asks, truth, ask -> {
                    try {
                        var found = searcher.search(new KnnFloatVectorQuery("v", ask, fanout), NEAREST);
                        return Arrays.stream(found.scoreDocs).map(d -> d.doc).toList();
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
            }
        }
    }

    private static void told(
            String name, double built, float[][] asks, List<Set<Integer>> truth,
            Function<float[], List<Integer>> search) {
        double[] micros = new double[asks.length];
        int found = 0;
        for (int round = 0; round < 5; round++) {
            found = 0;
            for (int i = 0; i < asks.length; i++) {
                long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                List<Integer> places = search.apply(asks[i]);
                micros[i] = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1e3;
                Set<Integer> expected = truth.get(i);
                found += (int) places.stream().filter(expected::contains).count();
            }
        }
        Arrays.sort(micros);
        System.out.printf(Locale.ROOT, "%-28s built in %,6.0f CPU s, recall at 10 %.3f, a query %,6.0f CPU us%n",
                name, built, found / (double) (NEAREST * asks.length), micros[micros.length / 2]);
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static float[][] units(List<byte[]> rows) {
        return rows.parallelStream().map(row -> Vectors.unit(Float16.decode(row))).toArray(float[][]::new);
    }

    private static Set<Integer> exact(float[][] rows, float[] ask) {
        double[] cosines = Arrays.stream(rows).parallel().mapToDouble(row -> Vectors.dot(row, ask)).toArray();
        double least = Arrays.stream(cosines).sorted().skip(rows.length - NEAREST).findFirst().orElseThrow();
        Set<Integer> best = new HashSet<>();
        for (int i = 0; i < cosines.length; i++) {
            if (cosines[i] >= least) {
                best.add(i);
            }
        }
        return best;
    }
}
