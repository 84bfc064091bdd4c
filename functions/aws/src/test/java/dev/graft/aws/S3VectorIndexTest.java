package dev.graft.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.ConfigurationException;
import dev.graft.feature.RefusedException;
import dev.graft.feature.StoreException;
import dev.graft.index.VectorIndex;
import dev.graft.index.VectorIndex.Vector;
import dev.graft.index.VectorIndex.Which;
import dev.graft.testing.VectorIndexContract;
import dev.graft.testing.VectorServer;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against {@link VectorServer}; it never met the service. */
class S3VectorIndexTest extends VectorIndexContract {
    private static final float[] EAST = {1, 0, 0};

    private VectorServer server;
    private Aws aws;

    @BeforeEach
    void start() throws IOException {
        server = new VectorServer();
        aws = new Aws(environment("AWS_ENDPOINT_URL_S3VECTORS", server.address().toString()));
    }

    @AfterEach
    void stop() {
        aws.close();
        server.close();
    }

    private static Map<String, String> environment(String name, String value) {
        return Map.of(
                "AWS_REGION",
                "eu-central-1",
                "AWS_ACCESS_KEY_ID",
                "key",
                "AWS_SECRET_ACCESS_KEY",
                "secret",
                name,
                value);
    }

    @Override
    protected VectorIndex index() {
        return aws.vectorIndex(VectorServer.BUCKET);
    }

    private static List<Vector> east() {
        return List.of(new Vector("images/east.jpg", EAST, true));
    }

    @Test
    void asksAsTheApiReferenceSays() {
        index().put("net", east());
        assertEquals(List.of("PutVectors", "CreateIndex", "PutVectors"), server.asked);
        assertEquals(
                "{\"key\":\"images/east.jpg\",\"data\":{\"float32\":[1.0,0.0,0.0]},\"metadata\":{\"labelled\":true}}",
                server.request.at("/vectors/0").toString());
        assertTrue(
                server.signature.matches(
                        "AWS4-HMAC-SHA256 Credential=key/\\d{8}/eu-central-1/s3vectors/aws4_request.*"),
                server.signature);
        index().nearest("net", EAST, 3, Which.ALL);
        assertFalse(server.request.has("filter"), server.request::toString);
        assertEquals(3, server.request.path("topK").asInt());
        assertTrue(server.request.path("indexArn").asText().length() < 200);
    }

    /** So that a call has at most 20 MiB, whatever the values are. */
    @Test
    void wideFeaturesGoInSmallerCalls() {
        float[] wide = new float[4096];
        Arrays.fill(wide, -1.23456789e-30f);
        index().put(
                        "wide",
                        IntStream.range(0, 400)
                                .mapToObj(i -> new Vector("k" + i, wide, false))
                                .toList());
        long last = server.asked.stream().filter("PutVectors"::equals).count();
        assertTrue(last >= 3, server.asked::toString);
        float[] other = {1};
        var refused =
                assertThrows(
                        RefusedException.class,
                        () -> index().put("wide", List.of(new Vector("k", other, false))));
        assertTrue(refused.getMessage().contains("ValidationException"), refused.getMessage());
    }

    @Test
    void waitsWhileTheServiceIsBusyAndSaysWhatElseIsWrong() {
        server.busy.set(2);
        index().put("net", east());
        assertEquals(2, Collections.frequency(server.asked.subList(0, 2), "PutVectors"));
        assertEquals(1, index().nearest("net", EAST, 1, Which.ALL).size());
        server.broken = 403;
        var forbidden = assertThrows(RefusedException.class, () -> index().drop("net"));
        assertTrue(forbidden.getMessage().contains("give the function's role"));
        assertTrue(forbidden.getMessage().contains("DeleteIndex of " + VectorServer.BUCKET));
        assertFalse(forbidden.getMessage().contains("secret words"), forbidden.getMessage());
    }

    /** Somebody waits for the answer, which there is without it. */
    @Test
    void aSearchIsNeitherTriedAgainNorWaitedForLong() {
        index().put("net", east());
        server.asked.clear();
        server.busy.set(1);
        assertThrows(StoreException.class, () -> index().nearest("net", EAST, 1, Which.ALL));
        assertEquals(List.of("QueryVectors"), server.asked);
        server.busy.set(0);
        server.slow = 3_000;
        long start = System.nanoTime();
        var late =
                assertThrows(
                        StoreException.class, () -> index().nearest("net", EAST, 1, Which.ALL));
        assertTrue(System.nanoTime() - start < 2_900_000_000L, "it waited to the end");
        assertTrue(late.getMessage().contains("did not answer"), late.getMessage());
    }

    @Test
    void aVectorBucketIsNamedByItsArn() {
        var wrong = assertThrows(ConfigurationException.class, () -> aws.vectorIndex("graft"));
        assertTrue(wrong.getMessage().startsWith("VECTOR_BUCKET is 'graft': expected the ARN"));
        try (Aws here = new Aws(environment("AWS_SESSION_TOKEN", ""))) {
            assertEquals("s3vectors", here.vectorIndex(VectorServer.BUCKET).name());
        }
    }
}
