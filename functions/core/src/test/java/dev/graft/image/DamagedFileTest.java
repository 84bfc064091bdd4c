package dev.graft.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.graft.image.UnreadableImageException.Reason;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A file that lacks pixels is refused by the one exception, whatever ImageIO does with it; one that
 * lacks something else is read.
 */
class DamagedFileTest {
    private static final boolean STRESS = Boolean.getBoolean("stress");
    private static final int FLIPPED = STRESS ? 2_100 : 40;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** All that is allocated for one file, which is more than what it takes at any moment. */
    private static final long BYTES_PER_PIXEL = 40;

    private static final long BYTES_PER_FILE = 32 << 20;
    private static final AtomicLong MOST = new AtomicLong();
    private static final AtomicLong LONGEST = new AtomicLong();

    private static final Duration DEADLINE = Duration.ofSeconds(STRESS ? 600 : 60);

    private static List<Golden> all() {
        return Golden.all();
    }

    @AfterAll
    static void eachTookLittleMemory() {
        System.out.printf(
                "DamagedFileTest: at most %.1f MB beside %d bytes for each pixel of the header, %d ms%n",
                MOST.get() / 1e6, BYTES_PER_PIXEL, LONGEST.get() / 1_000_000);
        assertTrue(MOST.get() < BYTES_PER_FILE, MOST.get() + " bytes");
    }

    /** Pixels that the header tells; 0 where it is refused. */
    private static long area(byte[] file) {
        try {
            return ImageFormat.of(file)
                    .map(format -> format.header(file, PixelPath.CURRENT).area())
                    .filter(area -> area <= ImageDecoder.MAX_PIXELS)
                    .orElse(0L);
        } catch (RuntimeException refused) {
            return 0;
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aPrefixIsRefusedUnlessAllPixelsAreThere(Golden golden) {
        byte[] file = golden.bytes();
        byte[] pixels = ImageDecoder.decode(file).pixels();
        assertTimeoutPreemptively(
                DEADLINE,
                () -> {
                    for (int length = 0; length < file.length; length += step(length, file)) {
                        byte[] prefix = Arrays.copyOf(file, length);
                        try {
                            byte[] found = ImageDecoder.decode(prefix).pixels();
                            assertArrayEquals(pixels, found, "the first " + length + " bytes");
                        } catch (UnreadableImageException refused) {
                            boolean known = ImageDecoder.mediaType(prefix).isPresent();
                            Reason expected = known ? Reason.DAMAGED : Reason.UNSUPPORTED;
                            assertEquals(expected, refused.reason());
                        }
                    }
                });
    }

    /** Every length where headers and ends are, each ninth between; all under stress. */
    private static int step(int length, byte[] file) {
        boolean isDense = STRESS || length < 200 || length > file.length - 50;
        return isDense ? 1 : Math.min(9, file.length - 50 - length + 1);
    }

    @ParameterizedTest
    @MethodSource("all")
    void flippedBytesNeverEscapeAsAnotherException(Golden golden) {
        Random random = new Random(golden.file().hashCode() + Long.getLong("stress.seed", 0));
        assertTimeoutPreemptively(
                DEADLINE,
                () -> {
                    for (int trial = 0; trial < FLIPPED; trial++) {
                        byte[] file = golden.bytes();
                        int flips = 1 + random.nextInt(8);
                        for (int i = 0; i < flips; i++) {
                            // half of them where the headers are
                            int end =
                                    random.nextBoolean() ? file.length : Math.min(file.length, 64);
                            file[random.nextInt(end)] = (byte) random.nextInt(256);
                        }
                        long before = THREADS.getCurrentThreadAllocatedBytes();
                        long start = System.nanoTime();
                        try {
                            assertTrue(ImageDecoder.decode(file).width() > 0);
                        } catch (UnreadableImageException refused) {
                            assertTrue(refused.getMessage().contains("; "), refused.getMessage());
                        }
                        long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
                        LONGEST.accumulateAndGet(System.nanoTime() - start, Math::max);
                        MOST.accumulateAndGet(bytes - BYTES_PER_PIXEL * area(file), Math::max);
                    }
                });
    }

    @Test
    void halfAJpegWithAnEndMarkerIsRefused() {
        byte[] half = Golden.resource("noisy.jpg");
        half = Arrays.copyOf(half, half.length * 2 / 3);
        half[half.length - 2] = (byte) 0xff;
        half[half.length - 1] = (byte) 0xd9;
        byte[] file = half;
        UnreadableImageException refused =
                assertThrows(UnreadableImageException.class, () -> ImageDecoder.decode(file));
        assertEquals(Reason.DAMAGED, refused.reason());
        assertTrue(refused.getMessage().contains("premature end"), refused.getMessage());
    }

    /** One of 2 KB took 3.2 GB. */
    @ParameterizedTest
    @CsvSource({
        "-3, b0010162",
        "-2, 027f",
        "0, 7fffffff",
        "0, 70000000",
        "0, ffffffff",
        "140, 7fffffff",
        "152, 00ffffff"
    })
    void aProfileThatAsksForGigabytesIsLeftOut(int at, String size) {
        byte[] file = Golden.resource("profile.jpg");
        byte[] pixels = ImageDecoder.decode(file).pixels();
        int profile = new String(file, StandardCharsets.ISO_8859_1).indexOf("ICC_PROFILE") + 14;
        byte[] large = HexFormat.of().parseHex(size);
        System.arraycopy(large, 0, file, profile + at, large.length);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        byte[] found = ImageDecoder.decode(file).pixels();
        assertTrue(THREADS.getCurrentThreadAllocatedBytes() - before < BYTES_PER_FILE);
        assertFalse(Arrays.equals(pixels, found), "without the profile the colours are others");
    }

    @Test
    void aPngWithAWrongChecksumIsRefused() {
        byte[] file = Golden.resource("grey.png");
        file[file.length - 30] ^= 1;
        UnreadableImageException refused =
                assertThrows(UnreadableImageException.class, () -> ImageDecoder.decode(file));
        assertTrue(refused.getMessage().contains("IDAT"), refused.getMessage());
    }
}
