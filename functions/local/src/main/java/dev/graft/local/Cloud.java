package dev.graft.local;

import java.util.Map;

/** An S3 and a DynamoDB with the buckets and the table of one product. */
public interface Cloud extends AutoCloseable {
    /**
     * What the functions find in their environment: the endpoints, region and keys for {@link
     * dev.graft.aws.Aws}, and the names {@code IMAGES_BUCKET}, {@code HEADS_BUCKET} and {@code
     * TABLE}.
     */
    Map<String, String> environment();

    @Override
    void close();
}
