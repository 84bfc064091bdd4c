package dev.graft.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.image.Preprocessing.ChannelOrder;
import dev.graft.image.Preprocessing.Layout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreprocessingTest {
    private static final RgbImage TWO_BY_TWO =
            new RgbImage(2, 2, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, (byte) 200, (byte) 255, 0});

    @ParameterizedTest
    @CsvSource({
        "RGB,NCHW,'1,4,7,200,2,5,8,255,3,6,9,0'",
        "BGR,NCHW,'3,6,9,0,2,5,8,255,1,4,7,200'",
        "RGB,NHWC,'1,2,3,4,5,6,7,8,9,200,255,0'",
        "BGR,NHWC,'3,2,1,6,5,4,9,8,7,0,255,200'"
    })
    void ordersChannelsAndAxes(ChannelOrder channels, Layout layout, String expected) {
        float[] found = raw(channels, layout).apply(TWO_BY_TWO);
        String[] values = expected.split(",");
        assertEquals(values.length, found.length);
        for (int i = 0; i < values.length; i++) {
            assertEquals(Float.parseFloat(values[i]), found[i]);
        }
    }

    @Test
    void normalizesEachChannel() {
        float[] found = Preprocessing.imageNet(2, 2).apply(TWO_BY_TWO);
        assertEquals((200 / 255f - 0.485f) / 0.229f, found[3]);
        assertEquals((255 / 255f - 0.456f) / 0.224f, found[7]);
        assertEquals((0 / 255f - 0.406f) / 0.225f, found[11]);
    }

    @Test
    void meanAndDeviationFollowTheOrderOfTheChannels() {
        Preprocessing caffe =
                Preprocessing.imageNet(2, 2)
                        .withValues(
                                List.of(103f, 116f, 123f),
                                List.of(1f, 1f, 2f),
                                1,
                                ChannelOrder.BGR);
        float[] found = caffe.apply(TWO_BY_TWO);
        assertEquals(3 - 103f, found[0]);
        assertEquals((200 - 123f) / 2, found[11]);
    }

    @Test
    void oneColourStaysThatColourAtEverySize() {
        byte[] pixels = new byte[3 * 37 * 29];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (100 + i % 3 * 70);
        }
        RgbImage plain = new RgbImage(37, 29, pixels);
        for (int resize = 1; resize < 90; resize++) {
            byte[] found = Preprocessing.imageNet(resize, resize).cropped(plain).pixels();
            for (int i = 0; i < found.length; i++) {
                assertEquals(100 + i % 3 * 70, found[i] & 0xff);
            }
        }
    }

    @Test
    void anExtremelyLongImageIsCroppedWithoutResizingAllOfIt() {
        byte[] pixels = new byte[3 * 1_000_000];
        float[] found = Preprocessing.imageNet(256, 224).apply(new RgbImage(1_000_000, 1, pixels));
        assertEquals(3 * 224 * 224, found.length);
        assertEquals(-0.485f / 0.229f, found[0]);
    }

    @Test
    void metadataRoundTrips() {
        Preprocessing written = raw(ChannelOrder.BGR, Layout.NHWC);
        assertEquals(written, Preprocessing.fromMetadata(written.toMetadata()));
        Map<String, String> metadata = Preprocessing.imageNet(256, 224).toMetadata();
        assertEquals("0.485,0.456,0.406", metadata.get("graft.mean"));
        assertEquals("256", metadata.get("graft.resize"));
        metadata = new HashMap<>(metadata);
        metadata.put("graft.mean", " 0.485, 0.456,0.406 ");
        metadata.put("author", "somebody");
        assertEquals(Preprocessing.imageNet(256, 224), Preprocessing.fromMetadata(metadata));
    }

    @Test
    void interpolationAndFitAreInTheMetadataOnlyWhereTheyAreNotTheUsualOnes() {
        Map<String, String> usual = Preprocessing.imageNet(256, 224).toMetadata();
        assertEquals(7, usual.size(), "the identity of stored features is made of it");
        Map<String, String> other = new HashMap<>(usual);
        other.put("graft.interpolation", "bicubic");
        other.put("graft.fit", "squash");
        assertEquals(other, Preprocessing.fromMetadata(other).toMetadata());
    }

    @ParameterizedTest
    @CsvSource({"RGB,'10,20,30'", "BGR,'30,20,10'"})
    void bordersAreTheMeanColour(ChannelOrder channels, String colour) {
        Preprocessing padded =
                new Preprocessing(
                        4,
                        4,
                        List.of(10f, 20f, 30f),
                        List.of(1f, 1f, 1f),
                        1,
                        channels,
                        Layout.NCHW,
                        Interpolation.BILINEAR,
                        Fit.PAD);
        RgbImage wide = new RgbImage(4, 2, new byte[3 * 4 * 2]);
        byte[] pixels = padded.cropped(wide).pixels();
        assertEquals(colour, pixels[0] + "," + pixels[1] + "," + pixels[2]);
        float[] values = padded.apply(wide);
        assertEquals(0, values[0], "above");
        assertEquals(-10, values[4], "the image");
        assertEquals(0, values[3 * 4], "below");
    }

    @ParameterizedTest
    @CsvSource({
        "resize,0,1 to 8192",
        "resize,a,a whole number",
        "resize,9000,1 to 8192",
        "crop,257,1 to graft.resize = 256",
        "crop,-1,1 to",
        "mean,'1,2',3 finite numbers",
        "mean,'1,2,NaN',3 finite numbers",
        "mean,'1,2,',3 numbers such as",
        "deviation,'1,0,1',3 positive numbers",
        "deviation,'x',3 numbers such as",
        "scale,0,a positive number",
        "scale,Infinity,a positive number",
        "channels,rgb,RGB or BGR",
        "layout,CHWN,NCHW or NHWC",
        "interpolation,nearest,bilinear or bicubic",
        "fit,stretch,'crop, squash or pad'"
    })
    void aWrongValueIsNamedWithItsRule(String key, String value, String rule) {
        Map<String, String> metadata = new HashMap<>(Preprocessing.imageNet(256, 224).toMetadata());
        metadata.put("graft." + key, value);
        String message = failure(metadata);
        assertTrue(message.startsWith("graft." + key + " is "), message);
        assertTrue(message.contains("expected " + rule), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"resize", "crop", "mean", "deviation", "scale", "channels", "layout"})
    void aMissingKeyIsNamed(String key) {
        Map<String, String> metadata = new HashMap<>(Preprocessing.imageNet(256, 224).toMetadata());
        metadata.remove("graft." + key);
        String message = failure(metadata);
        assertTrue(message.startsWith("graft." + key + " is missing, expected "), message);
    }

    @Test
    void theSamePictureGivesTheSameValues() {
        RgbImage image = ImageDecoder.decode(Golden.resource("noisy.jpg"));
        Preprocessing preprocessing = Preprocessing.imageNet(256, 224);
        assertArrayEquals(preprocessing.apply(image), preprocessing.apply(image));
    }

    /** As with a request after another one: nothing of the picture before is left. */
    @ParameterizedTest
    @EnumSource(Fit.class)
    void memoryThatWasUsedGivesTheSameValues(Fit fit) {
        RgbImage image = ImageDecoder.decode(Golden.resource("noisy.jpg"));
        for (Layout layout : Layout.values()) {
            Preprocessing preprocessing =
                    new Preprocessing(
                            64,
                            60,
                            List.of(0.5f, 0.4f, 0.3f),
                            List.of(0.2f, 0.3f, 0.4f),
                            255,
                            ChannelOrder.BGR,
                            layout,
                            Interpolation.BICUBIC,
                            fit);
            float[] used = new float[preprocessing.values()];
            Arrays.fill(used, Float.NaN);
            assertArrayEquals(preprocessing.apply(image), preprocessing.apply(image, used));
        }
    }

    private static String failure(Map<String, String> metadata) {
        return assertThrows(
                        IllegalArgumentException.class, () -> Preprocessing.fromMetadata(metadata))
                .getMessage();
    }

    private static Preprocessing raw(ChannelOrder channels, Layout layout) {
        return Preprocessing.imageNet(2, 2)
                .withValues(List.of(0f, 0f, 0f), List.of(1f, 1f, 1f), 1, channels)
                .withLayout(layout);
    }
}
