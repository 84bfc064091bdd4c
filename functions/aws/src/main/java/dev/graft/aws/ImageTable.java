package dev.graft.aws;

import dev.graft.feature.LabelSet;
import dev.graft.feature.StoreException;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * The table, format 2. An image key has up to three kinds of items, which are always written in one
 * transaction:
 *
 * <ul>
 *   <li>{@code image}: the last event, what it left, and a copy of the label; listed in {@link
 *       #BY_LABEL} among all images, and in {@link #BY_CHANGE};
 *   <li>{@code label#<set>}: the decisions about the label in a label set, newest first; listed in
 *       {@link #BY_LABEL} under set and label. Those of the default set are there for each picture,
 *       those of another if there are any, which the item {@code image} tells;
 *   <li>{@code feature#<backbone>}: a vector of {@link dev.graft.feature.Float16}, and the hash and
 *       the thumbnail of the picture it is of.
 * </ul>
 *
 * <p>Under the keys {@code #history} and {@code #shares} are what people did and share links. The
 * counters are items {@code counts#<set>} under the keys {@code #counts/0} to {@code #counts/3};
 * one of a set other than the default counts labels alone, and the first says how many an image
 * has. Lists and counters are spread over so many partitions that none of them bounds how fast
 * images come in or a class is renamed. A format that came before is {@link Format1}.
 */
public final class ImageTable {
    /**
     * So many items are asked for at once. Amazon's table ends an answer after 1 MB, which is about
     * as many; that of one machine reads all that is left before it cuts, so that 100,000 images
     * took 4 s an answer and half an hour in all.
     */
    static final int AT_ONCE = 1_000;

    /** Partition key: key of the image. */
    public static final String KEY = "key";

    /** Sort key: which part of what is known. */
    public static final String PART = "part";

    /** Partition of {@link #BY_LABEL}: what is listed, and a shard. */
    public static final String LIST = "list";

    /** Order in {@link #BY_LABEL}: when the picture came, and a hash of the key for ties. */
    public static final String LISTED = "listed";

    /** Partition of {@link #BY_CHANGE}. */
    public static final String SHARD = "shard";

    /** Order in {@link #BY_CHANGE}: when it changed, and a hash of the key for ties. */
    public static final String CHANGED = "changed";

    /** Name of the class. */
    public static final String LABEL = "label";

    /** {@link dev.graft.feature.LabelSource} of the label. */
    public static final String SOURCE = "source";

    /** Width of the picture in pixels. */
    public static final String WIDTH = "width";

    /** Height of the picture in pixels. */
    public static final String HEIGHT = "height";

    /** When the picture came or the file was tried. */
    public static final String TIME = "time";

    /** SHA-256 of the file, hex. */
    public static final String HASH = "hash";

    /** ETag of the object that held the picture last; in no index. */
    static final String ETAG = "etag";

    /** Ids of the backbones whose feature is stored. */
    public static final String BACKBONES = "backbones";

    /** Why a file could not be read. */
    public static final String REASON = "reason";

    /** Padded sequencer of the last event. */
    public static final String SEQUENCER = "sequencer";

    /** Seconds since 1970 when a tombstone may go; the table's time-to-live attribute. */
    public static final String EXPIRES = "expires";

    /** Of the record; a change is written only if it is still the one that was read. */
    static final String VERSION = "version";

    /** Decisions about the label, newest first. */
    static final String CHANGES = "changes";

    /** The vector. */
    static final String FEATURE = "feature";

    /** {@link dev.graft.image.Thumbnail} of the picture that the vector is of. */
    static final String THUMBNAIL = "thumbnail";

    /** Index of all images and of those of a label. */
    public static final String BY_LABEL = "by-label";

    /** Index of what changed when. */
    public static final String BY_CHANGE = "by-change";

    static final String IMAGE = "image";
    static final String LABELS_OF = "label#";
    static final String LABELS = LABELS_OF + LabelSet.DEFAULT;
    static final String COUNTS_OF = "counts#";

    /** Names of the label sets but for the default one in which there are decisions. */
    static final String SETS = "sets";

    /** How many labels an image has in a label set that somebody made. */
    static final String LABELS_PER_IMAGE = "labelsPerImage";

    static final String FEATURE_OF = "feature#";

    static final int LIST_SHARDS = 16;
    static final int CHANGE_SHARDS = 4;
    static final int COUNTERS = 4;

    private ImageTable() {}

    /** Partition of {@link #BY_LABEL} with all images. */
    static String all(int shard) {
        return "#" + shard;
    }

    /** Partition of {@link #BY_LABEL} with those of a label; of none if it is empty. */
    static String list(LabelSet set, String label, int shard) {
        return set + "#" + label + "#" + shard;
    }

    /** Sort key of the decisions in a label set. */
    static String labels(LabelSet set) {
        return LABELS_OF + set;
    }

    static String changes(int shard) {
        return "" + shard;
    }

    static String unreadable(int shard) {
        return "unreadable#" + shard;
    }

    static Map<String, AttributeValue> counter(int number, LabelSet set) {
        return key(counterKey(number), COUNTS_OF + set);
    }

    static String counterKey(int number) {
        return "#counts/" + number;
    }

    /**
     * An attribute that every item of its kind has.
     *
     * @throws StoreException if this one has not
     */
    static AttributeValue value(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        if (value == null) {
            throw new StoreException(
                    "item %s of %s lacks %s: something else wrote to the table, upload the image again"
                            .formatted(item.get(PART), item.get(KEY), name),
                    null);
        }
        return value;
    }

    /** The text of an attribute, see {@link #value}. */
    static String text(Map<String, AttributeValue> item, String name) {
        return value(item, name).s();
    }

    static Map<String, AttributeValue> key(String key, String part) {
        return Map.of(KEY, AttributeValue.fromS(key), PART, AttributeValue.fromS(part));
    }

    /** The table under this name, as the deployment template has it too. */
    public static CreateTableRequest definition(String name) {
        return CreateTableRequest.builder()
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(
                        List.of(KEY, PART, LIST, LISTED, SHARD, CHANGED).stream()
                                .map(ImageTable::text)
                                .toList())
                .keySchema(part(KEY, KeyType.HASH), part(PART, KeyType.RANGE))
                .globalSecondaryIndexes(
                        index(
                                BY_LABEL,
                                List.of(LIST, LISTED),
                                List.of(LABEL, SOURCE, WIDTH, HEIGHT, TIME)),
                        index(
                                BY_CHANGE,
                                List.of(SHARD, CHANGED),
                                List.of(
                                        LABEL, SOURCE, WIDTH, HEIGHT, TIME, HASH, BACKBONES, REASON,
                                        SEQUENCER)))
                .build();
    }

    private static GlobalSecondaryIndex index(
            String name, List<String> keys, List<String> attributes) {
        return GlobalSecondaryIndex.builder()
                .indexName(name)
                .keySchema(part(keys.get(0), KeyType.HASH), part(keys.get(1), KeyType.RANGE))
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
