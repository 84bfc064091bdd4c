package dev.graft.review;

import dev.graft.feature.ImageIndex.Change;
import dev.graft.feature.ImageRecord.Picture;
import dev.graft.feature.Label;
import dev.graft.head.Duplicates;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Pictures that are stored more than once: the same files, told by their hashes as they are listed
 * now, and the altered copies that the last training found among the images it learned from, or
 * that were looked for since ({@link AlteredCopies}). A group whose images have different labels is
 * a contradiction. Reads nothing itself.
 */
public final class Copies {
    /** The one to keep first: with a label, the largest, the oldest. */
    private static final Comparator<Change> TO_KEEP =
            Comparator.<Change, Boolean>comparing(image -> image.label().isEmpty())
                    .thenComparing(
                            Comparator.<Change>comparingLong(
                                            image ->
                                                    (long) picture(image).width()
                                                            * picture(image).height())
                                    .reversed())
                    .thenComparing(image -> picture(image).time())
                    .thenComparing(Change::key);

    private Copies() {}

    /**
     * Images of one picture.
     *
     * @param images at least two, the one to keep first
     * @param identical whether all are the same file
     */
    public record Group(List<Change> images, boolean identical) {
        /** How many labels they have; an image without one counts for none. */
        public long labels() {
            return images.stream()
                    .flatMap(image -> image.label().stream())
                    .map(Label::name)
                    .distinct()
                    .count();
        }

        /** Whether they have different labels. */
        public boolean contradicts() {
            return labels() > 1;
        }
    }

    /**
     * All groups, those that contradict themselves first, then the largest.
     *
     * @param pictures as they are listed now
     * @param found by the training of the head in use; empty where it is not known
     */
    public static List<Group> among(Collection<Change> pictures, Optional<Duplicates> found) {
        Map<String, Change> byKey = new TreeMap<>();
        Map<String, List<Change>> byHash = new TreeMap<>();
        for (Change image : pictures) {
            if (image.picture().isPresent()) {
                byKey.put(image.key(), image);
                byHash.computeIfAbsent(picture(image).imageHash(), h -> new ArrayList<>())
                        .add(image);
            }
        }
        Map<String, String> leaders = new HashMap<>();
        found.map(Duplicates::first)
                .orElse(List.of())
                .forEach(
                        group -> {
                            List<String> hashes =
                                    group.stream()
                                            .flatMap(
                                                    image ->
                                                            Optional.ofNullable(
                                                                    byKey.get(image.key()))
                                                                    .stream())
                                            .map(image -> picture(image).imageHash())
                                            .toList();
                            hashes.forEach(
                                    hash ->
                                            leaders.put(
                                                    leader(leaders, hash),
                                                    leader(leaders, hashes.getFirst())));
                        });
        Map<String, List<Change>> groups = new TreeMap<>();
        byHash.forEach(
                (hash, images) ->
                        groups.computeIfAbsent(leader(leaders, hash), h -> new ArrayList<>())
                                .addAll(images));
        return groups.values().stream()
                .filter(images -> images.size() > 1)
                .map(Copies::group)
                .sorted(
                        Comparator.comparing(Group::contradicts)
                                .thenComparing(group -> group.images().size())
                                .reversed()
                                .thenComparing(group -> group.images().getFirst().key()))
                .toList();
    }

    /**
     * The images of one picture, as far as an image has others.
     *
     * @param key of the image
     * @param pictures as they are listed now
     * @param found as for {@link #among}
     * @param near keys of its near-duplicates; what is a near-duplicate of these alone is none
     */
    public static Optional<Group> of(
            String key,
            Collection<Change> pictures,
            Optional<Duplicates> found,
            Collection<String> near) {
        Map<String, String> hashes = new HashMap<>();
        for (Change image : pictures) {
            image.picture().ifPresent(picture -> hashes.put(image.key(), picture.imageHash()));
        }
        String own = hashes.get(key);
        if (own == null) {
            return Optional.empty();
        }
        Set<String> wanted = new HashSet<>(Set.of(own));
        near.stream().map(hashes::get).filter(Objects::nonNull).forEach(wanted::add);
        for (List<Duplicates.Image> group : found.map(Duplicates::first).orElse(List.of())) {
            List<String> some =
                    group.stream()
                            .map(image -> hashes.get(image.key()))
                            .filter(Objects::nonNull)
                            .toList();
            if (some.contains(own)) {
                wanted.addAll(some);
            }
        }
        List<Change> images =
                pictures.stream()
                        .filter(image -> wanted.contains(hashes.get(image.key())))
                        .toList();
        return Optional.of(images).filter(several -> several.size() > 1).map(Copies::group);
    }

    /** The hash that stands for all that are joined with this one. */
    private static String leader(Map<String, String> leaders, String hash) {
        String at = hash;
        String next = leaders.getOrDefault(at, at);
        while (!next.equals(at)) {
            at = next;
            next = leaders.getOrDefault(at, at);
        }
        return at;
    }

    private static Group group(List<Change> images) {
        boolean identical =
                images.stream().map(image -> picture(image).imageHash()).distinct().count() == 1;
        return new Group(images.stream().sorted(TO_KEEP).toList(), identical);
    }

    private static Picture picture(Change image) {
        return image.picture().orElseThrow();
    }
}
