package dev.graft.aws;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/**
 * Reads many items by their keys.
 *
 * @param client of DynamoDB
 * @param table name
 */
record BatchGet(DynamoDbClient client, String table) {
    private static final int AT_ONCE = 100; // the most that one call takes

    /** Gives the part {@code part} of each of these keys that has it, once and in no order. */
    void parts(List<String> keys, String part, Consumer<Map<String, AttributeValue>> consumer) {
        items(keys.stream().distinct().map(key -> ImageTable.key(key, part)).toList(), consumer);
    }

    /** Gives each of these items that is there, in no order; none of the keys may come twice. */
    void items(
            List<Map<String, AttributeValue>> keys,
            Consumer<Map<String, AttributeValue>> consumer) {
        for (int i = 0; i < keys.size(); i += AT_ONCE) {
            var some = keys.subList(i, Math.min(i + AT_ONCE, keys.size()));
            var wanted = KeysAndAttributes.builder().keys(some).build();
            try {
                client.batchGetItemPaginator(b -> b.requestItems(Map.of(table, wanted))).stream()
                        .flatMap(page -> page.responses().getOrDefault(table, List.of()).stream())
                        .forEach(consumer);
            } catch (SdkException e) {
                throw Failure.of("read items of table " + table, e);
            }
        }
    }
}
