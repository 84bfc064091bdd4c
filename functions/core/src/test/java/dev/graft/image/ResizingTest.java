package dev.graft.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.image.Preprocessing.ChannelOrder;
import dev.graft.image.Preprocessing.Layout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both interpolations and every fit against Pillow 12.3.0, drawn by make_resizing_goldens.py. */
class ResizingTest {

    record Case(int number, String file, Preprocessing preprocessing) {
        @Override
        public String toString() {
            return "%s %d %d %s %s"
                    .formatted(
                            file,
                            preprocessing.resize(),
                            preprocessing.crop(),
                            preprocessing.interpolation(),
                            preprocessing.fit());
        }
    }

    private static Stream<Case> all() {
        List<String> lines =
                new String(resource("index.csv"), StandardCharsets.UTF_8).lines().toList();
        return IntStream.range(1, lines.size()).mapToObj(i -> read(i, lines.get(i).split(",")));
    }

    private static Case read(int number, String... parts) {
        Preprocessing usual = Preprocessing.imageNet(1, 1);
        return new Case(
                number,
                parts[0],
                new Preprocessing(
                        Integer.parseInt(parts[1]),
                        Integer.parseInt(parts[2]),
                        usual.mean(),
                        usual.deviation(),
                        usual.scale(),
                        ChannelOrder.RGB,
                        Layout.NCHW,
                        Interpolation.valueOf(parts[3].toUpperCase(Locale.ROOT)),
                        Fit.valueOf(parts[4].toUpperCase(Locale.ROOT))));
    }

    private static byte[] resource(String name) {
        try (var stream = ResizingTest.class.getResourceAsStream("/resizing/" + name)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void isWhatPillowMakesOfIt(Case golden) {
        RgbImage image = ImageDecoder.decode(Golden.resource(golden.file));
        byte[] found = golden.preprocessing.cropped(image).pixels();
        byte[] expected = resource(golden.number + ".rgb");
        assertEquals(expected.length, found.length);
        for (int i = 0; i < found.length; i++) {
            int difference = Math.abs((found[i] & 0xff) - (expected[i] & 0xff));
            assertTrue(difference <= 1, "value " + i + " differs by " + difference);
        }
    }
}
