package dev.graft.aws;

import dev.graft.library.History;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What people did, each an item under one key of the {@link ImageTable}, in the order of time. */
public final class DynamoHistory implements History {
    private static final String KEY = "#history";
    private static final String BY = "by";
    private static final String ACTION = "action";
    private static final String SUBJECT = "subject";
    private static final String UNDO = "undo";

    /** Of one length, so that the order of text is that of time. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final DynamoDbClient client;
    private final String table;

    /** Keeps it in this table. */
    public DynamoHistory(DynamoDbClient client, String table) {
        this.client = client;
        this.table = table;
    }

    @Override
    public void add(Act act) {
        // two at the same moment, and the same twice after a failure, which is one
        String part = TIME.format(act.time()) + "#" + Integer.toHexString(act.hashCode());
        Map<String, AttributeValue> item = new HashMap<>(ImageTable.key(KEY, part));
        item.put(ImageTable.TIME, ImageItems.text(act.time().toString()));
        item.put(BY, ImageItems.text(act.by()));
        item.put(ACTION, ImageItems.text(act.action()));
        item.put(SUBJECT, ImageItems.text(act.subject()));
        act.undo().ifPresent(id -> item.put(UNDO, ImageItems.text(id)));
        try {
            client.putItem(b -> b.tableName(table).item(item));
        } catch (SdkException e) {
            throw Failure.of("write the history in table " + table, e);
        }
    }

    @Override
    public void forget(String key, String text) {
        try {
            client.queryPaginator(
                            b ->
                                    b.tableName(table)
                                            .consistentRead(true)
                                            .keyConditionExpression("#key = :key")
                                            .filterExpression("contains(#subject, :image)")
                                            .expressionAttributeNames(
                                                    Map.of(
                                                            "#key",
                                                            ImageTable.KEY,
                                                            "#subject",
                                                            SUBJECT))
                                            .expressionAttributeValues(
                                                    Map.of(
                                                            ":key",
                                                            ImageItems.text(KEY),
                                                            ":image",
                                                            ImageItems.text(key))))
                    .items()
                    .forEach(item -> write(item, act(item).subject().replace(key, text)));
        } catch (SdkException e) {
            throw Failure.of("change the history in table " + table, e);
        }
    }

    private void write(Map<String, AttributeValue> act, String subject) {
        Map<String, AttributeValue> item = new HashMap<>(act);
        item.put(SUBJECT, ImageItems.text(subject));
        client.putItem(b -> b.tableName(table).item(item));
    }

    @Override
    public List<Act> latest(int most) {
        try {
            return client
                    .queryPaginator(
                            b ->
                                    b.tableName(table)
                                            .consistentRead(true)
                                            .scanIndexForward(false)
                                            .limit(most)
                                            .keyConditionExpression("#key = :key")
                                            .expressionAttributeNames(
                                                    Map.of("#key", ImageTable.KEY))
                                            .expressionAttributeValues(
                                                    Map.of(":key", ImageItems.text(KEY))))
                    .items()
                    .stream()
                    .limit(most)
                    .map(DynamoHistory::act)
                    .toList();
        } catch (SdkException e) {
            throw Failure.of("read the history in table " + table, e);
        }
    }

    private static Act act(Map<String, AttributeValue> item) {
        return new Act(
                Instant.parse(ImageTable.text(item, ImageTable.TIME)),
                ImageTable.text(item, BY),
                ImageTable.text(item, ACTION),
                ImageTable.text(item, SUBJECT),
                Optional.ofNullable(item.get(UNDO)).map(AttributeValue::s));
    }
}
