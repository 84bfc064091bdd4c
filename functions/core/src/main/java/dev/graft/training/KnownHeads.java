package dev.graft.training;

import dev.graft.feature.DamagedFileException;
import dev.graft.head.HeadCard;
import dev.graft.head.HeadFiles;
import dev.graft.head.HeadStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The head in use and the newest one: what they learned from need not be learned again. An improved
 * training learns it once more, unless somebody rolled the newest head back by hand: that holds
 * until images or labels change.
 *
 * @param cards of both; of one if they are the same
 * @param training version of the training that would run now
 */
record KnownHeads(List<HeadCard> cards, boolean rolledBack, int training) {

    /**
     * None where there is no head in use, or one that cannot predict: then even the same images are
     * learned again, as else nothing would ever take its place.
     *
     * @param networkIsAtHand whether a head of this network can predict
     */
    static KnownHeads of(
            HeadStore heads,
            Optional<HeadStore.Pointer> inUse,
            int training,
            Predicate<String> networkIsAtHand) {
        if (inUse.filter(p -> canPredict(heads, p.version(), networkIsAtHand)).isEmpty()) {
            return new KnownHeads(List.of(), false, training);
        }
        String used = inUse.get().version();
        List<HeadCard> cards =
                Stream.concat(Stream.of(used), heads.versions().stream().limit(1))
                        .distinct()
                        .flatMap(version -> card(heads, version).stream())
                        .toList();
        boolean rolledBack = cards.size() > 1 && cards.getLast().decision().promote();
        return new KnownHeads(cards, rolledBack, training);
    }

    /**
     * Puts a head to use whose training was killed between saving and promoting it: the newest one,
     * if it was to be used and nobody moved the pointer since that training began.
     *
     * @param latest as it was found
     * @return the pointer as it is
     */
    static Optional<HeadStore.Pointer> finish(HeadStore heads, Optional<HeadStore.Pointer> latest) {
        Optional<HeadCard> left =
                heads.versions().stream()
                        .limit(1)
                        .flatMap(version -> card(heads, version).stream())
                        .filter(card -> card.decision().promote())
                        .filter(card -> latest.filter(p -> isBefore(p, card)).isPresent())
                        .findFirst();
        if (left.isEmpty()) {
            return latest;
        }
        heads.promote(left.get().version(), latest);
        return heads.latest();
    }

    private static boolean isBefore(HeadStore.Pointer pointer, HeadCard card) {
        return !pointer.version().equals(card.version())
                && pointer.moved().isBefore(Instant.parse(card.created()));
    }

    private static boolean canPredict(
            HeadStore heads, String version, Predicate<String> networkIsAtHand) {
        try {
            return networkIsAtHand.test(
                    HeadFiles.read(version, file -> heads.read(version, file)).backbone());
        } catch (DamagedFileException e) {
            return false;
        }
    }

    /** Empty if the file is damaged: nobody knows then what the head learned from. */
    private static Optional<HeadCard> card(HeadStore heads, String version) {
        try {
            return Optional.of(HeadFiles.card(version, file -> heads.read(version, file)));
        } catch (DamagedFileException e) {
            return Optional.empty();
        }
    }

    /** Whether one of them learned from what has this listing hash. */
    boolean listed(String hash) {
        return any(card -> card.listingHash().equals(hash));
    }

    /** Whether one of them learned from what has this data hash. */
    boolean learned(String hash) {
        return any(card -> card.dataHash().equals(hash));
    }

    private boolean any(Predicate<HeadCard> same) {
        return cards.stream()
                .filter(card -> rolledBack || trainedBy(card) == training)
                .anyMatch(same);
    }

    /** Heads of format 1 were trained by version 1. */
    private static int trainedBy(HeadCard card) {
        return card.provenance() == null ? 1 : card.provenance().training();
    }
}
