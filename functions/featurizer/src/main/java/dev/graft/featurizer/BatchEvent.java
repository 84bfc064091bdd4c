package dev.graft.featurizer;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.feature.BadRequestException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What S3 Batch Operations sends to a function, in either version of its schema. Source: Amazon S3
 * User Guide, "Invoke AWS Lambda function", "Lambda function invocation schema versions".
 *
 * @param invocationSchemaVersion {@code 1.0} or {@code 2.0}
 * @param invocationId comes back with the results
 * @param tasks one for each object
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record BatchEvent(
        @Nullable String invocationSchemaVersion, @Nullable String invocationId, List<Task> tasks) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * One object.
     *
     * @param taskId comes back with the result
     * @param s3Key its key, percent-encoded
     * @param s3Bucket its bucket; only in version 2.0
     * @param s3BucketArn likewise; only in version 1.0
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Task(
            String taskId, String s3Key, @Nullable String s3Bucket, @Nullable String s3BucketArn) {

        /** For an object; its key is encoded here. */
        public static Task of(String key, String bucket) {
            String encoded = URLEncoder.encode(key, StandardCharsets.UTF_8);
            return new Task("", encoded.replace("+", "%20"), bucket, null);
        }

        /** Name of its bucket. */
        String bucket() {
            String arn = s3BucketArn == null ? "" : s3BucketArn;
            return s3Bucket == null ? arn.substring(arn.lastIndexOf(':') + 1) : s3Bucket;
        }
    }

    /**
     * From the fields of an event.
     *
     * @throws BadRequestException if it is none of S3 Batch Operations
     */
    public static BatchEvent of(Map<String, Object> fields) {
        try {
            if (fields.get("tasks") != null) {
                return JSON.convertValue(fields, BatchEvent.class);
            }
        } catch (IllegalArgumentException e) {
            throw unknown(e);
        }
        throw unknown(null);
    }

    private static BadRequestException unknown(@Nullable Throwable cause) {
        return new BadRequestException(
                "the event is none of S3 Batch Operations: expected tasks as in events/refill.json;"
                        + " infra/refill.py sends all images",
                cause);
    }
}
