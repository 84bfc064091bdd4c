package dev.graft.onnx;

import static dev.graft.image.Interpolation.BICUBIC;
import static dev.graft.image.Interpolation.BILINEAR;
import static dev.graft.image.Preprocessing.ChannelOrder.BGR;
import static dev.graft.image.Preprocessing.ChannelOrder.RGB;
import static dev.graft.image.Preprocessing.Layout.NCHW;
import static dev.graft.image.Preprocessing.Layout.NHWC;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.graft.export.OnnxModel;
import dev.graft.feature.BadRequestException;
import dev.graft.feature.Float16;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import dev.graft.image.Fit;
import dev.graft.image.Interpolation;
import dev.graft.image.Preprocessing;
import dev.graft.image.Preprocessing.ChannelOrder;
import dev.graft.image.Preprocessing.Layout;
import dev.graft.image.RgbImage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The exported model that takes an image, on a network whose feature is its input: what the model
 * makes of an image is what {@link Preprocessing} makes of it.
 */
class ImageModelTest {
    private static final int CROP = 24;
    private static final int VALUES = 3 * CROP * CROP;

    private static final int[][] SIZES = {
        {24, 24}, {30, 30}, {1, 1}, {9, 40}, {31, 24}, {24, 25}, {301, 97}, {97, 640}, {640, 481}
    };

    private static final Head HEAD = head();

    /** How images are prepared, and the operator set of the network. */
    private record Case(
            Interpolation interpolation,
            Fit fit,
            int resize,
            ChannelOrder channels,
            Layout layout,
            int operatorSet) {
        Preprocessing preprocessing() {
            return new Preprocessing(
                    resize,
                    CROP,
                    List.of(0.5f, 0.4f, 0.25f),
                    List.of(0.25f, 0.3f, 0.5f),
                    255,
                    channels,
                    layout,
                    interpolation,
                    fit);
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(BILINEAR, Fit.CROP, 28, RGB, NCHW, 13),
                new Case(BILINEAR, Fit.CROP, 24, BGR, NHWC, 11),
                new Case(BICUBIC, Fit.CROP, 32, RGB, NCHW, 17),
                new Case(BICUBIC, Fit.SQUASH, 27, BGR, NCHW, 18),
                new Case(BILINEAR, Fit.SQUASH, 24, RGB, NHWC, 21),
                new Case(BILINEAR, Fit.PAD, 24, BGR, NCHW, 13),
                new Case(BICUBIC, Fit.PAD, 37, RGB, NCHW, 12));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void makesTheSameOfAnImageAsTheProduct(Case how) throws OrtException {
        Preprocessing preprocessing = how.preprocessing();
        byte[] model =
                OnnxModel.ofPixels(network(how.layout(), how.operatorSet()), HEAD, preprocessing);
        try (OrtSession session = OrtEnvironment.getEnvironment().createSession(model)) {
            assertEquals(Set.of("pixels"), session.getInputNames());
            for (int[] size : SIZES) {
                RgbImage image = image(size[0], size[1]);
                float[] expected = preprocessing.apply(image);
                float[] found = feature(session, image);
                assertArrayEquals(expected, found, 1e-6f, () -> how + ", " + image);
            }
        }
    }

    @Test
    void givesTheProbabilitiesOfItsFeature() throws OrtException {
        Preprocessing preprocessing = cases().findFirst().orElseThrow().preprocessing();
        byte[] model = OnnxModel.ofPixels(network(NCHW, 13), HEAD, preprocessing);
        RgbImage image = image(50, 40);
        try (OrtSession session = OrtEnvironment.getEnvironment().createSession(model);
                OnnxTensor pixels = tensor(image);
                var result = session.run(Map.of("pixels", pixels))) {
            float[][] found = (float[][]) result.get("probabilities").orElseThrow().getValue();
            float[] feature = preprocessing.apply(image);
            double[] expected = HEAD.probabilities(Float16.decode(Float16.encode(feature)));
            assertEquals(expected[0], found[0][0], 1e-3);
            assertEquals(expected[1], found[0][1], 1e-3);
        }
    }

    @Test
    void saysThatANetworkIsTooOld() {
        Preprocessing preprocessing = cases().findFirst().orElseThrow().preprocessing();
        byte[] old = network(NCHW, 7);
        var refused =
                assertThrows(
                        BadRequestException.class,
                        () -> OnnxModel.ofPixels(old, HEAD, preprocessing));
        assertTrue(refused.getMessage().contains("operator set 7,"), refused.getMessage());
    }

    private static Head head() {
        Random random = new Random(3);
        float[] weights = new float[2 * VALUES];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextGaussian() / VALUES;
        }
        float[] scale = new float[VALUES];
        Arrays.fill(scale, 0.1f);
        return new Head(
                "1",
                List.of("a", "b"),
                "b",
                new Head.Parameters(
                        weights, new float[2], new float[VALUES], scale, 1, Activation.SOFTMAX));
    }

    /** Of colours that change slowly, with noise on them. */
    private static RgbImage image(int width, int height) {
        Random random = new Random(width);
        byte[] pixels = new byte[3 * width * height];
        for (int i = 0; i < pixels.length; i++) {
            int across = 200 * (i / 3 % width) / width;
            pixels[i] = (byte) (i / 3 / width % 7 == 0 ? 255 : across + random.nextInt(56));
        }
        return new RgbImage(width, height, pixels);
    }

    private static OnnxTensor tensor(RgbImage image) throws OrtException {
        ByteBuffer bytes = ByteBuffer.wrap(image.pixels());
        long[] shape = {image.height(), image.width(), 3};
        return OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(), bytes, shape, OnnxJavaType.UINT8);
    }

    private static float[] feature(OrtSession session, RgbImage image) throws OrtException {
        try (OnnxTensor pixels = tensor(image);
                var result = session.run(Map.of("pixels", pixels))) {
            return ((float[][]) result.get("feature").orElseThrow().getValue())[0];
        }
    }

    /** A network whose feature is what it takes. */
    private static byte[] network(Layout layout, int operatorSet) {
        NodeProto flat =
                NodeProto.newBuilder()
                        .setOpType("Flatten")
                        .setName("feature")
                        .addInput("image")
                        .addOutput("feature")
                        .build();
        long[] shape =
                layout == NCHW ? new long[] {1, 3, CROP, CROP} : new long[] {1, CROP, CROP, 3};
        return ModelProto.newBuilder()
                .setIrVersion(6)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(operatorSet))
                .setGraph(
                        GraphProto.newBuilder()
                                .setName("flat")
                                .addInput(OnnxBackboneTest.value("image", shape))
                                .addNode(flat)
                                .addOutput(OnnxBackboneTest.value("feature", 1, VALUES)))
                .build()
                .toByteArray();
    }
}
