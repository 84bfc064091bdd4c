package dev.graft.system;

import dev.graft.local.Cloud;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * An S3 and a DynamoDB somewhere else. Their events do not come here, so whoever uploads has to
 * tell.
 */
record ToldCloud(Map<String, String> environment, Consumer<String> s3Events) implements Cloud {
    private static final AtomicLong SEQUENCER = new AtomicLong(1);

    /** Tells that an image was created. */
    void tellAgain(String imageKey) {
        s3Events.accept(
                """
                {"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
                 "eventTime": "2026-11-23T10:15:30.123Z", "s3": {"bucket": {"name": "%s"},
                 "object": {"key": "%s", "sequencer": "%016X"}}}]}
                """
                        .formatted(
                                environment.get("IMAGES_BUCKET"),
                                URLEncoder.encode(imageKey, StandardCharsets.UTF_8),
                                SEQUENCER.incrementAndGet()));
    }

    @Override
    public void close() {}
}
