package dev.graft.local;

import dev.graft.aws.Aws;
import dev.graft.aws.ImageTable;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The S3 and DynamoDB that contracts and end-to-end tests run against: those of {@code
 * -Daws.endpoint}, LocalStack's, or else the embedded ones. Started once for all tests.
 */
public final class TestCloud {
    private static final String ENDPOINT = System.getProperty("aws.endpoint", "");

    /** Whether they are in this process. */
    public static final boolean EMBEDDED = ENDPOINT.isEmpty() && !LocalStack.asked();

    private static final Cloud CLOUD = EMBEDDED ? embedded() : new Given(given());
    static final Aws AWS = CLOUD.aws(CLOUD.environment());

    private TestCloud() {}

    /** One that somebody else started. */
    private record Given(Map<String, String> environment) implements Cloud {
        @Override
        public void close() {}
    }

    private static Cloud embedded() {
        EmbeddedCloud cloud = EmbeddedCloud.inMemory(event -> {});
        Runtime.getRuntime().addShutdownHook(new Thread(cloud::close));
        return cloud;
    }

    private static Map<String, String> given() {
        return Map.of(
                "AWS_REGION", System.getenv().getOrDefault("AWS_REGION", "us-east-1"),
                "AWS_ENDPOINT_URL", ENDPOINT.isEmpty() ? LocalStack.start() : ENDPOINT,
                "AWS_ACCESS_KEY_ID", System.getenv().getOrDefault("AWS_ACCESS_KEY_ID", "test"),
                "AWS_SECRET_ACCESS_KEY",
                        System.getenv().getOrDefault("AWS_SECRET_ACCESS_KEY", "test"));
    }

    /** What functions find in their environment, with buckets and a table that are new. */
    public static Map<String, String> newEnvironment() {
        Map<String, String> environment = new HashMap<>(CLOUD.environment());
        environment.put("IMAGES_BUCKET", newBucket());
        environment.put("HEADS_BUCKET", newBucket());
        environment.put("TABLE", newTable());
        return environment;
    }

    static String newBucket() {
        String name = "graft-test-" + UUID.randomUUID();
        AWS.s3().createBucket(b -> b.bucket(name));
        return name;
    }

    static String newTable() {
        String name = "graft-test-" + UUID.randomUUID();
        ImageTable.create(AWS.dynamoDb(), name);
        return name;
    }
}
