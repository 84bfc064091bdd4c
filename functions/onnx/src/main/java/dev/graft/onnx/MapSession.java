package dev.graft.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.graft.feature.FeatureMap;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Optional;

/**
 * A second session of a network, which also gives what the feature is the mean of. The first one
 * stays as it is, so that no network is slower for who asks for no map. Of the embedded network an
 * output more leaves all layers joined and adds one DequantizeLinear and one Transpose; with both
 * outputs a run takes 5.0 ms instead of 4.8 (least of 600, one thread, 2026-11-29).
 *
 * @param tensor that is given beside the feature
 */
record MapSession(OrtSession session, String tensor) {
    /** Of the largest value of a feature, which a network in int8 rounds to a 255th of it. */
    private static final double SAME = 0.01;

    /** Empty if the feature is no mean over positions. */
    static Optional<MapSession> open(
            byte[] network, OrtEnvironment environment, OrtSession.SessionOptions options)
            throws OrtException {
        Optional<String> tensor = PooledTensor.of(network);
        if (tensor.isEmpty()) {
            return Optional.empty();
        }
        byte[] withMap = PooledTensor.withOutput(network, tensor.get());
        return Optional.of(
                new MapSession(environment.createSession(withMap, options), tensor.get()));
    }

    /** Empty if the feature is the mean over something else than rows and columns. */
    Optional<FeatureMap> map(OnnxTensor image) throws OrtException {
        try (OrtSession.Result result = session.run(Map.of("image", image))) {
            if (!(result.get("feature").orElseThrow() instanceof OnnxTensor feature)
                    || !(result.get(tensor).orElseThrow() instanceof OnnxTensor values)
                    || values.getInfo().type != OnnxJavaType.FLOAT
                    || values.getInfo().getShape().length != 4) {
                return Optional.empty();
            }
            float[] mean = floats(feature);
            float[] all = floats(values);
            long[] shape = values.getInfo().getShape();
            if (shape[1] == mean.length) {
                FeatureMap map = new FeatureMap((int) shape[2], (int) shape[3], all);
                if (isMean(map, mean)) {
                    return Optional.of(map);
                }
            }
            if (shape[3] == mean.length) {
                FeatureMap map =
                        new FeatureMap(
                                (int) shape[1], (int) shape[2], channelsFirst(all, mean.length));
                return Optional.of(map).filter(m -> isMean(m, mean));
            }
            return Optional.empty();
        }
    }

    private static float[] floats(OnnxTensor tensor) {
        FloatBuffer values = tensor.getFloatBuffer();
        float[] array = new float[values.remaining()];
        values.get(array);
        return array;
    }

    private static float[] channelsFirst(float[] values, int width) {
        float[] turned = new float[values.length];
        int positions = values.length / width;
        for (int p = 0; p < positions; p++) {
            for (int j = 0; j < width; j++) {
                turned[j * positions + p] = values[p * width + j];
            }
        }
        return turned;
    }

    private static boolean isMean(FeatureMap map, float[] feature) {
        double largest = 0;
        double most = 0;
        for (int j = 0; j < feature.length; j++) {
            double sum = 0;
            for (int p = 0; p < map.positions(); p++) {
                sum += map.values()[j * map.positions() + p];
            }
            largest = Math.max(largest, Math.abs(feature[j]));
            most = Math.max(most, Math.abs(sum / map.positions() - feature[j]));
        }
        return most <= SAME * largest;
    }
}
