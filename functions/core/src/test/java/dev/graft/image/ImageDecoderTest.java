package dev.graft.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.image.UnreadableImageException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
    @ParameterizedTest
    @CsvSource({
        "grey.jpg,image/jpeg",
        "grey.png,image/png",
        "palette.gif,image/gif",
        "lossy.webp,image/webp"
    })
    void tellsTheMediaTypeByTheFirstBytes(String file, String mediaType) {
        assertEquals(Optional.of(mediaType), ImageDecoder.mediaType(Golden.resource(file)));
    }

    @Test
    void textIsUnsupportedAndSaysHowItStarts() {
        byte[] file = "Hello world".getBytes(StandardCharsets.UTF_8);
        assertEquals(Optional.empty(), ImageDecoder.mediaType(file));
        assertEquals(
                "not an image that Graft reads: starts with 'Hello wor'…; send a JPEG, PNG, GIF or"
                        + " WebP file",
                refused(file, Reason.UNSUPPORTED));
    }

    @Test
    void otherBytesAreUnsupportedAndShownAsHex() {
        byte[] file = {7, 0, 0, 0x18, 'f', 't', 'x', 'p', 'h', 'e', 'i', 'c'};
        assertTrue(refused(file, Reason.UNSUPPORTED).contains("07 00 00 18 66 74 78 70 68"));
    }

    @ParameterizedTest
    @CsvSource({
        "0000001866747970686569630000,HEIC",
        "00000020667479706d6966310000,HEIC",
        "0000001c66747970617669660000,AVIF",
        "00000018667479706372782000,camera raw",
        "00000018667479706d70343200,video",
        "49492a0008000000,TIFF",
        "4d4d002a00000008,TIFF",
        "ff0a00,JPEG XL",
        "0000000c4a584c200d0a870a,JPEG XL",
        "0000000c6a5020200d0a870a,JPEG 2000",
        "424d46000000,BMP",
        "255044462d312e37,PDF",
        "3c73766720786d6c6e73,SVG",
        "3c21444f4354595045,HTML",
        "3842505300010000,Photoshop"
    })
    void aFormatThatIsNotReadIsNamed(String start, String name) {
        String message = refused(HexFormat.of().parseHex(start), Reason.UNSUPPORTED);
        assertTrue(message.contains(name) && message.contains("send a JPEG"), message);
    }

    @Test
    void arithmeticCodingIsUnsupportedInOurOwnWords() {
        byte[] jpeg = Golden.resource("grey.jpg");
        int frame = 2;
        while (jpeg[frame] != (byte) 0xff || jpeg[frame + 1] != (byte) 0xc0) {
            frame++;
        }
        jpeg[frame + 1] = (byte) 0xc9;
        assertTrue(refused(jpeg, Reason.UNSUPPORTED).contains("arithmetic coding"));
    }

    @Test
    void aWebpWithoutAnyFrameIsDamaged() {
        byte[] webp = Arrays.copyOf(Golden.resource("animated.webp"), 30);
        ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN).putInt(4, 22);
        assertTrue(refused(webp, Reason.DAMAGED).contains("no picture"));
    }

    /** What stored features were made of must be made the same way while their head answers. */
    @ParameterizedTest
    @CsvSource({
        "odd-two-exif.jpg,60,50",
        "odd-exif-long.jpg,60,50",
        "profile-grey.jpg,60,50",
        "odd-jfif-and-adobe.jpg,60,50"
    })
    void theFirstPixelPathKeepsItsPixels(String file, int width, int height) {
        RgbImage first = ImageDecoder.decode(Golden.resource(file), PixelPath.P1);
        RgbImage second = ImageDecoder.decode(Golden.resource(file), PixelPath.P2);
        assertEquals(width, first.width());
        assertEquals(height, first.height());
        assertFalse(Arrays.equals(first.pixels(), second.pixels()));
    }

    @ParameterizedTest
    @MethodSource("dev.graft.image.Golden#all")
    void allElseIsTheSameOnBothPixelPaths(Golden golden) {
        boolean differs =
                golden.file().matches("odd-(two-exif|exif-long|jfif-and.*)\\.jpg|profile-grey.jpg");
        assertEquals(
                !differs,
                Arrays.equals(
                        ImageDecoder.decode(golden.bytes(), PixelPath.P1).pixels(),
                        ImageDecoder.decode(golden.bytes(), PixelPath.P2).pixels()));
    }

    @Test
    void anEmptyFileIsUnsupported() {
        assertTrue(refused(new byte[0], Reason.UNSUPPORTED).contains("0 bytes"));
    }

    @Test
    void aHeaderOfTooManyPixelsIsRefusedBeforeDecoding() {
        ByteBuffer png = ByteBuffer.wrap(Golden.resource("grey.png"));
        png.putInt(16, 10_000).putInt(20, 10_001);
        CRC32 sum = new CRC32();
        sum.update(png.array(), 12, 17);
        png.putInt(29, (int) sum.getValue());
        String message = refused(png.array(), Reason.TOO_LARGE);
        assertTrue(message.contains("10000 x 10001"), message);
        assertTrue(message.contains("100 million"), message);
    }

    @Test
    void theHeadersOfTheOtherFormatsAreReadLikewise() {
        byte[] jpeg = Golden.resource("grey.jpg");
        int frame = 2;
        while (jpeg[frame] != (byte) 0xff || jpeg[frame + 1] != (byte) 0xc0) {
            frame++;
        }
        Arrays.fill(jpeg, frame + 5, frame + 9, (byte) 0x70);
        assertTrue(refused(jpeg, Reason.TOO_LARGE).contains("28784 x 28784"));

        byte[] gif = Golden.resource("palette.gif");
        Arrays.fill(gif, 6, 10, (byte) 0x70);
        assertTrue(refused(gif, Reason.TOO_LARGE).contains("28784 x 28784"));

        byte[] webp = Golden.resource("animated.webp");
        Arrays.fill(webp, 24, 30, (byte) 0);
        webp[25] = 0x70;
        webp[28] = 0x70;
        assertTrue(refused(webp, Reason.TOO_LARGE).contains("28673 x 28673"));
    }

    @Test
    void manyThreadsDecodeAtOnce() {
        List<byte[]> one = Golden.all().stream().map(ImageDecoderTest::pixels).toList();
        for (int trial = 0; trial < 5; trial++) {
            List<byte[]> many =
                    Golden.all().parallelStream().map(ImageDecoderTest::pixels).toList();
            for (int i = 0; i < one.size(); i++) {
                assertArrayEquals(one.get(i), many.get(i));
            }
        }
    }

    @Test
    void anImageOfNoPixelsIsDamaged() {
        byte[] gif = Golden.resource("palette.gif");
        int frame = 13 + (3 << ((gif[10] & 7) + 1));
        while (gif[frame] != 0x2c) {
            frame++;
        }
        Arrays.fill(gif, 6, 8, (byte) 0);
        Arrays.fill(gif, frame + 5, frame + 7, (byte) 0);
        assertTrue(refused(gif, Reason.DAMAGED).contains("no size"));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8})
    void everyTurnIsUndone(int orientation) {
        RgbImage upright = ImageDecoder.decode(Golden.resource("exif-1.jpg"));
        RgbImage turned = ImageDecoder.decode(Golden.resource("exif-" + orientation + ".jpg"));
        assertEquals(64, turned.width());
        assertEquals(48, turned.height());
        for (int i = 0; i < upright.pixels().length; i++) {
            int difference = (upright.pixels()[i] & 0xff) - (turned.pixels()[i] & 0xff);
            // not the same blocks were compressed; a wrong turn differs by more than 100
            assertTrue(Math.abs(difference) <= 12, "sample " + i + " differs by " + difference);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1,123456",
        "2,321654",
        "3,654321",
        "4,456123",
        "5,142536",
        "6,415263",
        "7,635241",
        "8,362514"
    })
    void turnsAreThoseOfTheStandard(int orientation, String expected) {
        RgbImage stored = new RgbImage(3, 2, threefold("123456"));
        RgbImage turned = ExifOrientation.turn(stored, orientation);
        assertEquals(orientation > 4 ? 2 : 3, turned.width());
        assertArrayEquals(threefold(expected), turned.pixels());
    }

    @Test
    void theFirstFrameOfAGifKeepsItsPlaceOnAWhiteCanvas() {
        byte[] gif = Golden.resource("palette.gif");
        RgbImage whole = ImageDecoder.decode(gif);
        int frame = 13 + (3 << ((gif[10] & 7) + 1));
        while (gif[frame] != 0x2c) {
            frame++;
        }
        gif[frame + 1] = 2;
        gif[frame + 3] = 3;
        RgbImage moved = ImageDecoder.decode(gif);
        assertEquals(whole.width() + 2, moved.width());
        assertEquals(whole.height() + 3, moved.height());
        assertEquals(-1, moved.pixels()[0]);
        int at = 3 * (3 * moved.width() + 2);
        byte[] row = Arrays.copyOfRange(moved.pixels(), at, at + 3 * whole.width());
        assertArrayEquals(Arrays.copyOf(whole.pixels(), row.length), row);
    }

    @Test
    void readersAreFoundWhateverTheThreadsClassLoader() throws InterruptedException {
        RgbImage[] image = new RgbImage[1];
        Thread thread =
                new Thread(() -> image[0] = ImageDecoder.decode(Golden.resource("lossy.webp")));
        thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
        thread.start();
        thread.join();
        assertEquals(90, image[0].width());
    }

    @Test
    void anRgbImageChecksItsLength() {
        assertThrows(IllegalArgumentException.class, () -> new RgbImage(2, 2, new byte[11]));
        assertThrows(IllegalArgumentException.class, () -> new RgbImage(0, 2, new byte[0]));
    }

    private static byte[] pixels(Golden golden) {
        return ImageDecoder.decode(golden.bytes()).pixels();
    }

    private static String refused(byte[] file, Reason reason) {
        UnreadableImageException refused =
                assertThrows(UnreadableImageException.class, () -> ImageDecoder.decode(file));
        assertEquals(reason, refused.reason(), refused.getMessage());
        return refused.getMessage();
    }

    private static byte[] threefold(String digits) {
        StringBuilder bytes = new StringBuilder();
        digits.chars().forEach(c -> bytes.repeat(c, 3));
        return bytes.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
