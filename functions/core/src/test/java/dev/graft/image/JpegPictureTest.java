package dev.graft.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageWriteParam;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our own decoder of JPEG files against ImageIO's, which is libjpeg's. */
class JpegPictureTest {
    private static final int MUTATED = Boolean.getBoolean("stress") ? 1_500 : 25;

    private static List<Golden> jpegs() {
        return Golden.all().stream().filter(golden -> golden.file().endsWith(".jpg")).toList();
    }

    @ParameterizedTest
    @MethodSource("dev.graft.image.Golden#all")
    void aWholePictureIsTheSameOnTheSecondAndTheThirdPixelPath(Golden golden) {
        assertArrayEquals(
                ImageDecoder.decode(golden.bytes(), PixelPath.P2).pixels(),
                ImageDecoder.decode(golden.bytes(), PixelPath.P3).pixels());
    }

    /** Or all this would test nothing. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "4-2-0.jpg",
                "4-2-2.jpg",
                "4-4-4.jpg",
                "grey.jpg",
                "exif-6.jpg",
                "odd-jfif-and-adobe.jpg",
                "profile.jpg",
                "profile-grey.jpg",
                "progressive.jpg",
                "restarts.jpg"
            })
    void usualFilesAreDecodedHere(String file) {
        for (int reduction = 1; reduction <= 8; reduction *= 2) {
            assertNotNull(decoded(Golden.resource(file), reduction), "divided by " + reduction);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"adobe-rgb.jpg", "cmyk.jpg", "odd-zeros-for-end.jpg"})
    void othersAreLeftToImageIo(String file) {
        assertNull(decoded(Golden.resource(file), 1));
    }

    /** Whatever is wrong with a file, the verdict and its words are ImageIO's. */
    @ParameterizedTest
    @MethodSource("jpegs")
    void aDamagedFileIsJudgedAsBefore(Golden golden) {
        Random random = new Random(golden.file().hashCode() + Long.getLong("stress.seed", 0));
        for (int trial = 0; trial < MUTATED; trial++) {
            byte[] file = golden.bytes();
            for (int flips = 1 + random.nextInt(5); flips > 0; flips--) {
                int end = random.nextBoolean() ? file.length : Math.min(file.length, 700);
                file[random.nextInt(end)] = (byte) (random.nextInt(3) - 1 + random.nextInt(256));
            }
            if (random.nextInt(8) == 0) {
                file = Arrays.copyOf(file, random.nextInt(file.length));
            }
            Object before = result(file, PixelPath.P2, 8192);
            Object now = result(file, PixelPath.P3, 8192);
            if (before instanceof RgbImage whole && now instanceof RgbImage found) {
                assertArrayEquals(whole.pixels(), found.pixels(), "trial " + trial);
                Object reduced = result(file, PixelPath.P3, 2);
                assertTrue(reduced instanceof RgbImage, reduced.toString());
            } else {
                assertEquals(before, now, "trial " + trial);
                assertEquals(before, result(file, PixelPath.P3, 2), "trial " + trial);
            }
        }
    }

    /** As damage to one file in 1,500 came out otherwise. */
    @ParameterizedTest
    @ValueSource(strings = {"4-2-0.jpg", "grey.jpg", "progressive.jpg", "profile.jpg"})
    void aRestartIntervalOfAnotherLengthIsLeftToImageIo(String name) {
        for (int length = 2; length < 8; length++) {
            ByteBuffer file = ByteBuffer.allocate(40_000);
            byte[] before = Golden.resource(name);
            file.put(before, 0, 2).putShort((short) 0xffdd).putShort((short) length);
            file.put(new byte[length - 2]).put(before, 2, before.length - 2);
            byte[] found = Arrays.copyOf(file.array(), file.position());
            assertEquals(
                    result(found, PixelPath.P2, 8192).getClass(),
                    result(found, PixelPath.P3, 8192).getClass(),
                    length + " bytes");
            assertEquals(length == 4, decoded(found, 1) != null, length + " bytes");
        }
    }

    /** Of a profile's rendering intents only 0 to 3 are any. */
    @ParameterizedTest
    @CsvSource({"profile.jpg, 0", "profile.jpg, 3", "profile.jpg, 4", "profile.jpg, 7424"})
    void anUnknownRenderingIntentIsPerceptual(String name, int intent) {
        byte[] file = Golden.resource(name);
        Object expected = result(file, PixelPath.P3, 8192);
        int profile = new String(file, StandardCharsets.ISO_8859_1).indexOf("ICC_PROFILE") + 14;
        ByteBuffer.wrap(file).putShort(profile + 66, (short) intent);
        assertNotNull(decoded(file, 1));
        for (PixelPath path : List.of(PixelPath.P2, PixelPath.P3)) {
            RgbImage found = assertInstanceOf(RgbImage.class, result(file, path, 8192));
            assertArrayEquals(((RgbImage) expected).pixels(), found.pixels(), "" + path);
        }
    }

    private static Object result(byte[] file, PixelPath path, int resize) {
        try {
            var next = Preprocessing.imageNet(resize, resize);
            return ImageDecoder.decode(file, path, next, image -> image);
        } catch (UnreadableImageException refused) {
            return refused.getMessage();
        }
    }

