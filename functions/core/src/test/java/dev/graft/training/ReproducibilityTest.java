package dev.graft.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.graft.fit.Sets;
import dev.graft.fit.TrainingSet;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import dev.graft.head.HeadFiles;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same images give the same head, whatever the machine. */
class ReproducibilityTest {
    @ParameterizedTest
    @EnumSource
    void anyNumberOfThreadsAndAnyOrderOfRowsGiveTheSameBytes(Activation activation)
            throws Exception {
        TrainingSettings settings = new TrainingSettings(activation, 5, 5, List.of(1.0, 0.1), 0.25);
        byte[] first = null;
        for (int threads : new int[] {1, 2, 7}) {
            Random order = new Random(threads);
            TrainingSet set =
                    activation == Activation.SIGMOID
                            ? Sets.several(3_000, 300, order)
                            : Sets.random(3_000, 300, order);
            byte[] bytes;
            try (ForkJoinPool pool = new ForkJoinPool(threads)) {
                bytes = pool.submit(() -> tensors(set, settings)).get();
            }
            first = first == null ? bytes : first;
            assertArrayEquals(first, bytes, threads + " threads");
        }
    }

    private static byte[] tensors(TrainingSet set, TrainingSettings settings) {
        Choice best = CrossValidation.choose(set, settings, Deadline.none()).best();
        Head head = new Head("v", Sets.CLASSES, "net", CrossValidation.fit(set, best, () -> false));
        return HeadFiles.tensors(head);
    }
}
