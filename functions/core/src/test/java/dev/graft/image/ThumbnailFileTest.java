package dev.graft.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThumbnailFileTest {
    /** Red to the right, green to the bottom. */
    private static RgbImage ramps(int width, int height) {
        byte[] pixels = new byte[width * height * 3];
        for (int i = 0; i < width * height; i++) {
            pixels[3 * i] = (byte) (255 * (i % width) / width);
            pixels[3 * i + 1] = (byte) (255 * (i / width) / height);
        }
        return new RgbImage(width, height, pixels);
    }

    private static BufferedImage read(byte[] jpeg) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(jpeg));
    }

    @ParameterizedTest
    @CsvSource({
        "4000, 3000, 320, 240",
        "3000, 4000, 240, 320",
        "1281, 700, 320, 175",
        "2561, 640, 320, 80",
        "320, 320, 320, 320",
        "31, 17, 31, 17",
        "9000, 3, 320, 1",
        "1, 1, 1, 1"
    })
    void theWholePictureFitsIntoASquareAndIsNeverMadeLarger(
            int width, int height, int expectedWidth, int expectedHeight) throws IOException {
        BufferedImage small = read(ThumbnailFile.of(ramps(width, height)));
        assertEquals(expectedWidth, small.getWidth());
        assertEquals(expectedHeight, small.getHeight());
        for (int x : new int[] {0, expectedWidth / 2, expectedWidth - 1}) {
            for (int y : new int[] {0, expectedHeight / 2, expectedHeight - 1}) {
                int pixel = small.getRGB(x, y);
                if (width > 100 && height > 100) {
                    assertEquals(255.0 * x / expectedWidth, pixel >> 16 & 0xff, 8);
                    assertEquals(255.0 * y / expectedHeight, pixel >> 8 & 0xff, 8);
                }
            }
        }
    }

    /** Noise is what JPEG needs most bytes for; photos need a fifth of it. */
    @Test
    void takesFewBytes() {
        byte[] noise = new byte[1600 * 1200 * 3];
        new Random(1).nextBytes(noise);
        assertTrue(ThumbnailFile.of(new RgbImage(1600, 1200, noise)).length < 50_000);
        assertTrue(ThumbnailFile.of(ramps(1600, 1200)).length < 6_000);
    }
}
