package dev.graft.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.TensorProto;
import dev.graft.feature.ConfigurationException;
import dev.graft.image.Fit;
import dev.graft.image.Interpolation;
import dev.graft.image.Preprocessing;
import dev.graft.image.Preprocessing.ChannelOrder;
import dev.graft.onnx.OnnxBackbone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Hugging Face and timm publish beside a network, and what overrides it. */
class PreprocessingFileTest {
    private static final List<Float> CLIP_MEAN = List.of(0.48145466f, 0.4578275f, 0.40821073f);

    /** As CLIPImageProcessor of transformers writes it. */
    private static final String CLIP =
            """
            {"do_convert_rgb": true, "do_resize": true, "resample": 3, "do_rescale": true,
             "rescale_factor": 0.00392156862745098, "do_normalize": true, "do_center_crop": true,
             "size": {"shortest_edge": 24}, "crop_size": {"height": 16, "width": 16},
             "image_mean": [0.48145466, 0.4578275, 0.40821073],
             "image_std": [0.26862954, 0.26130258, 0.27577711], "crop_pct": null,
             "image_processor_type": "CLIPImageProcessor"}
            """;

    /** As timm 1.0 writes it for a network that is tested at a larger size. */
    private static final String TIMM =
            """
            {"architecture": "mobilenetv4_conv_small", "num_classes": 1000, "num_features": 1280,
             "pretrained_cfg": {"tag": "e2400_r224_in1k", "custom_load": false,
             "input_size": [3, 16, 16], "test_input_size": [3, 20, 20], "fixed_input_size": false,
             "interpolation": "bicubic", "crop_pct": 0.875, "test_crop_pct": 0.95,
             "crop_mode": "center", "mean": [0.5, 0.4, 0.3], "std": [0.2, 0.3, 0.4],
             "num_classes": 1000, "pool_size": [7, 7], "first_conv": "conv_stem",
             "classifier": "classifier"}}
            """;

    @TempDir private Path folder;
    private Path network;

    @BeforeEach
    void aNetworkOfAnySize() throws IOException {
        network =
                Files.copy(TestEncoders.resNetNetwork().save(folder), folder.resolve("model.onnx"));
    }

