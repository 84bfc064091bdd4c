package dev.graft.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** Every prediction is counted in the log, and whether its image is unlike the labelled ones. */
class UnknownCountTest {
    private static final String BODY = "{\"key\": \"%s\"}".formatted(TaughtStores.RED);

    private final ClassifierHandler handler =
            TaughtStores.handler(new TaughtStores().ports(), InstantSource.system());

    private Call.Reply post(String path) {
        Call.Reply reply = Call.of("POST " + path, path, BODY).to(handler);
        assertEquals(200, reply.status(), reply.body());
        return reply;
    }

    private void assertCounted(int unknown, String known) {
        Call.Reply reply = post("/classify");
        assertEquals(known, reply.json().path("known").asText(), reply.body());
        assertTrue(reply.log().contains("\"Requests\":1"), reply.log());
        assertTrue(reply.log().contains("\"Unknown\":" + unknown), reply.log());
    }

    @Test
    void whatIsUnlikeTheLabelledImagesIsCounted() {
        assertEquals("", post("/similar").log(), "what is known is read by now");
        assertCounted(0, "null"); // too few are labelled to say
        String label = "{\"label\": \"green\"}";
        String target = "/images/label?key=" + TaughtStores.RED;
        assertEquals(200, Call.of("PUT /images/label", target, label).to(handler).status());
        assertCounted(1, "false");
    }
}
