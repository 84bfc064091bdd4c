package dev.graft.aws;

import dev.graft.aws.DynamoRecords.Counters;
import dev.graft.feature.BadRequestException;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSet;
import dev.graft.feature.StoreCalls;
import dev.graft.feature.UnreadableImage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.Select;

/**
 * Images in the indexes of the {@link ImageTable}. A list is merged from its shards. A cursor is
 * the place of the last image of its page, so it stays good whatever comes or goes.
 */
public final class DynamoImageIndex implements ImageIndex {
    /** Images that are looked at in one call for those without a label in a set. */
    private static final int MOST_LOOKED_AT = 5_000;

    private static final int LOOKED_AT_AT_ONCE = 200;
    private static final String PLACE = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{18}Z#[0-9a-f]{16}";

    private final DynamoDbClient client;
    private final String table;
    private final LabelSet set;

    /** Lists what is in this table. */
    public DynamoImageIndex(DynamoDbClient client, String table) {
        this(client, table, LabelSet.DEFAULT);
    }

    private DynamoImageIndex(DynamoDbClient client, String table, LabelSet set) {
        this.client = client;
        this.table = table;
        this.set = set;
    }

    @Override
    public ImageIndex in(LabelSet other) {
        return new DynamoImageIndex(client, table, other);
    }

    @Override
    public Page<Entry> list(Which which, int limit, Optional<String> cursor) {
        return switch (which) {
            case All all -> labelled(page(lists().toList(), limit, cursor));
            case Unlabelled none ->
                    set.isDefault()
                            ? page(lists("").toList(), limit, cursor)
                            : unlabelled(limit, cursor);
            case OfLabel(String name) -> page(lists(name).toList(), limit, cursor);
            case OneOfSeveral(String name) ->
                    page(
                            counts().labels().keySet().stream()
                                    .filter(text -> Label.split(text).contains(name))
                                    .flatMap(this::lists)
                                    .toList(),
                            limit,
                            cursor);
        };
    }

    private Page<Entry> page(List<String> lists, int limit, Optional<String> cursor) {
        var merged =
                new MergedQuery(
                        client, table, ImageTable.BY_LABEL, ImageTable.LIST, ImageTable.LISTED);
        var page = merged.page(lists, limit, cursor.map(DynamoImageIndex::place));
        return new Page<>(
                page.images().stream().map(ImageItems::entry).toList(),
                page.cursor().map(DynamoImageIndex::cursor));
    }

    /** No list has them: all images are looked at, so many of them in one call. */
    private Page<Entry> unlabelled(int limit, Optional<String> cursor) {
        List<Entry> found = new ArrayList<>();
        Optional<String> next = cursor;
        int looked = 0;
        do {
            int size = Math.min(limit - found.size(), LOOKED_AT_AT_ONCE);
            Page<Entry> some = list(new All(), size, next);
            some.images().stream().filter(image -> image.label().isEmpty()).forEach(found::add);
            next = some.cursor();
            looked += some.images().size();
        } while (next.isPresent() && found.size() < limit && looked < MOST_LOOKED_AT);
        return new Page<>(found, next);
    }

    private Page<Entry> labelled(Page<Entry> page) {
        return new Page<>(labelled(page.images()), page.cursor());
    }

    private List<Entry> labelled(List<Entry> images) {
        return labelled(
                images,
                Entry::key,
                (image, label) ->
                        new Entry(image.key(), label, image.width(), image.height(), image.time()));
    }

    private List<Change> changed(List<Change> images) {
        return labelled(
                images,
                Change::key,
                (image, label) -> new Change(image.key(), label, image.content(), image.changed()));
    }

    /** With their labels in the set. */
    private <T> List<T> labelled(
            List<T> images, Function<T, String> key, BiFunction<T, Optional<Label>, T> with) {
        if (set.isDefault()) {
            return images;
        }
        var labels = labels(images.stream().map(key).toList());
        return images.stream()
                .map(image -> with.apply(image, Optional.ofNullable(labels.get(key.apply(image)))))
                .toList();
    }

