package dev.graft.library;

import dev.graft.feature.BadRequestException;
import dev.graft.feature.ImageIndex.All;
import dev.graft.feature.ImageIndex.Change;
import dev.graft.feature.ImageIndex.Entry;
import dev.graft.feature.ImageIndex.OfLabel;
import dev.graft.feature.ImageIndex.OneOfSeveral;
import dev.graft.feature.ImageIndex.Unlabelled;
import dev.graft.feature.ImageIndex.Which;
import dev.graft.feature.Label;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Finds images by more than their label, among all of them. */
public final class ImageSearch {
    private static final Comparator<Entry> BY_TIME =
            Comparator.comparing(Entry::time).thenComparing(Entry::key);

    private ImageSearch() {}

    /** In which order images are given. */
    public enum Order {
        /** By the time at which they came, the last one first. */
        NEWEST(BY_TIME.reversed()),
        /** By the time at which they came. */
        OLDEST(BY_TIME),
        /** By key. */
        NAME(Comparator.comparing(Entry::key));

        private final Comparator<Entry> comparator;

        Order(Comparator<Entry> comparator) {
            this.comparator = comparator;
        }
    }

    /**
     * What is wanted; all of it has to hold.
     *
     * @param which by label
     * @param name part of the key, in any case and Unicode form; empty for any
     * @param from the earliest time at which it came
     * @param to a time before which it came
     * @param among the only keys that count; empty if all do
     */
    public record Query(
            Which which,
            String name,
            Optional<Instant> from,
            Optional<Instant> to,
            Optional<Set<String>> among) {}

    /**
     * Some of the images that were found.
     *
     * @param count of all that were found
     * @param cursor where the next page starts; empty if there is none
     */
    public record Found(List<Entry> images, int count, Optional<String> cursor) {}

    /**
     * A page of the images that are wanted.
     *
     * @param pictures to search
     * @param limit at least 1
     * @param cursor of the page before with the same query and order; empty for the first
     * @throws BadRequestException if the cursor is none that a search gave
     */
    public static Found find(
            Collection<Change> pictures,
            Query query,
            Order order,
            int limit,
            Optional<String> cursor) {
        Predicate<Entry> wanted = wanted(query);
        List<Entry> found =
                pictures.stream()
                        .flatMap(picture -> picture.entry().stream())
                        .filter(wanted)
                        .sorted(order.comparator)
                        .toList();
        Optional<Entry> last = cursor.map(ImageSearch::place);
        List<Entry> page =
                found.stream()
                        .filter(
                                image ->
                                        last.filter(l -> order.comparator.compare(image, l) <= 0)
                                                .isEmpty())
                        .limit(limit + 1L)
                        .toList();
        return page.size() <= limit
                ? new Found(page, found.size(), Optional.empty())
                : new Found(
                        page.subList(0, limit),
                        found.size(),
                        Optional.of(cursor(page.get(limit - 1))));
    }

    private static Predicate<Entry> wanted(Query query) {
        String name = folded(query.name());
        return image ->
                matches(image.label(), query.which())
                        && (name.isEmpty() || folded(image.key()).contains(name))
                        && query.from().filter(image.time()::isBefore).isEmpty()
                        && query.to().filter(to -> !image.time().isBefore(to)).isEmpty()
                        && query.among().filter(keys -> !keys.contains(image.key())).isEmpty();
    }

    private static boolean matches(Optional<Label> label, Which which) {
        return switch (which) {
            case All all -> true;
            case Unlabelled none -> label.isEmpty();
            case OfLabel of -> label.filter(l -> l.name().equals(of.name())).isPresent();
            case OneOfSeveral one ->
                    label.filter(l -> Label.split(l.name()).contains(one.name())).isPresent();
        };
    }

    private static String folded(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
    }

    private static String cursor(Entry last) {
        byte[] text = (last.time() + " " + last.key()).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
    }

    private static Entry place(String cursor) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(cursor);
            String[] parts = new String(bytes, StandardCharsets.UTF_8).split(" ", 2);
            if (parts.length == 2) {
                return new Entry(parts[1], Optional.empty(), 0, 0, Instant.parse(parts[0]));
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            // told below
        }
        throw new BadRequestException(
                "cursor '%s' is none of this search: leave it out to start from the beginning"
                        .formatted(cursor));
    }
}
