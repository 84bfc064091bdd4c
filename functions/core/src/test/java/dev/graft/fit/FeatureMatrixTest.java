package dev.graft.fit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.Float16;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeatureMatrixTest {
    private static byte[] feature(int i, int width) {
        byte[] bytes = new byte[2 * width];
        Arrays.fill(bytes, (byte) (i % 100)); // finite as float16
        return bytes;
    }

    @Test
    void takesTwoBytesAValueAndAtMostAPage() {
        try (FeatureMatrix matrix = new FeatureMatrix()) {
            int[] rows =
                    IntStream.range(0, 20_000)
                            .parallel()
                            .map(i -> matrix.add(feature(i, 512), "image"))
                            .toArray();
            assertTrue(matrix.bytes() <= 20_000L * 2 * 512 + (4 << 20), matrix.bytes() + " bytes");
            assertEquals(20_000, Arrays.stream(rows).distinct().count());
            for (int i = 0; i < rows.length; i++) {
                assertArrayEquals(feature(i, 512), matrix.bytes(rows[i]));
            }
        }
    }

    /** Poisoned data. */
    @ParameterizedTest
    @CsvSource({"Infinity, 7c00", "-Infinity, fc00", "NaN, 7e01"})
    void aValueThatIsNotFiniteNamesTheImage(String value, String bits) {
        byte[] poisoned = feature(1, 512);
        int half = Integer.parseInt(bits, 16);
        poisoned[600] = (byte) half;
        poisoned[601] = (byte) (half >> 8);
        try (FeatureMatrix matrix = new FeatureMatrix()) {
            var e =
                    assertThrows(
                            IllegalStateException.class,
                            () -> matrix.add(poisoned, "images/cat/1.jpg"));
            String told = String.valueOf(e.getMessage());
            String expected = "feature of images/cat/1.jpg has the value " + value + ", expected";
            assertTrue(told.startsWith(expected), told);
            matrix.add(Float16.encode(new float[] {65_504, -65_504, 0}), "images/cat/2.jpg");
        }
    }

    @Test
    void anotherWidthNamesTheImage() {
        try (FeatureMatrix matrix = new FeatureMatrix()) {
            matrix.add(feature(1, 512), "images/cat/1.jpg");
            byte[] wide = feature(2, 2048);
            var e =
                    assertThrows(
                            IllegalStateException.class,
                            () -> matrix.add(wide, "images/cat/2.jpg"));
            assertEquals(
                    "feature of images/cat/2.jpg has 2048 values, expected 512: featurize the image"
                            + " again",
                    e.getMessage());
        }
    }
}
