package dev.graft.aws;

import dev.graft.library.Shares;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/**
 * Links by which others may classify, each an item under one key of the {@link ImageTable}, which
 * counts its uses of the last day that it was used.
 */
public final class DynamoShares implements Shares {
    private static final String KEY = "#shares";
    private static final String NAME = "name";
    private static final String BY = "by";
    private static final String DAILY = "daily";
    private static final String DAY = "day";
    private static final String USED = "used";
    private static final int MOST_TRIES = 8;

    private final DynamoDbClient client;
    private final String table;

    /** Keeps them in this table. */
    public DynamoShares(DynamoDbClient client, String table) {
        this.client = client;
        this.table = table;
    }

    @Override
    public void add(Share share) {
        Map<String, AttributeValue> item = new HashMap<>(ImageTable.key(KEY, share.id()));
        item.put(NAME, ImageItems.text(share.name()));
        item.put(BY, ImageItems.text(share.by()));
        item.put(ImageTable.TIME, ImageItems.text(share.created().toString()));
        item.put(DAILY, ImageItems.number(share.daily()));
        item.put(DAY, ImageItems.text(""));
        item.put(USED, ImageItems.number(0));
        try {
            client.putItem(b -> b.tableName(table).item(item));
        } catch (SdkException e) {
            throw Failure.of("write a share link into table " + table, e);
        }
    }

    @Override
    public Optional<Usage> find(String id, LocalDate day) {
        return read(
                        "#key = :key AND #part = :part",
                        Map.of("#part", ImageTable.PART),
                        Map.of(":part", ImageItems.text(id)),
                        day)
                .stream()
                .findFirst();
    }

    @Override
    public List<Usage> all(LocalDate day) {
        return read("#key = :key", Map.of(), Map.of(), day).stream()
                .sorted(
                        Comparator.comparing(
                                usage -> usage.share().created(), Comparator.reverseOrder()))
                .toList();
    }

    private List<Usage> read(
            String condition,
            Map<String, String> names,
            Map<String, AttributeValue> values,
            LocalDate day) {
        Map<String, String> allNames = new HashMap<>(names);
        allNames.put("#key", ImageTable.KEY);
        Map<String, AttributeValue> allValues = new HashMap<>(values);
        allValues.put(":key", ImageItems.text(KEY));
        try {
            return client
                    .queryPaginator(
                            b ->
                                    b.tableName(table)
                                            .consistentRead(true)
                                            .keyConditionExpression(condition)
                                            .expressionAttributeNames(allNames)
                                            .expressionAttributeValues(allValues))
                    .items()
                    .stream()
                    .map(item -> usage(item, day))
                    .toList();
        } catch (SdkException e) {
            throw Failure.of("read the share links in table " + table, e);
        }
    }

    @Override
    public Use use(String id, LocalDate day) {
        boolean sameDay = true;
        for (int i = 0; i < MOST_TRIES; i++) {
            try {
                count(id, day, sameDay);
                return Use.COUNTED;
            } catch (ConditionalCheckFailedException e) {
                if (!e.hasItem()) {
                    return Use.UNKNOWN;
                }
                sameDay = ImageTable.text(e.item(), DAY).equals(day.toString());
                if (sameDay && used(e.item(), day) >= number(e.item(), DAILY)) {
                    return Use.SPENT;
                }
            } catch (SdkException e) {
                throw Failure.of("count a use of a share link in table " + table, e);
            }
        }
        return Use.SPENT; // the day of it changed again and again: clocks that do not agree
    }

    /** One more on the same day, or the first one of another day. */
    private void count(String id, LocalDate day, boolean sameDay) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":day", ImageItems.text(day.toString()));
        values.put(":one", ImageItems.number(1));
        client.updateItem(
                b ->
                        b.tableName(table)
                                .key(ImageTable.key(KEY, id))
                                .updateExpression(
                                        sameDay
                                                ? "SET #used = #used + :one"
                                                : "SET #day = :day, #used = :one")
                                .conditionExpression(
                                        sameDay
                                                ? "#day = :day AND #used < #daily"
                                                : "#day <> :day AND attribute_exists(#daily)")
                                .expressionAttributeNames(
                                        Map.of("#day", DAY, "#used", USED, "#daily", DAILY))
                                .expressionAttributeValues(values)
                                .returnValuesOnConditionCheckFailure(
                                        ReturnValuesOnConditionCheckFailure.ALL_OLD));
    }

    @Override
    public void withdraw(String id) {
        try {
            client.deleteItem(b -> b.tableName(table).key(ImageTable.key(KEY, id)));
        } catch (SdkException e) {
            throw Failure.of("delete a share link from table " + table, e);
        }
    }

    private static Usage usage(Map<String, AttributeValue> item, LocalDate day) {
        return new Usage(
                new Share(
                        ImageTable.text(item, ImageTable.PART),
                        ImageTable.text(item, NAME),
                        ImageTable.text(item, BY),
                        Instant.parse(ImageTable.text(item, ImageTable.TIME)),
                        number(item, DAILY)),
                used(item, day));
    }

    private static int used(Map<String, AttributeValue> item, LocalDate day) {
        return ImageTable.text(item, DAY).equals(day.toString()) ? number(item, USED) : 0;
    }

    private static int number(Map<String, AttributeValue> item, String name) {
        return Integer.parseInt(ImageTable.value(item, name).n());
    }
}
