package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.graft.featurizer.FeaturizerHandler;
import dev.graft.local.LocalProduct;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.sync.RequestBody;

/** A bucket beside the one of the images, as an event of it comes to the featurizer. */
final class Followed {
    static final String BUCKET = "shop-photos";
    private static final String KEY = "red cat/a+b 猫.jpg";

    private Followed() {}

    /** Its object is copied to the images, and goes from there when it has gone. */
    static void isCopied(LocalProduct product, byte[] photo) throws IOException {
        Map<String, String> environment = new HashMap<>(product.environment());
        environment.put("FOLLOWED_BUCKET", BUCKET);
        var handler = new FeaturizerHandler(environment);
        var s3 = product.aws().s3();
        s3.createBucket(b -> b.bucket(BUCKET));
        s3.putObject(b -> b.bucket(BUCKET).key(KEY), RequestBody.fromBytes(photo));
        assertEquals(List.of("COPIED"), handle(handler));
        Served.until(() -> product.features().known("images/" + KEY).picture().isPresent());
        s3.deleteObject(b -> b.bucket(BUCKET).key(KEY));
        assertEquals(List.of("COPIED"), handle(handler));
        Served.until(() -> product.features().known("images/" + KEY).picture().isEmpty());
    }

    private static Object handle(FeaturizerHandler handler) throws IOException {
        String event = Files.readString(Repository.file("events/bridge-followed.json"));
        Map<String, Object> fields = ApiDocument.JSON.readValue(event, new TypeReference<>() {});
        return handler.handleRequest(fields, SilentContext.of("graft"));
    }
}
