package dev.graft.aws;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.StoreException;
import dev.graft.feature.UnreadableImage;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Items of the {@link FeatureTable}, from and to what they stand for. */
final class FeatureItem {
    /** Nine decimals always, so that text sorts by time. */
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(9).toFormatter();

    private FeatureItem() {}

    static Map<String, AttributeValue> of(ImageFeature feature) {
        var item = start(feature.key(), feature.sequencer());
        feature.label()
                .ifPresent(
                        label -> {
                            item.put(FeatureTable.LABEL, text(label.name()));
                            item.put(FeatureTable.SOURCE, text(label.source().name()));
                        });
        item.put(FeatureTable.BACKBONE, text(feature.backbone()));
        item.put(
                FeatureTable.FEATURE,
                AttributeValue.fromB(SdkBytes.fromByteArray(feature.feature())));
        item.put(FeatureTable.HASH, text(feature.imageHash()));
        item.put(FeatureTable.WIDTH, number(feature.width()));
        item.put(FeatureTable.HEIGHT, number(feature.height()));
        item.put(FeatureTable.TIME, time(feature.time()));
        return item;
    }

    static Map<String, AttributeValue> of(UnreadableImage image) {
        var item = start(image.key(), image.sequencer());
        item.put(FeatureTable.REASON, text(image.reason()));
        item.put(FeatureTable.TIME, time(image.time()));
        return item;
    }

    /** A removal, remembered for longer than a late event takes. */
    static Map<String, AttributeValue> tombstone(String key, String sequencer, Duration kept) {
        var item = start(key, sequencer);
        item.put(FeatureTable.EXPIRES, number(Instant.now().plus(kept).getEpochSecond()));
        return item;
    }

    static Optional<ImageFeature> feature(Map<String, AttributeValue> item) {
        if (!item.containsKey(FeatureTable.FEATURE)) {
            return Optional.empty();
        }
        return Optional.of(
                new ImageFeature(
                        get(item, FeatureTable.KEY).s(),
                        label(item),
                        get(item, FeatureTable.BACKBONE).s(),
                        get(item, FeatureTable.FEATURE).b().asByteArrayUnsafe(),
                        get(item, FeatureTable.HASH).s(),
                        Integer.parseInt(get(item, FeatureTable.WIDTH).n()),
                        Integer.parseInt(get(item, FeatureTable.HEIGHT).n()),
                        get(item, FeatureTable.SEQUENCER).s(),
                        Instant.parse(get(item, FeatureTable.TIME).s())));
    }

    /** The hash is there only with a feature. */
    static FeatureStore.Known known(Map<String, AttributeValue> item) {
        return new FeatureStore.Known(
                Optional.ofNullable(item.get(FeatureTable.HASH)).map(AttributeValue::s),
                label(item));
    }

    private static Optional<Label> label(Map<String, AttributeValue> item) {
        return Optional.ofNullable(item.get(FeatureTable.LABEL))
                .map(
                        name ->
                                new Label(
                                        name.s(),
                                        LabelSource.valueOf(get(item, FeatureTable.SOURCE).s())));
    }

    /** What an index shows of an image. */
    static ImageIndex.Entry entry(Map<String, AttributeValue> item) {
        return new ImageIndex.Entry(
                get(item, FeatureTable.KEY).s(),
                label(item),
                Integer.parseInt(get(item, FeatureTable.WIDTH).n()),
                Integer.parseInt(get(item, FeatureTable.HEIGHT).n()),
                Instant.parse(get(item, FeatureTable.TIME).s()));
    }

    /** As times are stored. */
    static AttributeValue time(Instant time) {
        return text(TIME.format(time));
    }

    static UnreadableImage unreadable(Map<String, AttributeValue> item) {
        return new UnreadableImage(
                get(item, FeatureTable.KEY).s(),
                get(item, FeatureTable.REASON).s(),
                get(item, FeatureTable.SEQUENCER).s(),
                Instant.parse(get(item, FeatureTable.TIME).s()));
    }

    static AttributeValue text(String value) {
        return AttributeValue.fromS(value);
    }

    private static Map<String, AttributeValue> start(String key, String sequencer) {
        var item = new HashMap<String, AttributeValue>();
        item.put(FeatureTable.KEY, text(key));
        item.put(FeatureTable.SEQUENCER, text(sequencer));
        return item;
    }

    private static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }

    private static AttributeValue get(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        if (value == null) {
            throw new StoreException(
                    "the item of %s lacks %s: something else wrote to the table, upload the image again"
                            .formatted(item.get(FeatureTable.KEY).s(), name),
                    null);
        }
        return value;
    }
}
