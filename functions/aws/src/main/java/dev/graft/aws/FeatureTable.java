package dev.graft.aws;

import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * The table of features. One item per image key, in one of three forms: a feature ({@link
 * #FEATURE}), a file that could not be read ({@link #REASON}), or a tombstone ({@link #EXPIRES}).
 * Only labelled features have a {@link #LABEL}, so only they are in {@link #INDEX}. A feature of
 * 2,048 values takes about 4.4 KB.
 */
public final class FeatureTable {
    /** Image key, the partition key. */
    public static final String KEY = "key";

    /** Padded sequencer of the last event. */
    public static final String SEQUENCER = "sequencer";

    /** ISO 8601 in UTC with nine decimals of a second, so that text sorts by time. */
    public static final String TIME = "time";

    /** Name of the class. */
    public static final String LABEL = "label";

    /** {@link dev.graft.feature.LabelSource} of the label. */
    public static final String SOURCE = "source";

    /** The feature, {@link dev.graft.feature.Float16}. */
    public static final String FEATURE = "feature";

    /** Id of the backbone. */
    public static final String BACKBONE = "backbone";

    /** SHA-256 of the file, hex. */
    public static final String HASH = "hash";

    /** Width of the picture in pixels. */
    public static final String WIDTH = "width";

    /** Height of the picture in pixels. */
    public static final String HEIGHT = "height";

    /** Why a file could not be read. */
    public static final String REASON = "reason";

    /** Seconds since 1970 when a tombstone may go; the table's time-to-live attribute. */
    public static final String EXPIRES = "expires";

    /** Sparse index of labelled images: by {@link #LABEL}, then {@link #TIME}. */
    public static final String INDEX = "by-label";

    /** Sparse index of images with a feature: by {@link #BACKBONE}, then {@link #TIME}. */
    public static final String BY_TIME = "by-time";

    private FeatureTable() {}

    /** The table under this name, as the deployment template has it too. */
    public static CreateTableRequest definition(String name) {
        return CreateTableRequest.builder()
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(text(KEY), text(LABEL), text(TIME), text(BACKBONE))
                .keySchema(part(KEY, KeyType.HASH))
                .globalSecondaryIndexes(
                        index(INDEX, LABEL, SOURCE, BACKBONE, WIDTH, HEIGHT),
                        index(BY_TIME, BACKBONE, LABEL, SOURCE, WIDTH, HEIGHT))
                .build();
    }

    private static GlobalSecondaryIndex index(String name, String part, String... attributes) {
        return GlobalSecondaryIndex.builder()
                .indexName(name)
                .keySchema(part(part, KeyType.HASH), part(TIME, KeyType.RANGE))
                .projection(
                        p -> p.projectionType(ProjectionType.INCLUDE).nonKeyAttributes(attributes))
                .build();
    }

    /** Creates the table unless it is there, and waits until it can be used. */
    public static void create(DynamoDbClient client, String name) {
        try (var waiter = client.waiter()) {
            client.createTable(definition(name));
            waiter.waitUntilTableExists(b -> b.tableName(name));
            client.updateTimeToLive(
                    b ->
                            b.tableName(name)
                                    .timeToLiveSpecification(
                                            t -> t.attributeName(EXPIRES).enabled(true)));
        } catch (ResourceInUseException there) {
            // from an earlier run
        }
    }

    private static AttributeDefinition text(String name) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(ScalarAttributeType.S)
                .build();
    }

    private static KeySchemaElement part(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }
}
