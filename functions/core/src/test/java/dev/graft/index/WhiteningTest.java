package dev.graft.index;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graft.feature.Vectors;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WhiteningTest {
    /** More than two blocks of columns, and no multiple of four. */
    private static final int WIDTH = 131;

    /** y = L^-1 C v has the square v' C v, as C = L L'. */
    @Test
    void whatIsWhitenedHasTheLengthThatTheCovarianceGivesIt() {
        Random random = new Random(1);
        double[][] covariance = covariance(random);
        Whitening whitening = Whitening.of(covariance);
        for (int turn = 0; turn < 20; turn++) {
            double[] vector = random.doubles(WIDTH, -1, 1).toArray();
            double[] product = times(covariance, vector);
            float[] values = new float[WIDTH];
            for (int i = 0; i < WIDTH; i++) {
                values[i] = (float) product[i];
            }
            float[] white = whitening.apply(values);
            double expected = Vectors.dot(vector, product);
            assertEquals(expected, Vectors.dot(white, white), 1e-4 * expected);
        }
    }

    /** Lower triangle of the sum of the squares of some vectors and a diagonal. */
    private static double[][] covariance(Random random) {
        double[][] covariance = new double[WIDTH][];
        for (int i = 0; i < WIDTH; i++) {
            covariance[i] = new double[i + 1];
            covariance[i][i] = 1;
        }
        for (int k = 0; k < WIDTH; k++) {
            double[] one = random.doubles(WIDTH, -1, 1).toArray();
            for (int i = 0; i < WIDTH; i++) {
                for (int j = 0; j <= i; j++) {
                    covariance[i][j] += one[i] * one[j];
                }
            }
        }
        return covariance;
    }

    private static double[] times(double[][] triangle, double[] vector) {
        double[] product = new double[WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            for (int j = 0; j < WIDTH; j++) {
                product[i] += triangle[Math.max(i, j)][Math.min(i, j)] * vector[j];
            }
        }
        return product;
    }
}
