package dev.graft.training;

import dev.graft.feature.ConflictException;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.NotFoundException;
import dev.graft.head.HeadFiles;
import dev.graft.head.HeadStore;
import dev.graft.index.BuildIndex;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Deletes the features of a network that is out of use, which nothing else does. Heads of that
 * network can still be promoted; they are only not compared with others any more.
 */
public final class DeleteFeatures {
    /** Longer than an index of the table lags behind. */
    private static final Duration QUIET = Duration.ofMinutes(1);

    private final FeatureStore features;
    private final ImageIndex index;
    private final HeadStore heads;
    private final BuildIndex built;
    private final String backboneId;

    /**
     * Between these stores.
     *
     * @param built the files of the index
     * @param backboneId identity of the network that this build learns from
     */
    public DeleteFeatures(
            FeatureStore features,
            ImageIndex index,
            HeadStore heads,
            BuildIndex built,
            String backboneId) {
        this.features = features;
        this.index = index;
        this.heads = heads;
        this.built = built;
        this.backboneId = backboneId;
    }

    /**
     * Deletes the features with this identity.
     *
     * @param end when to stop; call again to go on
     * @return whether none are left
     * @throws ConflictException if the head in use or this build has that network
     * @throws NotFoundException if no image has a feature with that identity
     * @throws dev.graft.feature.StoreException if a store does not answer; call again
     */
    public boolean run(String identity, Instant end) {
        if (identity.equals(backboneId)) {
            throw new ConflictException(
                    "%s is the network of this build, whose features new heads learn from: change the network first"
                            .formatted(identity));
        }
        expectOutOfUse(identity, heads);
        heads.sets().forEach(set -> expectOutOfUse(identity, heads.in(set)));
        if (!stored().containsKey(identity)) {
            index.recount(QUIET);
            if (!stored().containsKey(identity)) {
                throw new NotFoundException(
                        "no image has a feature of the network %s; there are %s"
                                .formatted(identity, listed(stored())));
            }
        }
        built.delete(identity);
        built.files().sets().forEach(set -> built.in(set).delete(identity));
        return features.deleteFeatures(identity, end);
    }

    private static void expectOutOfUse(String identity, HeadStore heads) {
        heads.latest()
                .map(HeadStore.Pointer::version)
                .map(version -> HeadFiles.card(version, file -> heads.read(version, file)))
                .filter(card -> card.backbone().equals(identity))
                .ifPresent(
                        card -> {
                            throw new ConflictException(
                                    "head %s, which is in use, has the network %s: promote a head of another network first"
                                            .formatted(card.version(), identity));
                        });
    }

    private Map<String, Integer> stored() {
        return index.counts().features();
    }

    private static String listed(Map<String, Integer> stored) {
        return stored.isEmpty()
                ? "none at all"
                : new TreeMap<>(stored)
                        .entrySet().stream()
                                .map(
                                        network ->
                                                String.format(
                                                        Locale.ROOT,
                                                        "%,d of %s",
                                                        network.getValue(),
                                                        network.getKey()))
                                .collect(Collectors.joining(", "));
    }
}
