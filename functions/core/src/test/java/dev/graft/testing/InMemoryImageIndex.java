package dev.graft.testing;

import dev.graft.feature.BadRequestException;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageIndex;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Lists what a store of features has. */
public final class InMemoryImageIndex implements ImageIndex {
    private final FeatureStore store;
    private final String backbone;

    /** Of the features of one backbone. */
    public InMemoryImageIndex(FeatureStore store, String backbone) {
        this.store = store;
        this.backbone = backbone;
    }

    @Override
    public Page list(Which which, int limit, Optional<String> cursor) {
        List<Entry> found = all().stream().filter(image -> fits(which, image)).toList();
        int from = cursor.map(InMemoryImageIndex::number).orElse(0);
        int to = Math.min(found.size(), from + limit);
        return new Page(
                found.subList(Math.min(from, to), to),
                to < found.size() ? Optional.of("" + to) : Optional.empty());
    }

    private static int number(String cursor) {
        if (!cursor.matches("[0-9]{1,9}")) {
            throw new BadRequestException("cursor '" + cursor + "'");
        }
        return Integer.parseInt(cursor);
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
    public void forEach(Consumer<Entry> consumer) {
        all().forEach(consumer);
    }

    private List<Entry> all() {
        List<Entry> found = Collections.synchronizedList(new ArrayList<>());
        store.scan(
                backbone,
                image ->
                        found.add(
                                new Entry(
                                        image.key(),
                                        image.label(),
                                        image.width(),
                                        image.height(),
                                        image.time())));
        found.sort(Comparator.comparing(Entry::time).reversed().thenComparing(Entry::key));
        return found;
    }
}
