package dev.graft.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A picture of which only what is read was decoded gives the very values of the whole one. */
class WindowTest {
    private static List<Preprocessing> all() {
        return List.of(
                Preprocessing.imageNet(192, 192),
                Preprocessing.imageNet(256, 224),
                Preprocessing.imageNet(40, 9),
                Preprocessing.imageNet(16, 3),
                with(Preprocessing.imageNet(60, 20), Interpolation.BICUBIC, Fit.CROP),
                with(Preprocessing.imageNet(30, 30), Interpolation.BICUBIC, Fit.PAD),
                with(Preprocessing.imageNet(60, 20), Interpolation.BILINEAR, Fit.PAD),
                with(Preprocessing.imageNet(50, 15), Interpolation.BILINEAR, Fit.SQUASH));
    }

    private static Preprocessing with(Preprocessing of, Interpolation interpolation, Fit fit) {
        return new Preprocessing(
                of.resize(),
                of.crop(),
                of.mean(),
                of.deviation(),
                of.scale(),
                of.channels(),
                of.layout(),
                interpolation,
                fit);
    }

    @ParameterizedTest
    @MethodSource("dev.graft.image.Golden#all")
    void theValuesAreThoseOfTheWholePicture(Golden golden) {
        assertSame(golden.bytes());
    }

    private static void assertSame(byte[] file) {
        PixelPath path = PixelPath.CURRENT;
        for (Preprocessing next : all()) {
            float[] whole = ImageDecoder.decode(file, path, next, next::apply);
            float[] seen = ImageDecoder.decodeSeen(file, path, next, next::apply);
            assertEquals(-1, Arrays.mismatch(whole, seen), next::toString);
        }
    }

    /** Large enough to be divided; what divides no turned one is tested without turning. */
    @ParameterizedTest
    @CsvSource({
        "1031, 1549, false, 1",
        "1537, 1051, true, 1",
        "2048, 1000, false, 1",
        "2048, 1000, false, 2",
        "2048, 1000, false, 3",
        "2048, 1000, false, 4",
        "2048, 1000, false, 5",
        "2048, 1000, false, 6",
        "2048, 1000, false, 7",
        "2048, 1000, false, 8"
    })
    void andOfALargeOneThatIsDivided(int width, int height, boolean progressive, int orientation)
            throws IOException {
        byte[] file = turned(JpegPictureTest.photo(width, height, progressive), orientation);
        assertSame(file);
    }

    @ParameterizedTest
    @MethodSource("divisible")
    void everyWindowOfEveryReductionIsThatOfTheWhole(Golden golden) {
        boolean jpeg = golden.file().endsWith(".jpg");
        ByteBuffer file = ByteBuffer.wrap(golden.bytes());
        ImageHeader header =
                jpeg
                        ? JpegFile.header(file, PixelPath.CURRENT)
                        : WebpFile.header(file, PixelPath.CURRENT);
        Random random = new Random(golden.file().hashCode());
        for (int reduction = 1; reduction <= 8; reduction *= 2) {
            int columns = Math.ceilDiv(header.width(), reduction);
            int rows = Math.ceilDiv(header.height(), reduction);
            byte[] whole = pixels(jpeg, header, reduction, new Window(0, 0, columns, rows));
            for (int trial = 0; trial < 20; trial++) {
                int left = random.nextInt(columns);
                int top = random.nextInt(rows);
                int right = left + 1 + random.nextInt(columns - left);
                int bottom = top + 1 + random.nextInt(rows - top);
                Window window = new Window(left, top, right, bottom);
                byte[] found = pixels(jpeg, header, reduction, window);
                for (int y = top; y < bottom; y++) {
                    int from = 3 * (y * columns + left);
                    int end = 3 * (y * columns + right);
                    assertTrue(Arrays.equals(whole, from, end, found, from, end), window::toString);
                }
            }
        }
    }

    /** Those that are decoded by our code. */
    private static List<Golden> divisible() {
        return Golden.all().stream()
                .filter(golden -> golden.file().matches(".*jpg|lossy.*webp"))
                .filter(golden -> !golden.file().matches("adobe-rgb.*|cmyk.*|odd-.*|.*alpha.*"))
                .toList();
    }

