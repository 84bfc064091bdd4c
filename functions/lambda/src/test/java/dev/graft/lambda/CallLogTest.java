package dev.graft.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.feature.StoreException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CallLogTest {
    private final List<String> lines = new ArrayList<>();
    private final CallLog log = new CallLog(context(lines));

    @Test
    void aFailureIsOneLineWhateverTheKey() throws Exception {
        log.failure(
                "images/a\nb\".jpg",
                new StoreException("could not read", new IllegalStateException("503 \n Slow")));
        JsonNode line = only();
        assertEquals("ERROR", line.path("level").asText());
        assertEquals("request-1", line.path("requestId").asText());
        assertEquals("images/a\nb\".jpg", line.path("about").asText());
        assertEquals("StoreException", line.path("failure").asText());
        assertEquals("could not read", line.path("message").asText());
        assertEquals("java.lang.IllegalStateException: 503 \n Slow", line.path("cause").asText());
        String at = line.path("at").asText();
        assertTrue(at.contains("CallLogTest.aFailureIsOneLineWhateverTheKey"), at);
    }

    @Test
    void metricsAreInTheEmbeddedFormat() throws Exception {
        log.metrics(Map.of("ImagesFeaturized", 3, "FeaturizeMilliseconds", 41), 1_795_428_930_123L);
        JsonNode line = only();
        assertEquals(3, line.path("ImagesFeaturized").asInt());
        assertEquals("graft-featurizer", line.path("FunctionName").asText());
        assertEquals(1_795_428_930_123L, line.at("/_aws/Timestamp").asLong());
        JsonNode directive = line.at("/_aws/CloudWatchMetrics/0");
        assertEquals("Graft", directive.path("Namespace").asText());
        assertEquals("[[\"FunctionName\"]]", directive.path("Dimensions").toString());
        for (JsonNode metric : directive.path("Metrics")) {
            String name = metric.path("Name").asText();
            assertTrue(line.has(name), name);
            String unit = name.equals("FeaturizeMilliseconds") ? "Milliseconds" : "Count";
            assertEquals(unit, metric.path("Unit").asText());
        }
    }

    private JsonNode only() throws Exception {
        assertEquals(1, lines.size());
        String line = lines.getFirst();
        assertTrue(line.endsWith("\n"));
        assertFalse(line.strip().contains("\n"), line);
        return new ObjectMapper().readTree(line);
    }

    private static Context context(List<String> lines) {
        LambdaLogger logger =
                new LambdaLogger() {
                    @Override
                    public void log(String message) {
                        lines.add(message);
                    }

                    @Override
                    public void log(byte[] message) {
                        throw new UnsupportedOperationException();
                    }
                };
        return (Context)
                Proxy.newProxyInstance(
                        CallLogTest.class.getClassLoader(),
                        new Class<?>[] {Context.class},
                        (proxy, method, arguments) ->
                                switch (method.getName()) {
                                    case "getAwsRequestId" -> "request-1";
                                    case "getFunctionName" -> "graft-featurizer";
                                    case "getLogger" -> logger;
                                    default -> throw new UnsupportedOperationException();
                                });
    }
}
