package dev.graft.aws;

import dev.graft.feature.ImageIndex.Page;
import dev.graft.feature.StoreCalls;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/**
 * One list of an index that is spread over several partitions, in descending order. Each partition
 * is asked for somewhat more than its share of a page, and again only if it had more than that.
 */
record MergedQuery(
        DynamoDbClient client, String table, String index, String partition, String order) {
    private static final int MORE_THAN_ITS_SHARE = 4;

    private record Part(
            String name, ArrayDeque<Map<String, AttributeValue>> items, boolean complete) {}

    /**
     * A page.
     *
     * @param partitions of the list
     * @param after place of the last item of the page before
     */
    Page<Map<String, AttributeValue>> page(
            List<String> partitions, int limit, Optional<String> after) {
        int share = 2 * limit / Math.max(1, partitions.size()) + MORE_THAN_ITS_SHARE;
        Map<String, Part> parts = new HashMap<>();
        StoreCalls.concurrently(
                        partitions.stream()
                                .<Callable<Part>>map(name -> () -> part(name, share, after))
                                .toList())
                .forEach(part -> parts.put(part.name(), part));
        List<Map<String, AttributeValue>> found = new ArrayList<>();
        while (true) {
            Optional<Part> next = newest(parts);
            if (next.isEmpty()) {
                return new Page<>(found, Optional.empty());
            }
            if (found.size() == limit) {
                return new Page<>(found, Optional.of(place(found.getLast())));
            }
            Part part = next.get();
            found.add(part.items().remove());
            if (part.items().isEmpty() && !part.complete()) {
                parts.put(
                        part.name(), part(part.name(), share, Optional.of(place(found.getLast()))));
            }
        }
    }

    private Optional<Part> newest(Map<String, Part> parts) {
        Function<Part, String> first = part -> place(part.items().getFirst());
        return parts.values().stream()
                .filter(part -> !part.items().isEmpty())
                .max((a, b) -> first.apply(a).compareTo(first.apply(b)));
    }

    private String place(Map<String, AttributeValue> item) {
        return ImageTable.text(item, order);
    }

    private Part part(String name, int limit, Optional<String> after) {
        Map<String, AttributeValue> values = new HashMap<>(Map.of(":list", ImageItems.text(name)));
        Map<String, String> names = new HashMap<>(Map.of("#list", partition));
        after.ifPresent(
                place -> {
                    names.put("#place", order);
                    values.put(":after", ImageItems.text(place));
                });
        try {
            var answer =
                    client.query(
                            QueryRequest.builder()
                                    .tableName(table)
                                    .indexName(index)
                                    .scanIndexForward(false)
                                    .limit(limit)
                                    .keyConditionExpression(
                                            "#list = :list"
                                                    + (after.isEmpty()
                                                            ? ""
                                                            : " AND #place < :after"))
                                    .expressionAttributeNames(names)
                                    .expressionAttributeValues(values)
                                    .build());
            boolean complete = !answer.hasLastEvaluatedKey() || answer.lastEvaluatedKey().isEmpty();
            return new Part(name, new ArrayDeque<>(answer.items()), complete);
        } catch (SdkException e) {
            throw Failure.of("list the images in table " + table, e);
        }
    }
}
