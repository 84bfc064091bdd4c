package dev.graft.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files against Pillow 12.3.0: decoding, turn, colour, alpha, resize and crop in one. */
class GoldenTest {
    private static List<Golden> all() {
        return Golden.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void isWhatPillowMakesOfIt(Golden golden) {
        // Lossy WebP before path 4 alone: TwelveMonkeys takes the nearest chroma, where libwebp
        // interpolates, and loses what the loop filter does left of and above a block's edge; seen
        // 10 at most and 1.7 on average, and 45 where edges are smoothed much. All others were
        // seen to be equal, or 1 apart where an ICC profile or YCCK is converted.
        boolean lossyWebp = golden.file().startsWith("lossy");
        differsBy(golden, PixelPath.P2, lossyWebp ? 46 : 1);
        boolean byTwelveMonkeys = golden.file().equals("lossy-alpha.webp");
        differsBy(golden, PixelPath.P4, byTwelveMonkeys ? 18 : lossyWebp ? 0 : 1);
    }

    private static void differsBy(Golden golden, PixelPath path, int most) {
        RgbImage image = ImageDecoder.decode(golden.bytes(), path);
        Preprocessing preprocessing = Preprocessing.imageNet(golden.resize(), golden.crop());
        byte[] found = preprocessing.cropped(image).pixels();
        byte[] expected = golden.expected();
        assertEquals(expected.length, found.length);
        int largest = 0;
        long sum = 0;
        for (int i = 0; i < found.length; i++) {
            int difference = Math.abs((found[i] & 0xff) - (expected[i] & 0xff));
            largest = Math.max(largest, difference);
            sum += difference;
        }
        assertTrue(largest <= most, path + " differs by " + largest + " at most");
        assertTrue(sum <= (most > 1 ? 7 : 1) * found.length, path + " by " + sum + " in all");
    }

    @Test
    void thePicturesCoverEveryFormatAndKind() {
        for (String kind :
                List.of(".jpg", ".png", ".gif", ".webp", "grey", "cmyk", "alpha", "16", "exif-8")) {
            assertTrue(all().stream().anyMatch(golden -> golden.file().contains(kind)), kind);
        }
        assertTrue(all().size() >= 50, "only " + all().size());
    }
}