    /** The labels of these images in the set, as they are now. */
    private Map<String, Label> labels(List<String> keys) {
        Map<String, Label> labels = new HashMap<>();
        new BatchGet(client, table)
                .parts(
                        keys,
                        ImageTable.labels(set),
                        item -> {
                            String key = ImageTable.text(item, ImageTable.KEY);
                            ImageItems.label(item).ifPresent(label -> labels.put(key, label));
                        });
        return labels;
    }

    private static Stream<String> lists() {
        return IntStream.range(0, ImageTable.LIST_SHARDS).mapToObj(ImageTable::all);
    }

    private Stream<String> lists(String label) {
        return IntStream.range(0, ImageTable.LIST_SHARDS)
                .mapToObj(shard -> ImageTable.list(set, label, shard));
    }

    @Override
    public int arrivedSince(Instant time) {
        return StoreCalls.concurrently(
                        lists().<Callable<Integer>>map(list -> () -> count(list, time)).toList())
                .stream()
                .mapToInt(Integer::intValue)
                .sum();
    }

    private int count(String list, Instant since) {
        try {
            return client
                    .queryPaginator(
                            since(ImageTable.BY_LABEL, list, since).toBuilder()
                                    .select(Select.COUNT)
                                    .build())
                    .stream()
                    .mapToInt(QueryResponse::count)
                    .sum();
        } catch (SdkException e) {
            throw Failure.of("count the images in table " + table, e);
        }
    }

    @Override
    public Page<UnreadableImage> unreadable(int limit, Optional<String> cursor) {
        List<String> lists =
                IntStream.range(0, ImageTable.CHANGE_SHARDS)
                        .mapToObj(ImageTable::unreadable)
                        .toList();
        var merged =
                new MergedQuery(
                        client, table, ImageTable.BY_CHANGE, ImageTable.SHARD, ImageTable.CHANGED);
        var page = merged.page(lists, limit, cursor.map(DynamoImageIndex::place));
        return new Page<>(
                page.images().stream().map(ImageItems::unreadable).toList(),
                page.cursor().map(DynamoImageIndex::cursor));
    }

    @Override
    public Counts counts() {
        Counts all = counts(counted(LabelSet.DEFAULT));
        if (set.isDefault()) {
            return all;
        }
        var labels = counts(counted(set)).labels();
        int labelled = labels.values().stream().mapToInt(Integer::intValue).sum();
        return new Counts(
                labels, Math.max(0, all.images() - labelled), all.unreadable(), all.features());
    }

    private static Counts counts(Map<String, Integer> counted) {
        var labels = new TreeMap<String, Integer>();
        var features = new TreeMap<String, Integer>();
        counted.forEach(
                (name, count) -> {
                    if (name.startsWith(Counters.LABEL)) {
                        labels.put(name.substring(Counters.LABEL.length()), count);
                    } else if (name.startsWith(Counters.FEATURE)) {
                        features.put(name.substring(Counters.FEATURE.length()), count);
                    }
                });
        labels.values().removeIf(count -> count <= 0);
        features.values().removeIf(count -> count <= 0);
        return new Counts(
                labels,
                Math.max(0, counted.getOrDefault(Counters.UNLABELLED, 0)),
                Math.max(0, counted.getOrDefault(Counters.UNREADABLE, 0)),
                features);
    }

    /** The sums of the counters of a set, by the names of their attributes. */
    private Map<String, Integer> counted(LabelSet counters) {
        var sums = new TreeMap<String, Integer>();
        new BatchGet(client, table)
                .items(
                        IntStream.range(0, ImageTable.COUNTERS)
                                .mapToObj(number -> ImageTable.counter(number, counters))
                                .toList(),
                        item ->
                                item.forEach(
                                        (name, value) -> {
                                            if (value.n() != null) {
                                                int count = Integer.parseInt(value.n());
                                                sums.merge(name, count, Integer::sum);
                                            }
                                        }));
        return sums;
    }

    @Override
    public void recount(Duration quiet) {
        Instant since = Instant.now().minus(quiet);
        var before = counted(set);
        var wrong = new TreeMap<String, Integer>();
        var changing = new AtomicBoolean();
        changes(
                Instant.EPOCH,
                image -> {
                    DynamoRecords.counted(image, set)
                            .forEach((name, count) -> wrong.merge(name, count, Integer::sum));
                    changing.compareAndSet(false, image.changed().isAfter(since));
                });
        before.forEach((name, count) -> wrong.merge(name, -count, Integer::sum));
        wrong.values().removeIf(count -> count == 0);
        if (!wrong.isEmpty() && !changing.get() && counted(set).equals(before)) {
            new DynamoRecords(client, table).add(0, set, wrong);
        }
    }

