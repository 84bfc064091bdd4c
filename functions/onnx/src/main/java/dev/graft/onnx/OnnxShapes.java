package dev.graft.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.graft.feature.ConfigurationException;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What the tensors of a network look like when it is shown one image. */
public final class OnnxShapes {
    private OnnxShapes() {}

    /**
     * One tensor.
     *
     * @param type as ONNX names it, in lower case, such as {@code float} or {@code float16}
     * @param shape its sides, the batch of 1 first
     */
    public record Shape(String type, List<Long> shape) {
        /** As people write it, such as {@code (n, 384)}. */
        @Override
        public String toString() {
            return shape.stream()
                    .skip(1)
                    .map(String::valueOf)
                    .collect(Collectors.joining(", ", "(n, ", ")"));
        }
    }

    /**
     * Runs a network once, on an image of zeros, and looks at its outputs.
     *
     * @param network with one float32 input {@code image}
     * @param input shape of that input, with a batch of 1
     * @return by name of the output; those that are no tensors are left out
     * @throws ConfigurationException if ONNX Runtime cannot open or run it, with its words
     */
    public static Map<String, Shape> of(byte[] network, long... input) {
        int size = (int) Arrays.stream(input).reduce(1, Math::multiplyExact);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.BASIC_OPT);
            // what goes wrong is in the exception
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            try (OrtSession session = environment.createSession(network, options);
                    OnnxTensor image =
                            OnnxTensor.createTensor(
                                    environment, FloatBuffer.wrap(new float[size]), input);
                    OrtSession.Result result = session.run(Map.of("image", image))) {
                return shapes(session.getOutputInfo(), result);
            }
        } catch (OrtException e) {
            throw new ConfigurationException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Map<String, Shape> shapes(
            Map<String, NodeInfo> outputs, OrtSession.Result result) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        for (String name : outputs.keySet()) {
            OnnxValue value = result.get(name).orElseThrow();
            if (value.getInfo() instanceof TensorInfo tensor) {
                String type = tensor.onnxType.name().replace("ONNX_TENSOR_ELEMENT_DATA_TYPE_", "");
                List<Long> sides = Arrays.stream(tensor.getShape()).boxed().toList();
                shapes.put(name, new Shape(type.toLowerCase(Locale.ROOT), sides));
            }
        }
        return shapes;
    }
}
