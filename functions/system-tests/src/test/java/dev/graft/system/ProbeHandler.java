package dev.graft.system;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.graft.aws.Aws;
import dev.graft.feature.ImageFeature;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A function that uses every store once, to see that a zip holds all that the stores need. */
public final class ProbeHandler
        implements RequestHandler<Map<String, String>, Map<String, String>> {
    private static final Map<String, String> ENVIRONMENT = System.getenv();

    private final Aws aws = new Aws(ENVIRONMENT);

    @Override
    public Map<String, String> handleRequest(Map<String, String> event, Context context) {
        String key = event.get("key");
        if (key == null) {
            throw new IllegalArgumentException("the event has no key");
        }
        var features = aws.featureStore(ENVIRONMENT.get("FEATURES_TABLE"));
        features.put(
                new ImageFeature(
                        key,
                        Optional.empty(),
                        "backbone",
                        new byte[4096],
                        "00",
                        1,
                        1,
                        event.get("sequencer"),
                        Instant.now()));
        var heads = aws.headStore(ENVIRONMENT.get("HEADS_BUCKET"));
        var images = aws.imageStore(ENVIRONMENT.get("IMAGES_BUCKET"));
        return Map.of(
                "sequencer",
                features.find(key).orElseThrow().sequencer(),
                "head",
                heads.latest().isPresent() ? "there" : "none",
                "image",
                images.read(key, 10).isPresent() ? "there" : "none",
                "memory",
                Integer.toString(context.getMemoryLimitInMB()));
    }
}
