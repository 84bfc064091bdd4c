package dev.graft.aws;

import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelSource;
import dev.graft.feature.SetLabels;
import dev.graft.feature.StoreCalls;
import dev.graft.image.Thumbnail;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Fills a table with images that no network looked at, as the featurizer would have. */
public final class GeneratedImages {
    private static final int UNLABELLED = 20;
    private static final int AT_ONCE = 24; // items of at most 25 that one call takes

    private final DynamoDbClient client;
    private final String table;
    private final String backbone;
    private final int width;

    /**
     * For a table.
     *
     * @param width values of a feature
     */
    public GeneratedImages(DynamoDbClient client, String table, String backbone, int width) {
        this.client = client;
        this.table = table;
        this.backbone = backbone;
        this.width = width;
    }

    /**
     * Writes images, of which all but one in {@value #UNLABELLED} have labels.
     *
     * @param from number of the first
     * @param to number after the last
     * @param when they came, a millisecond each
     */
    public void put(int from, int to, int classes, Instant when) {
        put(
                IntStream.range(from, to).mapToObj(i -> image(i, classes, when)),
                from / (to - from) % ImageTable.COUNTERS);
    }

    /** Writes copies of an image under keys of about 1,000 and with a label of 2,000 characters. */
    public void putLongNames(ImageFeature image, int count) {
        put(IntStream.range(0, count).mapToObj(i -> longNames(image, i)), 0);
    }

    private void put(Stream<ImageFeature> images, int counter) {
        Map<String, Integer> counts = new TreeMap<>();
        List<WriteRequest> items = new ArrayList<>();
        images.forEach(
                image -> {
                    ImageRecord record =
                            ImageRecord.unknown(image.key())
                                    .featurized(image, image.time())
                                    .orElseThrow();
                    items.add(put(ImageItems.image(record)));
                    ImageItems.labels(record).values().forEach(labels -> items.add(put(labels)));
                    items.add(put(ImageItems.feature(image)));
                    DynamoRecords.counted(ImageIndex.Change.of(record), LabelSet.DEFAULT)
                            .forEach((name, number) -> counts.merge(name, number, Integer::sum));
                });
        List<Callable<Integer>> calls = new ArrayList<>();
        for (int i = 0; i < items.size(); i += AT_ONCE) {
            var some = items.subList(i, Math.min(items.size(), i + AT_ONCE));
            calls.add(() -> write(some));
        }
        StoreCalls.concurrently(calls);
        new DynamoRecords(client, table).add(counter, LabelSet.DEFAULT, counts);
    }

    private int write(List<WriteRequest> some) {
        client.batchWriteItem(b -> b.requestItems(Map.of(table, some)));
        return some.size();
    }

    private static WriteRequest put(Map<String, AttributeValue> item) {
        return WriteRequest.builder().putRequest(PutRequest.builder().item(item).build()).build();
    }

    private ImageFeature image(int number, int classes, Instant when) {
        Random random = new Random(number);
        float[] feature = new float[width];
        for (int i = 0; i < width; i++) {
            feature[i] = (float) random.nextGaussian() + (i % classes == number % classes ? 2 : 0);
        }
        byte[] thumbnail = new byte[Thumbnail.SIDE * Thumbnail.SIDE];
        random.nextBytes(thumbnail);
        Label label = new Label("class %02d".formatted(number % classes), LabelSource.FOLDER);
        return new ImageFeature(
                "images/class %02d/a picture of it %07d.jpg".formatted(number % classes, number),
                SetLabels.of(Optional.of(label).filter(name -> number % UNLABELLED > 0)),
                backbone,
                Float16.encode(feature),
                "%016x".formatted(random.nextLong()).repeat(4),
                640,
                480,
                "1",
                when.plusMillis(number),
                "",
                thumbnail);
    }

    private static ImageFeature longNames(ImageFeature image, int number) {
        return new ImageFeature(
                "images/%s-%d.jpg".formatted("x".repeat(980), number),
                SetLabels.of(Optional.of(new Label("y".repeat(2_000), LabelSource.FOLDER))),
                image.backbone(),
                image.feature(),
                image.imageHash(),
                image.width(),
                image.height(),
                image.sequencer(),
                image.time(),
                "",
                new byte[0]);
    }
}