    private static byte[] pixels(boolean jpeg, ImageHeader header, int reduction, Window window) {
        DecodedPixels pixels =
                jpeg
                        ? JpegPicture.decode(header, reduction, window)
                        : WebpPicture.decode(header, reduction, window);
        return pixels.reduced(header, reduction).pixels();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "4-2-0.jpg",
                "4-2-2.jpg",
                "4-4-4.jpg",
                "grey.jpg",
                "noisy.jpg",
                "progressive.jpg",
                "lossy.webp"
            })
    void aDamagedFileIsRefusedWhateverIsRead(String name) {
        Random random = new Random(name.hashCode());
        Preprocessing next = Preprocessing.imageNet(40, 9);
        for (int trial = 0; trial < 40; trial++) {
            byte[] file = Golden.resource(name);
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                file[random.nextInt(file.length)] = (byte) random.nextInt(256);
            }
            if (trial % 4 == 0) {
                file = Arrays.copyOf(file, file.length - 1 - random.nextInt(file.length / 2));
            }
            byte[] damaged = file;
            assertArrayEquals(
                    values(
                            () ->
                                    ImageDecoder.decode(
                                            damaged, PixelPath.CURRENT, next, next::apply)),
                    values(
                            () ->
                                    ImageDecoder.decodeSeen(
                                            damaged, PixelPath.CURRENT, next, next::apply)),
                    "trial " + trial);
        }
    }

    private static float[] values(Supplier<float[]> decoded) {
        try {
            return decoded.get();
        } catch (UnreadableImageException refused) {
            return new float[] {refused.getMessage().hashCode()};
        }
    }

    @ParameterizedTest
    @CsvSource({"false, 1", "true, 1", "false, 2", "false, 5", "false, 6", "true, 8"})
    void whatIsNotReadIsNotDecoded(boolean progressive, int orientation) throws IOException {
        byte[] file = turned(JpegPictureTest.photo(2048, 1024, progressive), orientation);
        Preprocessing next = Preprocessing.imageNet(192, 96);
        RgbImage seen = ImageDecoder.decodeSeen(file, PixelPath.CURRENT, next, image -> image);
        RgbImage whole = ImageDecoder.decode(file, PixelPath.CURRENT, next, image -> image);
        assertEquals(orientation > 4 ? 1024 : 2048, seen.width());
        assertEquals(2, seen.reduction());
        Window read = next.window(seen.across(), seen.down());
        byte[] found = seen.pixels();
        byte[] expected = whole.pixels().clone();
        int black = 0;
        for (int y = 0, at = 0; y < seen.rows(); y++) {
            for (int x = 0; x < seen.columns(); x++, at += 3) {
                if (!read.contains(x, y)) {
                    Arrays.fill(expected, at, at + 3, (byte) 0);
                }
                black +=
                        expected[at] == 0 && expected[at + 1] == 0 && expected[at + 2] == 0 ? 1 : 0;
            }
        }
        assertEquals(-1, Arrays.mismatch(expected, found));
        assertTrue(black > seen.pixels().length / 3 / 2, black + " pixels are black");
    }

    @Test
    void whatIsNotReadOfAWebpIsBlack() {
        ImageHeader header =
                WebpFile.header(ByteBuffer.wrap(Golden.resource("lossy.webp")), PixelPath.CURRENT);
        byte[] found = pixels(false, header, 1, new Window(8, 4, 9, 5));
        for (int i = 0; i < found.length; i++) {
            boolean read = i / 3 == 4 * header.width() + 8;
            assertTrue(read ? found[i] != 0 : found[i] == 0, "byte " + i);
        }
    }

    @Test
    void blocksThatAreNotReadAreNotTransformed() {
        JpegComponent.Size size = new JpegComponent.Size(160, 80, 2, 2);
        JpegComponent colour = new JpegComponent(new JpegComponent.Told(2, 1, 1, 0), 8, size);
        assertTrue(colour.isRead(0, 0));
        colour.only(new Window(16, 15, 33, 40));
        assertFalse(colour.isRead(1, 1));
        assertFalse(colour.isRead(2, 0));
        assertTrue(colour.isRead(2, 1));
        assertTrue(colour.isRead(4, 4));
        assertFalse(colour.isRead(5, 4));
    }

    @Test
    void aThumbnailIsOfAllPixels() throws IOException {
        byte[] file = JpegPictureTest.photo(2048, 1024, false);
        Preprocessing next = Preprocessing.imageNet(192, 96);
        RgbImage whole = ImageDecoder.decode(file, PixelPath.CURRENT, next, image -> image);
        assertTrue((whole.pixels()[0] & 0xff) > 50, "the first pixel is not seen, but there");
    }

    /** With an EXIF block behind the first marker. */
    private static byte[] turned(byte[] file, int orientation) {
        byte[] block = {
            (byte) 0xff,
            (byte) 0xe1,
            0,
            34,
            'E',
            'x',
            'i',
            'f',
            0,
            0,
            'M',
            'M',
            0,
            42,
            0,
            0,
            0,
            8,
            0,
            1,
            1,
            0x12,
            0,
            3,
            0,
            0,
            0,
            1,
            0,
            (byte) orientation,
            0,
            0,
            0,
            0,
            0,
            0
        };
        byte[] turned = Arrays.copyOf(file, file.length + block.length);
        System.arraycopy(block, 0, turned, 2, block.length);
        System.arraycopy(file, 2, turned, 2 + block.length, file.length - 2);
        return turned;
    }
}
