package dev.graft.aws;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.ImageRecord.Gone;
import dev.graft.feature.ImageRecord.Picture;
import dev.graft.feature.ImageRecord.Unreadable;
import dev.graft.feature.Label;
import dev.graft.feature.LabelChange;
import dev.graft.feature.LabelHistory;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelSource;
import dev.graft.feature.SetLabels;
import dev.graft.feature.Sha256;
import dev.graft.feature.UnreadableImage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Items of the {@link ImageTable}, from and to what they stand for. */
final class ImageItems {
    /** S3 delivers nearly all events within minutes; Lambda retries them for at most six hours. */
    private static final Duration TOMBSTONE_KEPT = Duration.ofDays(7);

    /** Nine decimals always, so that text sorts by time. */
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(9).toFormatter();

    private ImageItems() {}

    /** First 16 hex digits of the hash of a key: spreads keys and orders those of one instant. */
    static String spread(String key) {
        return Sha256.of(key.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    }

    /** Which of so many partitions a key falls into. */
    static int shard(String key, int shards) {
        return Integer.parseInt(spread(key), 0, 4, 16) % shards;
    }

    /** The item {@code image}. */
    static Map<String, AttributeValue> image(ImageRecord image) {
        var item = new HashMap<>(ImageTable.key(image.key(), ImageTable.IMAGE));
        item.put(ImageTable.VERSION, number(image.version()));
        item.put(ImageTable.SEQUENCER, text(image.sequencer()));
        putLabel(item, image.in(LabelSet.DEFAULT).label());
        List<String> others =
                labels(image).keySet().stream()
                        .filter(part -> !part.equals(ImageTable.LABELS))
                        .map(part -> part.substring(ImageTable.LABELS_OF.length()))
                        .toList();
        if (!others.isEmpty()) { // DynamoDB has no empty sets
            item.put(ImageTable.SETS, AttributeValue.fromSs(others));
        }
        int shard = shard(image.key(), ImageTable.CHANGE_SHARDS);
        item.put(ImageTable.SHARD, text(ImageTable.changes(shard)));
        item.put(ImageTable.CHANGED, text(order(image.changed(), image.key())));
        switch (image.content()) {
            case Gone gone -> {
                if (!image.decided()) {
                    Instant expires = image.changed().plus(TOMBSTONE_KEPT);
                    item.put(ImageTable.EXPIRES, number(expires.getEpochSecond()));
                }
            }
            case Unreadable(String reason, Instant time) -> {
                item.put(ImageTable.SHARD, text(ImageTable.unreadable(shard)));
                item.put(ImageTable.REASON, text(reason));
                item.put(ImageTable.TIME, time(time));
            }
            case Picture picture -> {
                int list = shard(image.key(), ImageTable.LIST_SHARDS);
                putPicture(item, image.key(), picture, ImageTable.all(list));
                item.put(ImageTable.HASH, text(picture.imageHash()));
                item.put(ImageTable.ETAG, text(picture.etag()));
                if (!picture.backbones().isEmpty()) {
                    item.put(
                            ImageTable.BACKBONES,
                            AttributeValue.fromSs(List.copyOf(picture.backbones())));
                }
            }
        }
        return item;
    }

    /** The items {@code label#<set>}, by their part: those with something to list or remember. */
    static Map<String, Map<String, AttributeValue>> labels(ImageRecord image) {
        Map<String, Map<String, AttributeValue>> items = new HashMap<>();
        if (!(image.content() instanceof Gone) || image.decided()) {
            image.decisions().keySet().forEach(set -> put(items, image, set));
        }
        if (image.picture().isPresent()) { // listed without a label, too
            put(items, image, LabelSet.DEFAULT);
        }
        return items;
    }

    private static void put(
            Map<String, Map<String, AttributeValue>> items, ImageRecord record, LabelSet set) {
        ImageRecord image = record.in(set);
        String part = ImageTable.labels(set);
        var item = new HashMap<>(ImageTable.key(image.key(), part));
        putLabel(item, image.label());
        item.put(
                ImageTable.CHANGES,
                AttributeValue.fromL(image.labels().stream().map(ImageItems::change).toList()));
        String name = image.label().map(Label::name).orElse("");
        if (set.isDefault() || !name.isEmpty()) {
            int shard = shard(image.key(), ImageTable.LIST_SHARDS);
            String list = ImageTable.list(set, name, shard);
            image.picture().ifPresent(picture -> putPicture(item, image.key(), picture, list));
        }
        items.put(part, item);
    }

    private static void putLabel(Map<String, AttributeValue> item, Optional<Label> label) {
        label.ifPresent(
                l -> {
                    item.put(ImageTable.LABEL, text(l.name()));
                    item.put(ImageTable.SOURCE, text(l.source().name()));
                });
    }

    private static void putPicture(
            Map<String, AttributeValue> item, String key, Picture picture, String list) {
        item.put(ImageTable.LIST, text(list));
        item.put(ImageTable.LISTED, text(order(picture.time(), key)));
        item.put(ImageTable.WIDTH, number(picture.width()));
        item.put(ImageTable.HEIGHT, number(picture.height()));
        item.put(ImageTable.TIME, time(picture.time()));
    }

    private static AttributeValue change(LabelChange change) {
        Map<String, AttributeValue> map = new HashMap<>();
        change.name().ifPresent(name -> map.put("name", text(name)));
        change.imageHash().ifPresent(hash -> map.put(ImageTable.HASH, text(hash)));
        map.put(ImageTable.SOURCE, text(change.source().name()));
        map.put("by", text(change.by()));
        map.put(ImageTable.TIME, time(change.time()));
        return AttributeValue.fromM(map);
    }

    private static LabelChange change(AttributeValue value) {
        Map<String, AttributeValue> map = value.m();
        return new LabelChange(
                optional(map, "name"),
                LabelSource.valueOf(ImageTable.text(map, ImageTable.SOURCE)),
                ImageTable.text(map, "by"),
                Instant.parse(ImageTable.text(map, ImageTable.TIME)),
                optional(map, ImageTable.HASH));
    }

    /** The item of a feature. */
    static Map<String, AttributeValue> feature(ImageFeature image) {
        var item = new HashMap<>(ImageTable.key(image.key(), part(image.backbone())));
        item.put(ImageTable.FEATURE, AttributeValue.fromB(SdkBytes.fromByteArray(image.feature())));
        item.put(ImageTable.HASH, text(image.imageHash()));
        if (image.thumbnail().length > 0) {
            SdkBytes thumbnail = SdkBytes.fromByteArray(image.thumbnail());
            item.put(ImageTable.THUMBNAIL, AttributeValue.fromB(thumbnail));
        }
        return item;
    }

    private static byte[] thumbnail(Map<String, AttributeValue> feature) {
        AttributeValue value = feature.get(ImageTable.THUMBNAIL);
        return value == null ? new byte[0] : value.b().asByteArrayUnsafe();
    }

    /** What the item of a feature has. */
    static FeatureStore.Vector vector(Map<String, AttributeValue> feature) {
        return new FeatureStore.Vector(
                ImageTable.text(feature, ImageTable.KEY),
                ImageTable.text(feature, ImageTable.HASH),
                ImageTable.value(feature, ImageTable.FEATURE).b().asByteArrayUnsafe(),
                thumbnail(feature));
    }

    static String part(String backbone) {
        return ImageTable.FEATURE_OF + backbone;
    }

    /** The record of a key, of the items {@code image} and {@code label#<set>} by their part. */
    static ImageRecord record(String key, Map<String, Map<String, AttributeValue>> parts) {
        Map<String, AttributeValue> item = parts.get(ImageTable.IMAGE);
        if (item == null) {
            return ImageRecord.unknown(key);
        }
        SortedMap<LabelSet, LabelHistory> decisions = new TreeMap<>();
        parts.forEach(
                (part, decided) ->
                        set(part).ifPresent(set -> decisions.put(set, history(decided))));
        return new ImageRecord(
                key,
                Long.parseLong(ImageTable.value(item, ImageTable.VERSION).n()),
                ImageTable.text(item, ImageTable.SEQUENCER),
                content(item),
                LabelSet.DEFAULT,
                decisions,
                changed(item));
    }

    /** Whose labels a part holds; empty if it holds no labels. */
    private static Optional<LabelSet> set(String part) {
        return part.startsWith(ImageTable.LABELS_OF)
                ? LabelSet.named(part.substring(ImageTable.LABELS_OF.length()))
                : Optional.empty();
    }

    private static LabelHistory history(Map<String, AttributeValue> item) {
        return new LabelHistory(
                ImageTable.value(item, ImageTable.CHANGES).l().stream()
                        .map(ImageItems::change)
                        .toList());
    }

    private static ImageRecord.Content content(Map<String, AttributeValue> item) {
        if (item.containsKey(ImageTable.REASON)) {
            return new Unreadable(ImageTable.text(item, ImageTable.REASON), time(item));
        }
        return item.containsKey(ImageTable.HASH)
                ? new Picture(
                        ImageTable.text(item, ImageTable.HASH),
                        Integer.parseInt(ImageTable.value(item, ImageTable.WIDTH).n()),
                        Integer.parseInt(ImageTable.value(item, ImageTable.HEIGHT).n()),
                        time(item),
                        backbones(item),
                        optional(item, ImageTable.ETAG).orElse(""))
                : new Gone();
    }

    /** Ids of the backbones of whose feature an item {@code image} tells. */
    static SortedSet<String> backbones(Map<String, AttributeValue> item) {
        AttributeValue ids = item.get(ImageTable.BACKBONES);
        return ids == null ? new TreeSet<>() : new TreeSet<>(ids.ss());
    }

    /**
     * Of the items of an image and of its feature; empty if they are not of the same picture.
     *
     * @param parts of the image, with its labels in the sets that are not the default one
     */
    static Optional<ImageFeature> feature(
            String backbone,
            Map<String, AttributeValue> image,
            Map<String, AttributeValue> feature,
            Collection<Map<String, AttributeValue>> parts) {
        String hash = ImageTable.text(feature, ImageTable.HASH);
        return content(image) instanceof Picture picture && picture.imageHash().equals(hash)
                ? Optional.of(
                        new ImageFeature(
                                ImageTable.text(image, ImageTable.KEY),
                                SetLabels.of(labels(image, parts)),
                                backbone,
                                ImageTable.value(feature, ImageTable.FEATURE)
                                        .b()
                                        .asByteArrayUnsafe(),
                                hash,
                                picture.width(),
                                picture.height(),
                                ImageTable.text(image, ImageTable.SEQUENCER),
                                picture.time(),
                                picture.etag(),
                                thumbnail(feature)))
                : Optional.empty();
    }

    private static Map<LabelSet, Label> labels(
            Map<String, AttributeValue> image, Collection<Map<String, AttributeValue>> parts) {
        Map<LabelSet, Label> labels = new HashMap<>();
        for (var part : parts) {
            set(ImageTable.text(part, ImageTable.PART))
                    .ifPresent(set -> label(part).ifPresent(label -> labels.put(set, label)));
        }
        label(image).ifPresent(label -> labels.put(LabelSet.DEFAULT, label));
        return labels;
    }

    /** How many items with labels of other sets than the default one an image has. */
    static int otherSets(Map<String, AttributeValue> image) {
        AttributeValue names = image.get(ImageTable.SETS);
        return names == null ? 0 : names.ss().size();
    }

    /** The label in an item. */
    static Optional<Label> label(Map<String, AttributeValue> item) {
        return optional(item, ImageTable.LABEL)
                .map(
                        name ->
                                new Label(
                                        name,
                                        LabelSource.valueOf(
                                                ImageTable.text(item, ImageTable.SOURCE))));
    }

    /** What {@link ImageTable#BY_LABEL} shows of an image. */
    static ImageIndex.Entry entry(Map<String, AttributeValue> item) {
        return new ImageIndex.Entry(
                ImageTable.text(item, ImageTable.KEY),
                label(item),
                Integer.parseInt(ImageTable.value(item, ImageTable.WIDTH).n()),
                Integer.parseInt(ImageTable.value(item, ImageTable.HEIGHT).n()),
                time(item));
    }

    /** What {@link ImageTable#BY_CHANGE} shows of a key. */
    static ImageIndex.Change change(Map<String, AttributeValue> item) {
        return new ImageIndex.Change(
                ImageTable.text(item, ImageTable.KEY), label(item), content(item), changed(item));
    }

    static UnreadableImage unreadable(Map<String, AttributeValue> item) {
        return new UnreadableImage(
                ImageTable.text(item, ImageTable.KEY),
                ImageTable.text(item, ImageTable.REASON),
                ImageTable.text(item, ImageTable.SEQUENCER),
                time(item));
    }

    /** A time, and what tells apart the keys of one instant. */
    static String order(Instant time, String key) {
        return TIME.format(time) + "#" + spread(key);
    }

    /** As times are stored. */
    static AttributeValue time(Instant time) {
        return text(TIME.format(time));
    }

    private static Instant changed(Map<String, AttributeValue> item) {
        String order = ImageTable.text(item, ImageTable.CHANGED);
        return Instant.parse(order.substring(0, order.indexOf('#')));
    }

    private static Instant time(Map<String, AttributeValue> item) {
        return Instant.parse(ImageTable.text(item, ImageTable.TIME));
    }

    static AttributeValue text(String value) {
        return AttributeValue.fromS(value);
    }

    static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }

    private static Optional<String> optional(Map<String, AttributeValue> item, String name) {
        return Optional.ofNullable(item.get(name)).map(AttributeValue::s);
    }
}
