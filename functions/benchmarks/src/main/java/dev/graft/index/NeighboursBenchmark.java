package dev.graft.index;

import com.sun.management.OperatingSystemMXBean;
import dev.graft.benchmarks.ManyRows;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Recall, memory and time of the ways to find neighbours. Arguments: FILE.npy of features, or a
 * width for made up ones, and how many rows.
 */
public final class NeighboursBenchmark {
    private static final int ASKS = 100;
    private static final int NEAREST = 10;
    private static final int CHUNK = 1 << 16;

    /** Searches by bounds are short, so that the compiler is done later. */
    private static final int WARM_UP = 2_000;

    private NeighboursBenchmark() {}

    /** Measures. */
    public static void main(String[] arguments) throws IOException {
        int count = Integer.parseInt(arguments[1]);
        ManyRows.Set set =
                arguments[0].endsWith(".npy")
                        ? ManyRows.real(Path.of(arguments[0]), count, ASKS)
                        : ManyRows.clustered(count, Integer.parseInt(arguments[0]), ASKS);
        List<float[]> asks =
                set.asks().stream().map(ask -> KeptFeature.stored(ask).unit()).toList();
        long before = heap();
        KeptFeature[] halves = halves(set.rows());
        long ofHalves = heap() - before;
        ExactSearch exact = new ExactSearch(halves);
        List<int[]> truth =
                asks.stream().map(ask -> sorted(exact.nearest(ask, NEAREST, i -> true))).toList();
        told("exact, float16", exact, asks, truth, ofHalves);
        before = heap();
        long start = ofProcess();
        exact.makeBounds();
        double bounded = (ofProcess() - start) / 1e9;
        System.out.printf(Locale.ROOT, "bounds made in %.1f CPU s%n", bounded);
        long ofBounds = heap() - before;
        for (int i = 0; i < WARM_UP; i++) {
            exact.nearest(asks.get(i % asks.size()), NEAREST, place -> true);
        }
        told("exact, with bounds", exact, asks, truth, ofHalves + ofBounds);
        before = heap();
        KeptFeature[] codes =
                Arrays.stream(halves)
                        .parallel()
                        .map(KeptFeature::coded)
                        .toArray(KeptFeature[]::new);
        long ofCodes = heap() - before;
        told("all, int8", new ExactSearch(codes), asks, truth, ofCodes);
        start = ofProcess();
        Cells cells = Cells.of(List.of(codes));
        double learned = (ofProcess() - start) / 1e9;
        int[] cellOf = Arrays.stream(codes).parallel().mapToInt(cells::of).toArray();
        System.out.printf(
                Locale.ROOT,
                "%d cells learned in %.1f CPU s, all assigned in %.1f CPU s%n",
                cells.count(),
                learned,
                (ofProcess() - start) / 1e9 - learned);
        KeptFeature[] byCell = sideBySide(codes, cellOf);
        for (int compared : new int[] {5_000, 10_000, 20_000, 30_000, 40_000}) {
            Search search = new CellSearch(byCell, cells, cellOf, compared);
            told("cells, int8, " + compared, search, asks, truth, ofCodes);
        }
    }

    private static KeptFeature[] halves(List<byte[]> rows) {
        KeptFeature[] kept = new KeptFeature[rows.size()];
        int width = rows.getFirst().length / 2;
        int together = CHUNK / width;
        short[] chunk = new short[0];
        for (int i = 0; i < kept.length; i++) {
            chunk = i % together == 0 ? new short[together * width] : chunk;
            kept[i] = KeptFeature.Halves.of(rows.get(i), chunk, i % together * width);
        }
        return kept;
    }

    /** The same features, those of a cell side by side in memory, as after reading a file. */
    private static KeptFeature[] sideBySide(KeptFeature[] codes, int[] cellOf) {
        KeptFeature[] moved = new KeptFeature[codes.length];
        byte[] chunk = new byte[0];
        int used = 0;
        List<Integer> places =
                IntStream.range(0, codes.length)
                        .boxed()
                        .sorted(Comparator.comparingInt(i -> cellOf[i]))
                        .toList();
        for (int place : places) {
            KeptFeature.Codes one = codes[place].coded();
            if (chunk.length - used < one.width()) {
                chunk = new byte[CHUNK / one.width() * one.width()];
                used = 0;
            }
            System.arraycopy(one.codes(), one.from(), chunk, used, one.width());
            moved[place] = KeptFeature.Codes.of(chunk, used, one.width(), one.step());
            used += one.width();
        }
        return moved;
    }

    private static void told(
            String name, Search search, List<float[]> asks, List<int[]> truth, long bytes) {
        double[] micros = new double[asks.size()];
        int found = 0;
        for (int round = 0; round < 2; round++) {
            found = 0;
            for (int i = 0; i < micros.length; i++) {
                long start = cpu();
                int[] places = search.nearest(asks.get(i), NEAREST, place -> true);
                micros[i] = (cpu() - start) / 1e3;
                Set<Integer> wanted =
                        IntStream.of(truth.get(i)).boxed().collect(Collectors.toSet());
                found += (int) IntStream.of(places).filter(wanted::contains).count();
            }
        }
        Arrays.sort(micros);
        System.out.printf(
                Locale.ROOT,
                "%-28s recall at 10 %.3f, a query %,8.0f CPU us (median; 9 of 10 within %,.0f), %,6d MB%n",
                name,
                found / (double) (NEAREST * asks.size()),
                micros[micros.length / 2],
                micros[micros.length * 9 / 10],
                bytes >> 20);
    }

    /** Of this thread, so that what else runs on the machine counts little. */
    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long ofProcess() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static int[] sorted(int[] places) {
        return Arrays.stream(places).sorted().toArray();
    }

    private static long heap() {
        System.gc();
        Supplier<Long> used =
                () -> Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        return used.get();
    }
}
