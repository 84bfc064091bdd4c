package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.image.ImageDecoder;
import dev.graft.image.Preprocessing;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The model that the API exports, run by ONNX Runtime without the product. */
final class ExportedModel {
    private ExportedModel() {}

    /** Asks the endpoint and the model about a picture and compares every probability. */
    static void givesTheSameAnswer(ApiDocument api, byte[] picture) throws Exception {
        JsonNode answer = api.send("POST", "/classify?top=9", null, picture).json();
        String link = api.get("/export/model.onnx").location();
        Path file = Files.createTempFile("graft", ".onnx");
        HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(link)).build(), BodyHandlers.ofFile(file));
        var environment = OrtEnvironment.getEnvironment();
        try (var session = environment.createSession(file.toString())) {
            var metadata = session.getMetadata().getCustomMetadata();
            JsonNode classes = ApiDocument.JSON.readTree(metadata.get("graft.classes"));
            var preprocessing = Preprocessing.fromMetadata(metadata);
            float[] pixels = preprocessing.apply(ImageDecoder.decode(picture));
            long[] shape = {1, 3, preprocessing.crop(), preprocessing.crop()};
            try (var image = OnnxTensor.createTensor(environment, FloatBuffer.wrap(pixels), shape);
                    var result = session.run(Map.of("image", image))) {
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