    @Override
    public List<Entry> find(List<String> keys) {
        Map<String, Entry> found = new HashMap<>();
        new BatchGet(client, table)
                .parts(
                        keys,
                        ImageTable.IMAGE,
                        item ->
                                ImageItems.change(item)
                                        .entry()
                                        .ifPresent(image -> found.put(image.key(), image)));
        return labelled(keys.stream().distinct().map(found::get).filter(Objects::nonNull).toList());
    }

    @Override
    public void changes(Instant since, Consumer<Change> consumer) {
        try {
            for (int shard = 0; shard < ImageTable.CHANGE_SHARDS; shard++) {
                for (String list :
                        List.of(ImageTable.changes(shard), ImageTable.unreadable(shard))) {
                    QueryRequest query = since(ImageTable.BY_CHANGE, list, since);
                    for (var page :
                            client.queryPaginator(
                                    query.toBuilder().limit(ImageTable.AT_ONCE).build())) {
                        changed(page.items().stream().map(ImageItems::change).toList())
                                .forEach(consumer);
                    }
                }
            }
        } catch (SdkException e) {
            throw Failure.of("list what changed in table " + table, e);
        }
    }

    @Override
    public Changes changes(Instant since, int limit) {
        List<Change> images = new ArrayList<>();
        int share = Math.max(1, limit / (2 * ImageTable.CHANGE_SHARDS));
        Optional<Instant> next =
                IntStream.range(0, ImageTable.CHANGE_SHARDS)
                        .boxed()
                        .flatMap(n -> Stream.of(ImageTable.changes(n), ImageTable.unreadable(n)))
                        .flatMap(
                                list ->
                                        first(
                                                since(ImageTable.BY_CHANGE, list, since),
                                                share,
                                                images)
                                                .stream())
                        .min(Comparator.naturalOrder());
        return new Changes(changed(images), next);
    }

    /**
     * Adds the first of a list.
     *
     * @return where to go on; empty if nothing is left
     */
    private Optional<Instant> first(QueryRequest list, int limit, List<Change> images) {
        QueryRequest request = list.toBuilder().limit(limit).build();
        int start = images.size();
        while (true) {
            QueryResponse page;
            try {
                page = client.query(request);
            } catch (SdkException e) {
                throw Failure.of("list what changed in table " + table, e);
            }
            page.items().stream().map(ImageItems::change).forEach(images::add);
            if (!page.hasLastEvaluatedKey() || page.lastEvaluatedKey().isEmpty()) {
                return Optional.empty();
            }
            // all of one instant, so that the next call can go on after it
            Instant last = images.getLast().changed();
            if (!last.equals(images.get(start).changed())) {
                return Optional.of(last);
            }
            request = request.toBuilder().exclusiveStartKey(page.lastEvaluatedKey()).build();
        }
    }

    /** What stands in a list of an index at a time or later. */
    private QueryRequest since(String index, String list, Instant since) {
        Map<String, String> names =
                index.equals(ImageTable.BY_CHANGE)
                        ? Map.of("#list", ImageTable.SHARD, "#place", ImageTable.CHANGED)
                        : Map.of("#list", ImageTable.LIST, "#place", ImageTable.LISTED);
        return QueryRequest.builder()
                .tableName(table)
                .indexName(index)
                .keyConditionExpression("#list = :list AND #place >= :since")
                .expressionAttributeNames(names)
                .expressionAttributeValues(
                        Map.of(":list", ImageItems.text(list), ":since", ImageItems.time(since)))
                .build();
    }

    private static String cursor(String place) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(place.getBytes(StandardCharsets.UTF_8));
    }

    private static String place(String cursor) {
        try {
            String place =
                    new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            if (place.matches(PLACE)) {
                return place;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new BadRequestException(
                "cursor '" + cursor + "': expected the cursor of the page before");
    }
}
