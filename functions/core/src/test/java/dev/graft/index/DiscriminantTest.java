package dev.graft.index;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graft.feature.Vectors;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DiscriminantTest {
    private static final int WIDTH = 4;
    private static final float[] ASKED = Vectors.unit(new float[] {0.1f, 0.2f, 0.3f, 0.9f});

    private final DiscriminantSums sums =
            new DiscriminantSums(
                    IntStream.range(0, 30)
                            .mapToObj(i -> new DiscriminantSums.Row(row(i), i % 2, i / 2 % 5))
                            .toList(),
                    2,
                    5,
                    IntStream.range(0, 6).mapToObj(DiscriminantTest::marked).toList());

    private static float[] row(int i) {
        float[] row = new float[WIDTH];
        for (int j = 0; j < WIDTH; j++) {
            row[j] = (float) (Math.sin(7 * i + 3 * j) + (i % 2 == j ? 2 : 0));
        }
        return Vectors.unit(row);
    }

    private static float[] marked(int i) {
        float[] row = new float[WIDTH];
        for (int j = 0; j < WIDTH; j++) {
            row[j] = (float) (Math.cos(5 * i + j) + (j == 3 ? 2 : 0));
        }
        return Vectors.unit(row);
    }

    /** The expected values are numpy's, by the inverses of the covariances in float64. */
    @Test
    void scoresAreThoseOfInvertedCovariances() {
        assertScores(-70.80392759573455, -7.361616862920234, -57.86544149748372, -1);
        assertScores(-78.16774624006814, -10.258579295705875, -60.62929612955479, 2);
    }

    private void assertScores(double relative, double energy, double odds, int fold) {
        Discriminant.Scores found = sums.without(fold).of(ASKED);
        assertEquals(relative, found.relative(), 1e-4 * Math.abs(relative));
        assertEquals(energy, found.energy(), 1e-4 * Math.abs(energy));
        assertEquals(odds, found.odds(), 1e-4 * Math.abs(odds));
    }

    @Test
    void isWrittenAndRead() throws IOException {
        Discriminant discriminant = sums.without(-1);
        var bytes = new ByteArrayOutputStream();
        discriminant.write(new DataOutputStream(bytes));
        var in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
        assertEquals(discriminant.of(ASKED), Discriminant.read(in).of(ASKED));
        assertEquals(-1, in.read());
    }

    @Test
    void imagesThatAreAllTheSameAreNoError() {
        var same =
                new DiscriminantSums(
                        IntStream.range(0, 20)
                                .mapToObj(i -> new DiscriminantSums.Row(ASKED, i % 2, i % 5))
                                .toList(),
                        2,
                        5,
                        List.of());
        Discriminant.Scores found = same.without(0).of(row(3));
        assertEquals(true, Double.isFinite(found.relative()) && Double.isFinite(found.energy()));
        assertEquals(0, found.odds());
    }
}
