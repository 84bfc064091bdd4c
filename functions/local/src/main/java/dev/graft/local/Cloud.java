package dev.graft.local;

import dev.graft.aws.Aws;
import java.util.Map;

/** An S3 and a DynamoDB with the buckets and the table of one product. */
public interface Cloud extends AutoCloseable {
    /**
     * What the functions find in their environment: the endpoints, region and keys for {@link Aws},
     * and the names {@code IMAGES_BUCKET}, {@code HEADS_BUCKET} and {@code TABLE}.
     */
    Map<String, String> environment();

    /**
     * New connections to both.
     *
     * @param environment that of {@link #environment} and what else {@link Aws} is to find
     */
    default Aws aws(Map<String, String> environment) {
        return new Aws(environment);
    }

    @Override
    void close();
}
