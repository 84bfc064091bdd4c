package dev.graft.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.ConfigurationException;
import dev.graft.feature.StoreException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class AwsTest {
    private static final Map<String, String> NOBODY_LISTENS =
            Map.of(
                    "AWS_REGION", "eu-central-1",
                    "AWS_ENDPOINT_URL", "http://127.0.0.1:1",
                    "AWS_ACCESS_KEY_ID", "key",
                    "AWS_SECRET_ACCESS_KEY", "secret");

    @Test
    void asksForARegion() {
        var refused = assertThrows(ConfigurationException.class, () -> new Aws(Map.of()));
        assertTrue(refused.getMessage().contains("AWS_REGION"), refused.getMessage());
    }

    @Test
    void saysInItsOwnWordsWhatFailed() {
        try (Aws aws = new Aws(NOBODY_LISTENS)) {
            assertFails(
                    "could not read what is known of images/a.jpg in table t: the service did not"
                            + " answer, try again",
                    () -> aws.featureStore("t").find("images/a.jpg", "net"));
            assertFails(
                    "could not read table t: the service did not answer, try again",
                    () -> aws.featureStore("t").scan("b", feature -> {}));
            assertFails(
                    "could not read images/a.jpg in bucket b: the service did not answer, try"
                            + " again",
                    () -> aws.imageStore("b").read("images/a.jpg", 1));
            assertFails(
                    "could not read heads/latest.json in bucket b: the service did not answer, try"
                            + " again",
                    () -> aws.headStore("b").promote("1", Optional.empty()));
        }
    }

    private static void assertFails(String message, Executable call) {
        assertEquals(message, assertThrows(StoreException.class, call).getMessage());
    }
}