    /** Each pixel of the smaller picture is the mean of those it stands for. */
    @ParameterizedTest
    @CsvSource({"4-4-4.jpg", "grey.jpg", "4-2-0.jpg", "4-2-2.jpg", "progressive.jpg"})
    void aReducedPictureIsTheMeanOfTheWhole(String name) {
        byte[] file = Golden.resource(name);
        RgbImage whole = ImageDecoder.decode(file, PixelPath.P2);
        for (int reduction = 2; reduction <= 8; reduction *= 2) {
            RgbImage found = reduced(file, reduction);
            double sum = 0;
            int count = 0;
            for (int y = 0; y < whole.height() / reduction; y++) {
                for (int x = 0; x < whole.width() / reduction * 3; x++, count++) {
                    int pixel = found.pixels()[3 * y * found.columns() + x] & 0xff;
                    sum += Math.abs(pixel - mean(whole, x / 3, y, x % 3, reduction));
                }
            }
            assertTrue(sum / count < 2, "differs by " + sum / count + " on average");
        }
    }

    /** Black and white in each quarter of a block: no sum of coefficients is greater. */
    @ParameterizedTest
    @ValueSource(floats = {0.01f, 0.3f, 1})
    void theGreatestContrastStaysWhereAQuarterIsLeft(float quality) throws IOException {
        int side = 256;
        int left = side / 4;
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY);
        BitSet white = BitSet.valueOf(new Random(1).longs(left * left / 64).toArray());
        for (int i = 0; i < side * side; i++) {
            boolean isWhite = white.get(i / side / 4 * left + i % side / 4);
            image.setRGB(i % side, i / side, isWhite ? 0xffffff : 0);
        }
        RgbImage found = reduced(jpeg(image, quality), 4);
        for (int i = 0; i < left * left; i++) {
            int value = found.pixels()[3 * (i / left * found.columns() + i % left)] & 0xff;
            assertEquals(white.get(i) ? 255 : 0, value, 100, quality + ", " + i);
        }
    }

    private static byte[] jpeg(BufferedImage image, float quality) throws IOException {
        return PngPictureTest.written(
                image,
                "jpeg",
                how -> {
                    how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                    how.setCompressionQuality(quality);
                });
    }

    private static double mean(RgbImage whole, int column, int row, int channel, int side) {
        int sum = 0;
        for (int y = row * side; y < (row + 1) * side; y++) {
            for (int x = column * side; x < (column + 1) * side; x++) {
                sum += whole.pixels()[3 * (y * whole.width() + x) + channel] & 0xff;
            }
        }
        return sum / (double) (side * side);
    }

    private static RgbImage reduced(byte[] file, int reduction) {
        ImageHeader header = header(file);
        return assertNotNullPixels(decoded(file, reduction)).reduced(header, reduction);
    }

    private static DecodedPixels assertNotNullPixels(@Nullable DecodedPixels pixels) {
        assertNotNull(pixels);
        return pixels;
    }

    private static @Nullable DecodedPixels decoded(byte[] file, int reduction) {
        ImageHeader header = header(file);
        Window whole =
                Window.whole(
                        new ImageSide(header.width(), reduction),
                        new ImageSide(header.height(), reduction));
        return JpegPicture.decode(header, reduction, whole);
    }

    private static ImageHeader header(byte[] file) {
        return JpegFile.header(ByteBuffer.wrap(file), PixelPath.P3);
    }

    @ParameterizedTest
    @CsvSource({
        "4000, 3000, 128, 8",
        "4000, 3000, 256, 4",
        "2048, 1024, 128, 4",
        "2047, 1024, 128, 4",
        "511, 4000, 128, 1",
        "512, 4000, 128, 2",
        "128, 128, 128, 1",
        "40, 40, 1, 1"
    })
    void atLeastTwiceThePixelsThatAreNeededAreLeft(int width, int height, int side, int expected) {
        assertEquals(expected, Preprocessing.imageNet(side, side).reduction(width, height));
    }

    @Test
    void aPictureOfTwelveMegapixelsTakesLittleMemoryAndKeepsWhatIsSeen() throws IOException {
        byte[] file = photo(4000, 3000);
        Preprocessing next = Preprocessing.imageNet(256, 224);
        result(file, PixelPath.P3, 256);
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();
        byte[] found = ImageDecoder.decode(file, PixelPath.P3, next, next::cropped).pixels();
        long bytes = thread.getCurrentThreadAllocatedBytes() - before;
        assertTrue(bytes < 10_000_000, bytes + " bytes");
        byte[] exact = ImageDecoder.decode(file, PixelPath.P2, next, next::cropped).pixels();
        long sum = 0;
        for (int i = 0; i < exact.length; i++) {
            sum += Math.abs((exact[i] & 0xff) - (found[i] & 0xff));
        }
        assertTrue(sum < exact.length, sum / (double) exact.length + " on average");
    }

    private static byte[] photo(int width, int height) throws IOException {
        return photo(width, height, false);
    }

    /** Waves of many lengths, nowhere black, with 4:2:0. */
    static byte[] photo(int width, int height, boolean progressive) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int red = (int) (128 + 100 * Math.sin(x * 0.004 + y * y * 1e-6));
                int green = (int) (128 + 100 * Math.sin(x * (long) y * 2e-5));
                row[x] = red << 16 | green << 8 | (x * 7 + y * 3 & 63) + 96;
            }
            image.setRGB(0, y, width, 1, row, 0, width);
        }
        return PngPictureTest.written(image, "jpeg", progressive);
    }
}