    @Test
    void clipCropsWithBicubic() throws IOException {
        Preprocessing found = with("preprocessor_config.json", CLIP);
        assertEquals(24, found.resize());
        assertEquals(16, found.crop());
        assertEquals(Interpolation.BICUBIC, found.interpolation());
        assertEquals(Fit.CROP, found.fit());
        assertEquals(CLIP_MEAN, found.mean());
        assertEquals(List.of(0.26862954f, 0.26130258f, 0.27577711f), found.deviation());
        assertEquals(255, found.scale());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "SiglipImageProcessor; 3; {\"height\": 16, \"width\": 16}; null; 16 16 bicubic"
                        + " squash",
                "DINOv3ViTImageProcessorFast; 2; {\"height\": 16, \"width\": 16}; null; 16 16"
                        + " bilinear squash",
                "ViTFeatureExtractor; 2; 16; null; 16 16 bilinear squash",
                "ConvNextImageProcessor; 3; {\"shortest_edge\": 16}; null; 18 16 bicubic crop",
                "ConvNextFeatureExtractor; 3; 384; null; 384 384 bicubic squash",
                "DeiTImageProcessor; 3; {\"height\": 18, \"width\": 18}; {\"height\": 16,"
                        + " \"width\": 16}; 18 16 bicubic squash"
            })
    void everyProcessorHasItsOwnSizes(
            String type, int resample, String size, String crop, String expected)
            throws IOException {
        Preprocessing found =
                with(
                        "preprocessor_config.json",
                        """
                        {"image_processor_type": "%s", "resample": %d, "size": %s, "crop_size": %s,
                         "do_center_crop": %s, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}
                        """
                                .formatted(type, resample, size, crop, !crop.equals("null")));
        assertEquals(
                expected,
                "%d %d %s %s"
                        .formatted(
                                found.resize(), found.crop(), found.interpolation(), found.fit()));
    }

    @Test
    void channelsCanBeTurnedAndLeftUnnormalized() throws IOException {
        Preprocessing found =
                with(
                        "preprocessor_config.json",
                        """
                        {"image_processor_type": "MobileViTImageProcessor", "resample": 3,
                         "size": {"shortest_edge": 18}, "crop_size": 16, "do_flip_channel_order": true}
                        """);
        assertEquals(ChannelOrder.BGR, found.channels());
        assertEquals(List.of(0f, 0f, 0f), found.mean());
    }

    @Test
    void timmSaysWhichPartIsShown() throws IOException {
        Preprocessing found = with("config.json", TIMM);
        assertEquals(18, found.resize());
        assertEquals(16, found.crop());
        assertEquals(Interpolation.BICUBIC, found.interpolation());
        assertEquals(List.of(0.5f, 0.4f, 0.3f), found.mean());
        TestNetwork net = TestEncoders.resNetNetwork();
        net.graph.setInput(0, TestNetwork.value("in", 1, 3, 20, 20));
        Files.write(network, net.bytes());
        assertEquals(21, preprocessing().resize(), "tested at its larger size");
        assertEquals(20, preprocessing().crop());
    }

    @ParameterizedTest
    @CsvSource({"squash,SQUASH", "border,PAD"})
    void timmHasEveryFit(String mode, Fit fit) throws IOException {
        assertEquals(
                fit, with("config.json", TIMM.replace("\"center\"", "\"" + mode + "\"")).fit());
    }

    @Test
    void aConfigurationOfTransformersSaysNothingAboutPixels() throws IOException {
        Preprocessing found = with("config.json", "{\"model_type\": \"vit\", \"hidden_size\": 8}");
        assertEquals(Preprocessing.imageNet(256, 224), found);
    }

    @Test
    void inAFolderCalledOnnxItMayLieOneHigher() throws IOException {
        Path inner = Files.createDirectories(folder.resolve("onnx"));
        Files.move(network, inner.resolve("model.onnx"));
        network = inner.resolve("model.onnx");
        Files.writeString(folder.resolve("preprocessor_config.json"), CLIP);
        assertEquals(CLIP_MEAN, preprocessing().mean());
    }

    @Test
    void ourFileOverridesWhatItNames() throws IOException {
        Files.writeString(folder.resolve("preprocessor_config.json"), CLIP);
        Preprocessing found =
                with("model.json", "{\"resize\": 20, \"fit\": \"pad\", \"mean\": [0, 0, 0.5]}");
        assertEquals(20, found.resize());
        assertEquals(16, found.crop());
        assertEquals(Fit.PAD, found.fit());
        assertEquals(Interpolation.BICUBIC, found.interpolation());
        assertEquals(List.of(0f, 0f, 0.5f), found.mean());
    }

    @Test
    void theSideAloneBringsItsResize() throws IOException {
        assertEquals(18, with("model.json", "{\"crop\": \"16\"}").resize());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "\"do_resize\": true; \"do_thing\": 1; key 'do_thing' is not known",
                "\"resample\": 3; \"resample\": 0; resample is 0, expected 2 (bilinear) or 3"
                        + " (bicubic)",
                "\"do_resize\": true; \"do_resize\": false; do_resize is false",
                "\"do_resize\": true; \"do_pad\": true; do_pad is true",
                "\"do_resize\": true; \"rescale_offset\": true; rescale_offset is true",
                "CLIPImage; LevitImage; image_processor_type is Levit",
                "\"do_center_crop\": true; \"do_center_crop\": false; do_center_crop is false",
                "\"width\": 16; \"width\": 15; crop_size is",
                "[0.48145466, 0.4578275, 0.40821073]; [0.5]; image_mean is [0.5], expected three"
            })
    void whatIsNotUnderstoodIsNamed(String found, String instead, String problem)
            throws IOException {
        assertRefused("preprocessor_config.json", CLIP.replace(found, instead), problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "\"custom_load\"; \"brightness\"; key 'brightness' of pretrained_cfg is not known",
                "bicubic; nearest; interpolation is nearest",
                "\"center\"; \"tiles\"; crop_mode is tiles",
                "\"crop_pct\": 0.875; \"crop_pct\": 1.5; input_size and crop_pct",
                "\"mean\": [0.5, 0.4, 0.3]; \"mean\": 0.5; mean is 0.5, expected three numbers"
            })
    void whatIsNotUnderstoodOfTimmIsNamed(String found, String instead, String problem)
            throws IOException {
        assertRefused("config.json", TIMM.replace(found, instead), problem);
    }

    @Test
    void anUnknownKeyOfOursIsNamed() throws IOException {
        assertRefused(
                "model.json",
                "{\"interpolatoin\": \"bicubic\"}",
                "key 'interpolatoin' is not known");
        assertRefused(
                "model.json",
                "{\"interpolation\": \"nearest\"}",
                "graft.interpolation is 'nearest'");
    }

    @Test
    void twoThatContradictEachOtherAreNamed() throws IOException {
        Files.writeString(folder.resolve("config.json"), TIMM);
        assertRefused("preprocessor_config.json", CLIP, "say different things of");
    }

    @Test
    void aNetworkThatNormalizesItselfContradictsOneThatSaysSo() throws IOException {
        TestNetwork net = new TestNetwork();
        net.graph.addInitializer(
                TensorProto.newBuilder()
                        .setName("small")
                        .setDataType(TensorProto.DataType.FLOAT_VALUE)
                        .addFloatData(1 / 255f));
        String x = net.conv("stem", net.node("scaled", "Mul", "in", "small"), 3, 6, 3, 2);
        x = net.node("flat", "Flatten", net.node("pooled", "GlobalAveragePool", x));
        net.gemm("out", x, 6, 4);
        Files.write(network, net.bytes());
        assertRefused("preprocessor_config.json", CLIP, "normalizes its input itself, but");
        assertEquals(
                List.of(0f, 0f, 0f),
                with(
                                "model.json",
                                "{\"mean\": \"0,0,0\", \"deviation\": \"1,1,1\", \"scale\": \"1\"}")
                        .mean());
    }

    private void assertRefused(String name, String content, String problem) throws IOException {
        Files.writeString(folder.resolve(name), content);
        String message =
                assertThrows(ConfigurationException.class, this::preprocessing).getMessage();
        assertTrue(message.contains(problem), message);
    }

    private Preprocessing with(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
        return preprocessing();
    }

    private Preprocessing preprocessing() {
        Path cut =
                new Backbones(folder.resolve("cache"), Catalogue.bundled(), System.err)
                        .resolve(network.toString());
        try (OnnxBackbone backbone = OnnxBackbone.open(cut, 1)) {
            return backbone.preprocessing();
        }
    }
}
