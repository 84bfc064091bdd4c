package dev.graft.aws;

import dev.graft.aws.DynamoRecords.Counters;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelSets;
import dev.graft.feature.LabelsPerImage;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The label sets that the counters of the {@link ImageTable} tell of. */
public final class DynamoLabelSets implements LabelSets {
    private final DynamoDbClient client;
    private final String table;

    /** Those of this table. */
    public DynamoLabelSets(DynamoDbClient client, String table) {
        this.client = client;
        this.table = table;
    }

    @Override
    public SortedMap<LabelSet, LabelsPerImage> all() {
        SortedMap<LabelSet, LabelsPerImage> sets = new TreeMap<>();
        try {
            for (int i = 0; i < ImageTable.COUNTERS; i++) {
                String counter = ImageTable.counterKey(i);
                client.queryPaginator(
                                b ->
                                        b.tableName(table)
                                                .consistentRead(true)
                                                .keyConditionExpression("#key = :key")
                                                .expressionAttributeNames(
                                                        Map.of("#key", ImageTable.KEY))
                                                .expressionAttributeValues(
                                                        Map.of(":key", ImageItems.text(counter))))
                        .items()
                        .forEach(item -> add(item, sets));
            }
        } catch (SdkException e) {
            throw Failure.of("list the label sets in table " + table, e);
        }
        sets.remove(LabelSet.DEFAULT);
        return sets;
    }

    private static void add(
            Map<String, AttributeValue> item, SortedMap<LabelSet, LabelsPerImage> sets) {
        String name =
                ImageTable.text(item, ImageTable.PART).substring(ImageTable.COUNTS_OF.length());
        Optional<LabelsPerImage> made =
                Optional.ofNullable(item.get(ImageTable.LABELS_PER_IMAGE))
                        .map(value -> LabelsPerImage.valueOf(value.s().toUpperCase(Locale.ROOT)));
        LabelSet.named(name)
                .ifPresent(
                        set -> {
                            made.ifPresent(labels -> sets.put(set, labels));
                            if (countsLabels(item)) {
                                sets.putIfAbsent(set, LabelsPerImage.ONE);
                            }
                        });
    }

    private static boolean countsLabels(Map<String, AttributeValue> item) {
        return item.entrySet().stream()
                .filter(attribute -> attribute.getKey().startsWith(Counters.LABEL))
                .anyMatch(attribute -> Integer.parseInt(attribute.getValue().n()) > 0);
    }

    @Override
    public void put(LabelSet set, LabelsPerImage labelsPerImage) {
        if (set.isDefault()) {
            throw new IllegalArgumentException("the default label set is as the product is");
        }
        String labels = labelsPerImage.name().toLowerCase(Locale.ROOT);
        try {
            client.updateItem(
                    b ->
                            b.tableName(table)
                                    .key(ImageTable.counter(0, set))
                                    .updateExpression("SET #labels = :labels")
                                    .expressionAttributeNames(
                                            Map.of("#labels", ImageTable.LABELS_PER_IMAGE))
                                    .expressionAttributeValues(
                                            Map.of(":labels", ImageItems.text(labels))));
        } catch (SdkException e) {
            throw Failure.of("make label set " + set + " in table " + table, e);
        }
    }
}
