package dev.graft.local;

import dev.graft.aws.Aws;
import dev.graft.aws.FeatureTable;
import java.util.Map;
import java.util.UUID;

/**
 * The S3 and DynamoDB that the contracts run against: those of {@code -Daws.endpoint},
 * LocalStack's, or else the embedded ones. Started once for all tests.
 */
final class TestCloud {
    private static final String ENDPOINT = System.getProperty("aws.endpoint", "");

    static final boolean EMBEDDED = ENDPOINT.isEmpty() && !LocalStack.asked();
    static final Aws AWS = new Aws(EMBEDDED ? embedded() : given());

    private TestCloud() {}

    private static Map<String, String> embedded() {
        EmbeddedCloud cloud = EmbeddedCloud.inMemory(event -> {});
        Runtime.getRuntime().addShutdownHook(new Thread(cloud::close));
        return cloud.environment();
    }

    private static Map<String, String> given() {
        return Map.of(
                "AWS_REGION", System.getenv().getOrDefault("AWS_REGION", "us-east-1"),
                "AWS_ENDPOINT_URL", ENDPOINT.isEmpty() ? LocalStack.start() : ENDPOINT,
                "AWS_ACCESS_KEY_ID", System.getenv().getOrDefault("AWS_ACCESS_KEY_ID", "test"),
                "AWS_SECRET_ACCESS_KEY",
                        System.getenv().getOrDefault("AWS_SECRET_ACCESS_KEY", "test"));
    }

    static String newBucket() {
        String name = "graft-test-" + UUID.randomUUID();
        AWS.s3().createBucket(b -> b.bucket(name));
        return name;
    }

    static String newTable() {
        String name = "graft-test-" + UUID.randomUUID();
        FeatureTable.create(AWS.dynamoDb(), name);
        return name;
    }
}
