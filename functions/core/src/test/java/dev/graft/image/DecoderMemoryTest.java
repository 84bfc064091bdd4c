package dev.graft.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.image.UnreadableImageException.Reason;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Small files do not eat the machine, and no photo is blamed for it. */
class DecoderMemoryTest {
    private static final byte START_OF_SCAN = (byte) 0xda;
    private static final byte START_OF_FRAME = (byte) 0xc2;

    @ParameterizedTest
    @CsvSource({"10000, 10000, 20", "4000, 3000, 166"})
    void aJpegHasAboutTenScans(int width, int height, int most) throws IOException {
        byte[] usual = progressive();
        for (int scans : new int[] {most + 1, 2 * most}) {
            byte[] file = withScans(usual, width, height, scans);
            var refused =
                    assertTimeoutPreemptively(
                            Duration.ofSeconds(5),
                            () ->
                                    assertThrows(
                                            UnreadableImageException.class,
                                            () -> ImageDecoder.decode(file)));
            assertEquals(Reason.DAMAGED, refused.reason());
            String told = "more than %d scans for its %d x %d".formatted(most, width, height);
            assertTrue(String.valueOf(refused.getMessage()).contains(told), refused::toString);
        }
        byte[] few = withScans(usual, 9, 9, 40);
        assertEquals(9, ImageDecoder.decode(few).width(), "more than usual, of a small picture");
    }

    private static byte[] progressive() throws IOException {
        BufferedImage image = new BufferedImage(9, 9, BufferedImage.TYPE_INT_RGB);
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam param = writer.getDefaultWriteParam();
        param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), param);
        }
        return file.toByteArray();
    }

    /** The same with another size, and its last scan so often that there are that many. */
    private static byte[] withScans(byte[] usual, int width, int height, int scans) {
        byte[] file = usual.clone();
        int frame = find(file, START_OF_FRAME, 0);
        file[frame + 5] = (byte) (height >> 8);
        file[frame + 6] = (byte) height;
        file[frame + 7] = (byte) (width >> 8);
        file[frame + 8] = (byte) width;
        int last = 0;
        int count = 0;
        for (int at = find(file, START_OF_SCAN, 0);
                at >= 0;
                at = find(file, START_OF_SCAN, at + 2)) {
            last = at;
            count++;
        }
        byte[] scan = Arrays.copyOfRange(file, last, file.length - 2);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(file, 0, file.length - 2);
        for (int i = count; i < scans; i++) {
            all.writeBytes(scan);
        }
        all.write(file, file.length - 2, 2);
        return all.toByteArray();
    }

    private static int find(byte[] file, byte marker, int from) {
        for (int i = from; i < file.length - 1; i++) {
            if (file[i] == (byte) 0xff && file[i + 1] == marker) {
                return i;
            }
        }
        return -1;
    }

    @Test
    void anImageForWhichThereIsNotSoMuchMemoryAtAllIsTooLarge() {
        DecoderMemory small = new DecoderMemory(64 << 20);
        var refused = assertThrows(UnreadableImageException.class, () -> small.take(100_000_000));
        assertEquals(Reason.TOO_LARGE, refused.reason());
        assertEquals(
                "the image has 100,000,000 pixels, which take 573 MB of memory, and there are 64 MB; send a smaller version",
                refused.getMessage());
    }

    @Test
    void imagesWaitUntilTheirShareIsFree() throws Exception {
        DecoderMemory memory = new DecoderMemory(100 << 20);
        int large = memory.take(8_000_000);
        assertEquals(50, large, "more than the half gets the half");
        try (var threads = Executors.newSingleThreadExecutor()) {
            var waiting = threads.submit(() -> memory.take(1_000_000));
            assertThrows(
                    java.util.concurrent.TimeoutException.class,
                    () -> waiting.get(50, TimeUnit.MILLISECONDS));
            memory.giveBack(large);
            int share = waiting.get(5, TimeUnit.SECONDS);
            assertEquals(12, share);
            memory.giveBack(share);
        }
        assertEquals(50, memory.take(8_000_000));
    }

    /** It was stored as the photo's fault, for good. */
    @Test
    void runningOutOfMemoryIsNoVerdictOnThePhoto() {
        byte[] photo = Golden.all().getFirst().bytes();
        assertThrows(
                MemoryExhaustedException.class,
                () ->
                        ImageDecoder.decode(
                                photo,
                                PixelPath.CURRENT,
                                image -> {
                                    throw new OutOfMemoryError("by another");
                                }));
        byte[] pixels = ImageDecoder.decode(photo).pixels();
        assertArrayEquals(pixels, ImageDecoder.decode(photo).pixels(), "the share was given back");
        assertFalse(pixels.length == 0);
    }
}
