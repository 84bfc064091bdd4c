package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.image.ImageDecoder;
import dev.graft.image.Preprocessing;
import dev.graft.image.RgbImage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The model that the API exports, run by ONNX Runtime without the product. */
final class ExportedModel {
    private ExportedModel() {}

    /** Asks the endpoint and both models about a picture and compares every probability. */
    static void givesTheSameAnswer(ApiDocument api, byte[] picture) throws Exception {
        JsonNode answer = api.send("POST", "/classify?top=9", null, picture).json();
        RgbImage image = ImageDecoder.decode(picture);
        var environment = OrtEnvironment.getEnvironment();
        run(
                api.get("/export/model.onnx").location(),
                answer,
                metadata -> {
                    var preprocessing = Preprocessing.fromMetadata(metadata);
                    long[] shape = {1, 3, preprocessing.crop(), preprocessing.crop()};
                    FloatBuffer pixels = FloatBuffer.wrap(preprocessing.apply(image));
                    return Map.of("image", OnnxTensor.createTensor(environment, pixels, shape));
                });
        run(
                api.address("/export/model.onnx?input=image"),
                answer,
                metadata -> {
                    long[] shape = {image.height(), image.width(), 3};
                    ByteBuffer pixels = ByteBuffer.wrap(image.pixels());
                    return Map.of(
                            "pixels",
                            OnnxTensor.createTensor(
                                    environment, pixels, shape, OnnxJavaType.UINT8));
                });
    }

    private interface Inputs {
        Map<String, OnnxTensor> of(Map<String, String> metadata) throws OrtException;
    }

    private static void run(String link, JsonNode answer, Inputs inputs) throws Exception {
        Path file = Files.createTempFile("graft", ".onnx");
        HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(link)).build(), BodyHandlers.ofFile(file));
        try (var session = OrtEnvironment.getEnvironment().createSession(file.toString())) {
            var metadata = session.getMetadata().getCustomMetadata();
            JsonNode classes = ApiDocument.JSON.readTree(metadata.get("graft.classes"));
            try (var result = session.run(inputs.of(metadata))) {
                float[][] probabilities = (float[][]) result.get("probabilities").get().getValue();
                assertEquals(classes.size(), answer.path("probabilities").size());
                for (JsonNode told : answer.path("probabilities")) {
                    int c = 0;
                    while (!classes.get(c).equals(told.path("label"))) {
                        c++;
                    }
                    assertEquals(told.path("probability").asDouble(), probabilities[0][c], 1e-5);
                }
            }
        } finally {
            Files.delete(file);
        }
    }
}
