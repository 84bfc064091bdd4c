package dev.graft.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lossy WebP by our own code; that its pixels are Pillow's, GoldenTest has. */
class WebpPictureTest {
    private static final int DATA = 20;

    private static @Nullable DecodedPixels decoded(byte[] file, int reduction) {
        ImageHeader header = header(file);
        ImageSide across = new ImageSide(header.width(), reduction);
        ImageSide down = new ImageSide(header.height(), reduction);
        return WebpPicture.decode(header, reduction, Window.whole(across, down));
    }

    private static ImageHeader header(byte[] file) {
        return WebpFile.header(ByteBuffer.wrap(file), PixelPath.P4);
    }

    private static RgbImage reduced(byte[] file, int reduction) {
        DecodedPixels pixels = decoded(file, reduction);
        assertNotNull(pixels);
        return pixels.reduced(header(file), reduction);
    }

    @Test
    void everyLossyPictureWithoutAlphaIsDecodedHere() {
        for (Golden golden : Golden.all()) {
            if (golden.file().endsWith(".webp")) {
                boolean here =
                        golden.file().startsWith("lossy")
                                && !golden.file().contains("alpha")
                                && !golden.file().startsWith("lossless");
                assertEquals(here, decoded(golden.bytes(), 1) != null, golden.file());
            }
        }
    }

    /** Each pixel of the smaller picture is the mean of those it stands for. */
    @ParameterizedTest
    @ValueSource(strings = {"lossy.webp", "lossy-bright.webp", "lossy-quality-100.webp"})
    void aReducedPictureIsTheMeanOfTheWhole(String name) {
        byte[] file = Golden.resource(name);
        RgbImage whole = ImageDecoder.decode(file, PixelPath.P4);
        for (int reduction = 2; reduction <= 8; reduction *= 2) {
            RgbImage found = reduced(file, reduction);
            assertEquals((whole.width() + reduction - 1) / reduction, found.columns());
            double sum = 0;
            for (int i = 0; i < found.pixels().length; i++) {
                int x = i / 3 % found.columns();
                int y = i / 3 / found.columns();
                int pixel = found.pixels()[i] & 0xff;
                sum += Math.abs(pixel - mean(whole, x, y, i % 3, reduction));
            }
            double average = sum / found.pixels().length;
            assertTrue(average < 2, "differs by " + average + " on average");
        }
    }

    private static double mean(RgbImage whole, int column, int row, int channel, int side) {
        int sum = 0;
        int count = 0;
        for (int y = row * side; y < Math.min(whole.height(), (row + 1) * side); y++) {
            for (int x = column * side; x < Math.min(whole.width(), (column + 1) * side); x++) {
                sum += whole.pixels()[3 * (y * whole.width() + x) + channel] & 0xff;
                count++;
            }
        }
        return sum / (double) count;
    }

    @Test
    void aPictureOfNoKeyFrameOrOfTwoSizesOrThatBreaksOffIsLeftToImageIo() {
        byte[] file = Golden.resource("lossy.webp");
        byte[] motion = file.clone();
        motion[DATA] |= 1;
        assertNull(decoded(motion, 1));
        byte[] hidden = file.clone();
        hidden[DATA] &= ~0x10;
        assertNull(decoded(hidden, 1));
        byte[] started = file.clone();
        started[DATA + 3] = 0;
        assertNull(decoded(started, 1));
        for (int length : List.of(12, 30, file.length / 2 - DATA, file.length - DATA - 60)) {
            assertNull(decoded(shortened(file, length), 1), length + " bytes");
        }
    }

    /** With so many bytes of data, and sizes that say so. */
    private static byte[] shortened(byte[] file, int length) {
        byte[] shorter = Arrays.copyOf(file, DATA + length);
        ByteBuffer.wrap(shorter)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(4, DATA + length - 8)
                .putInt(16, length);
        return shorter;
    }

    /** As with every other damage, a picture of the same size comes of it or a clear refusal. */
    @Test
    void damageIsNoFaultOfOurs() {
        Random random = new Random(Long.getLong("stress.seed", 5));
        int trials = Boolean.getBoolean("stress") ? 100_000 : 600;
        List<Golden> lossy =
                Golden.all().stream().filter(g -> g.file().startsWith("lossy")).toList();
        for (int trial = 0; trial < trials; trial++) {
            byte[] file = lossy.get(random.nextInt(lossy.size())).bytes();
            for (int flips = 1 + random.nextInt(5); flips > 0; flips--) {
                file[DATA + 10 + random.nextInt(file.length - DATA - 10)] =
                        (byte) random.nextInt(256);
            }
            try {
                RgbImage image = ImageDecoder.decode(file, PixelPath.P4);
                assertEquals(header(file).width(), image.width(), "trial " + trial);
            } catch (UnreadableImageException refused) {
                assertTrue(refused.getMessage().contains("WebP"), refused.getMessage());
            }
        }
    }
}
