package dev.graft.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class VectorsTest {

    @Test
    void aUnitIsACopyOfLengthOne() {
        float[] feature = {3, 0, -4};
        assertArrayEquals(new float[] {0.6f, 0, -0.8f}, Vectors.unit(feature));
        assertArrayEquals(new float[] {3, 0, -4}, feature);
        assertArrayEquals(new float[2], Vectors.unit(new float[2]), "zeros stay zeros");
    }

    @Test
    void bothCosinesAgree() {
        float[] a = {1, 2, 3, 4, 5, 6, 7};
        float[] b = {7, -6, 5, 4, 3, 2, 1};
        double expected = Vectors.cosine(a, b);
        assertEquals(60.0 / 140, expected, 1e-12); // 7 - 12 + 15 + 16 + 15 + 12 + 7
        assertEquals(expected, Vectors.cosineOfUnits(Vectors.unit(a), Vectors.unit(b)), 1e-6);
    }

    @Test
    void orthonormalVectorsLeaveOutWhatDependsOnThoseBefore() {
        double[][] given = {{3, 0, 4}, {0, 0, 0}, {6, 0, 8}, {1, 2, 0}, {9, 2, 4}};
        double[][] found = Vectors.orthonormal(given);
        assertEquals(3, found.length);
        assertArrayEquals(new double[] {0.6, 0, 0.8}, found[0], 1e-12);
        for (int k = 0; k < found.length; k++) {
            for (int j = 0; j < found.length; j++) {
                assertEquals(k == j ? 1 : 0, Vectors.dot(found[k], found[j]), 1e-12);
            }
        }
    }

    @Test
    void theDotProductOfARowOfAMatrixIsThatOfTheRow() {
        float[] rows = {9, 9, 9, 9, 9, 1, 2, 3, 4, 5, 9};
        double[] b = {5, 4, 3, 2, 1};
        assertEquals(35, Vectors.dot(rows, 5, b)); // 5 + 8 + 9 + 8 + 5
    }

    @Test
    void columnsAreAddedWithTheirFactors() {
        float[][] rows = new float[5][7];
        float[] factors = new float[7];
        for (int k = 0; k < factors.length; k++) {
            factors[k] = k - 2;
            for (int i = 0; i < rows.length; i++) {
                rows[i][k] = 10 * k + i;
            }
        }
        float[][] columns = Vectors.columns(rows);
        assertArrayEquals(new float[] {20, 21, 22, 23, 24}, columns[2]);
        assertEquals(0, Vectors.columns(new float[0][]).length);
        float[] sums = {1, 1, 1, 1, 1};
        Vectors.addColumns(sums, columns, factors);
        // 1 + the sum of (k - 2) (10 k + i) for k of 0 to 6
        assertArrayEquals(new float[] {491, 498, 505, 512, 519}, sums);
    }
}
