package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.backbone.Backbones;
import dev.graft.local.Cloud;
import dev.graft.local.EmbeddedCloud;
import dev.graft.local.HttpEndpoint;
import dev.graft.local.LocalProduct;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The whole product in memory, served, with a client that holds it against the API's document.
 *
 * @param product behind it
 * @param endpoint where it answers
 * @param api the client
 */
record Served(LocalProduct product, HttpEndpoint endpoint, ApiDocument api)
        implements AutoCloseable {
    private static final Duration LONG = Duration.ofMinutes(2);

    /** Starts with these settings. */
    static Served with(Map<String, String> settings) {
        var product =
                new LocalProduct(
                        s3Events -> new OverHttp(EmbeddedCloud.inMemory(s3Events)),
                        Backbones.ofUser().resolve(""),
                        settings);
        HttpEndpoint endpoint = product.serve(0);
        return new Served(product, endpoint, new ApiDocument(endpoint.url()));
    }

    /**
     * As functions ask their stores in the cloud, so that calls are counted and stores can fail.
     */
    private record OverHttp(Cloud cloud) implements Cloud {
        @Override
        public Map<String, String> environment() {
            return cloud.environment();
        }

        @Override
        public void close() {
            cloud.close();
        }
    }

    /** Waits until every upload was read, then has the API train and waits until it has. */
    JsonNode train() {
        until(product::idle);
        assertEquals("/status", api.send("POST", "/heads", null, null).location());
        until(() -> training().path("state").asText().equals("ended"));
        return training();
    }

    private JsonNode training() {
        return api.get("/status").json().path("training");
    }

    /** Waits until something is so, at most two minutes. */
    static void until(BooleanSupplier so) {
        Instant end = Instant.now().plus(LONG);
        while (!so.getAsBoolean()) {
            assertTrue(Instant.now().isBefore(end), "it did not come to be within two minutes");
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    @Override
    public void close() {
        endpoint.close();
        product.close();
    }
}
