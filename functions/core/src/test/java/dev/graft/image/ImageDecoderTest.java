package dev.graft.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.image.UnreadableImageException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        byte[] file = {0, 0, 0, 0x18, 'f', 't', 'y', 'p', 'h', 'e', 'i', 'c'};
        assertTrue(refused(file, Reason.UNSUPPORTED).contains("00 00 00 18 66 74 79 70 68"));
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
