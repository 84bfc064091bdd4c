package dev.graft.system;

import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.Sha256;
import dev.graft.image.ImageDecoder;
import dev.graft.onnx.OnnxBackbone;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Prints what the product computes of images, so that processors can be compared; run by {@code
 * infra/same_features.py} with the classes and libraries of a deployment package.
 */
public final class PrintFeatures {
    private PrintFeatures() {}

    /**
     * One line an image: the file, SHA-256 of the feature as it is stored (float16) and SHA-256 of
     * the float32 values that the network gave.
     *
     * @param args a cut network, then image files
     */
    public static void main(String[] args) throws IOException {
        try (OnnxBackbone backbone = OnnxBackbone.open(Path.of(args[0]), 1)) {
            FeatureExtractor extractor = new FeatureExtractor(backbone);
            for (int i = 1; i < args.length; i++) {
                byte[] file = Files.readAllBytes(Path.of(args[i]));
                float[] values =
                        backbone.feature(backbone.preprocessing().apply(ImageDecoder.decode(file)));
                ByteBuffer bits = ByteBuffer.allocate(Float.BYTES * values.length);
                bits.asFloatBuffer().put(values);
                System.out.printf(
                        "%s %s %s%n",
                        args[i],
                        Sha256.of(extractor.extract(file).feature()),
                        Sha256.of(bits.array()));
            }
        }
    }
}
