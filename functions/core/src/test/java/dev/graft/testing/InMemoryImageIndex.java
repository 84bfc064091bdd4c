package dev.graft.testing;

import dev.graft.feature.BadRequestException;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.ImageRecord.Unreadable;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSet;
import dev.graft.feature.UnreadableImage;
import dev.graft.index.BuildIndex;
import dev.graft.index.ImageListing;
import dev.graft.index.IndexStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** Lists what a store of features has. */
public final class InMemoryImageIndex implements ImageIndex {
    private final InMemoryFeatureStore store;

    /** Of all images of a store. */
    public InMemoryImageIndex(InMemoryFeatureStore store) {
        this.store = store;
    }

    @Override
    public InMemoryImageIndex in(LabelSet set) {
        return new InMemoryImageIndex(store.in(set));
    }

    /** A listing of these images, without a file. */
    public ImageListing listing() {
        return new ImageListing(this, new InMemoryIndexStore(), InstantSource.system());
    }

    /** The files of the index of these images, none of which is there yet. */
    public BuildIndex built() {
        IndexStore files = new InMemoryIndexStore();
        var listing = new ImageListing(this, files, InstantSource.system());
        return new BuildIndex(store, listing, files, InstantSource.system());
    }

    @Override
    public Page<Entry> list(Which which, int limit, Optional<String> cursor) {
        return page(
                all().filter(image -> fits(which, image)).toList(),
                image -> new Place(image.time(), image.key()),
                limit,
                cursor);
    }

    @Override
    public int arrivedSince(Instant time) {
        return (int) all().filter(image -> !image.time().isBefore(time)).count();
    }

    @Override
    public List<Entry> find(List<String> keys) {
        return keys.stream()
                .distinct()
                .flatMap(key -> all().filter(image -> image.key().equals(key)))
                .toList();
    }

    @Override
    public Page<UnreadableImage> unreadable(int limit, Optional<String> cursor) {
        return page(
                store.records().stream().flatMap(InMemoryImageIndex::unreadable).toList(),
                image -> new Place(store.known(image.key()).changed(), image.key()),
                limit,
                cursor);
    }

    private static Stream<UnreadableImage> unreadable(ImageRecord record) {
        return record.content() instanceof Unreadable(String reason, Instant time)
                ? Stream.of(new UnreadableImage(record.key(), reason, record.sequencer(), time))
                : Stream.empty();
    }

    /** Where something stands in a list, whatever else comes into it or leaves it. */
    private record Place(Instant time, String key) {
        static final Comparator<Place> NEWEST_FIRST =
                Comparator.comparing(Place::time).reversed().thenComparing(Place::key);

        static Place of(String cursor) {
            try {
                byte[] text = Base64.getUrlDecoder().decode(cursor);
                String[] parts = new String(text, StandardCharsets.UTF_8).split(" ", 2);
                Instant time = Instant.parse(parts[0]);
                if (!parts[1].isEmpty() && parts[1].length() <= 1024) {
                    return new Place(time, parts[1]);
                }
            } catch (RuntimeException e) {
                // told below
            }
            throw new BadRequestException(
                    "cursor '" + cursor + "': expected the cursor of the page before");
        }

        String cursor() {
            byte[] text = (time + " " + key).getBytes(StandardCharsets.UTF_8);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
        }
    }

    private static <T> Page<T> page(
            List<T> all, Function<T, Place> place, int limit, Optional<String> cursor) {
        Optional<Place> last = cursor.map(Place::of);
        List<T> rest =
                all.stream()
                        .filter(
                                one ->
                                        last.isEmpty()
                                                || Place.NEWEST_FIRST.compare(
                                                                last.get(), place.apply(one))
                                                        < 0)
                        .sorted(Comparator.comparing(place, Place.NEWEST_FIRST))
                        .toList();
        List<T> found = rest.stream().limit(limit).toList();
        return new Page<>(
                found,
                rest.size() > found.size()
                        ? Optional.of(place.apply(found.getLast()).cursor())
                        : Optional.empty());
    }

    private static boolean fits(Which which, Entry image) {
        return switch (which) {
            case All all -> true;
            case Unlabelled none -> image.label().isEmpty();
            case OneOfSeveral(String name) ->
                    image.label().filter(label -> label.has(name)).isPresent();
            case OfLabel(String name) ->
                    image.label().filter(label -> label.name().equals(name)).isPresent();
        };
    }

    @Override
    public Counts counts() {
        var labels = new TreeMap<String, Integer>();
        var features = new TreeMap<String, Integer>();
        all().flatMap(image -> image.label().map(Label::name).stream())
                .forEach(name -> labels.merge(name, 1, Integer::sum));
        store.records().stream()
                .flatMap(record -> record.picture().stream())
                .flatMap(picture -> picture.backbones().stream())
                .forEach(id -> features.merge(id, 1, Integer::sum));
        return new Counts(
                labels,
                (int) all().filter(image -> image.label().isEmpty()).count(),
                (int) store.records().stream().flatMap(InMemoryImageIndex::unreadable).count(),
                features);
    }

    @Override
    public void recount(Duration quiet) {
        // counts() counts
    }

    @Override
    public void changes(Instant since, Consumer<Change> consumer) {
        store.records().stream()
                .filter(record -> !record.changed().isBefore(since))
                .map(Change::of)
                .forEach(consumer);
    }

    @Override
    public Changes changes(Instant since, int limit) {
        List<Change> all =
                store.records().stream()
                        .filter(record -> !record.changed().isBefore(since))
                        .map(Change::of)
                        .sorted(Comparator.comparing(Change::changed))
                        .toList();
        // all of one instant, so that the next call can go on after it
        int end = Math.min(limit, all.size());
        while (end > 0
                && end < all.size()
                && all.get(end - 1).changed().equals(all.getFirst().changed())) {
            end++;
        }
        Optional<Instant> next =
                end < all.size() ? Optional.of(all.get(end - 1).changed()) : Optional.empty();
        return new Changes(all.subList(0, end), next);
    }

    private Stream<Entry> all() {
        return store.records().stream().map(Change::of).flatMap(change -> change.entry().stream());
    }
}
