package dev.graft.aws;

import dev.graft.feature.BadRequestException;
import dev.graft.feature.ImageIndex;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/**
 * Images in the indexes of the {@link FeatureTable}. A cursor is the time and the key of the last
 * image of its page, so it stays good whatever comes or goes.
 */
public final class DynamoImageIndex implements ImageIndex {
    /** Bytes of a key of S3, at most. */
    private static final int MAX_KEY = 1024;

    private final DynamoDbClient client;
    private final String table;
    private final String backbone;

    /** Lists what has a feature of this backbone. */
    public DynamoImageIndex(DynamoDbClient client, String table, String backbone) {
        this.client = client;
        this.table = table;
        this.backbone = backbone;
    }

    @Override
    public Page list(Which which, int limit, Optional<String> cursor) {
        QueryRequest.Builder query = query(which);
        cursor.ifPresent(text -> query.exclusiveStartKey(start(which, text)));
        List<Entry> found = new ArrayList<>();
        try {
            for (var item : client.queryPaginator(query.build()).items()) {
                Entry image = FeatureItem.entry(item);
                if (which instanceof OneOfSeveral(String name)
                        && !image.label().orElseThrow().has(name)) {
                    continue;
                }
                if (found.size() == limit) {
                    return new Page(found, Optional.of(cursor(found.getLast())));
                }
                found.add(image);
            }
        } catch (SdkException e) {
            throw Failure.of("list the images in table " + table, e);
        }
        return new Page(found, Optional.empty());
    }

    @Override
    public void forEach(Consumer<Entry> consumer) {
        try {
            client.queryPaginator(query(new All()).build()).items().stream()
                    .map(FeatureItem::entry)
                    .forEach(consumer);
        } catch (SdkException e) {
            throw Failure.of("list the images in table " + table, e);
        }
    }

    private QueryRequest.Builder query(Which which) {
        var names = new HashMap<>(Map.of("#backbone", FeatureTable.BACKBONE));
        var values = new HashMap<>(Map.of(":backbone", FeatureItem.text(backbone)));
        var query = QueryRequest.builder().tableName(table).scanIndexForward(false);
        switch (which) {
            case All all ->
                    query.indexName(FeatureTable.BY_TIME)
                            .keyConditionExpression("#backbone = :backbone");
            case Unlabelled none -> {
                names.put("#label", FeatureTable.LABEL);
                query.indexName(FeatureTable.BY_TIME)
                        .keyConditionExpression("#backbone = :backbone")
                        .filterExpression("attribute_not_exists(#label)");
            }
            case OneOfSeveral(String name) -> {
                names.put("#label", FeatureTable.LABEL);
                values.put(":label", FeatureItem.text(name));
                query.indexName(FeatureTable.BY_TIME)
                        .keyConditionExpression("#backbone = :backbone")
                        .filterExpression("contains(#label, :label)");
            }
            case OfLabel(String name) -> {
                names.put("#label", FeatureTable.LABEL);
                values.put(":label", FeatureItem.text(name));
                query.indexName(FeatureTable.INDEX)
                        .keyConditionExpression("#label = :label")
                        .filterExpression("#backbone = :backbone");
            }
        }
        return query.expressionAttributeNames(names).expressionAttributeValues(values);
    }

    private static String cursor(Entry last) {
        String text = last.time() + " " + last.key();
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private Map<String, AttributeValue> start(Which which, String cursor) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            int space = text.indexOf(' ');
            Instant time = Instant.parse(text.substring(0, Math.max(0, space)));
            String last = text.substring(space + 1);
            if (last.isEmpty() || last.getBytes(StandardCharsets.UTF_8).length > MAX_KEY) {
                throw new IllegalArgumentException("no key of S3");
            }
            var key =
                    new HashMap<>(
                            Map.of(
                                    FeatureTable.KEY, FeatureItem.text(last),
                                    FeatureTable.TIME, FeatureItem.time(time)));
            if (which instanceof OfLabel(String name)) {
                key.put(FeatureTable.LABEL, FeatureItem.text(name));
            } else {
                key.put(FeatureTable.BACKBONE, FeatureItem.text(backbone));
            }
            return key;
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new BadRequestException(
                    "cursor '" + cursor + "': expected the cursor of the page before", e);
        }
    }
}
