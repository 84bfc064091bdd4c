package dev.graft.training;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.Sha256;
import dev.graft.fit.FeatureMatrix;
import dev.graft.head.HeadCard;
import dev.graft.head.HeadCard.Provenance;
import dev.graft.head.HeadFiles;
import dev.graft.head.HeadStore;
import dev.graft.head.NoHeadException;
import java.util.List;

/** Trains a saved head again from what is stored and compares the bytes. */
public final class VerifyHead {
    private final FeatureStore features;
    private final HeadStore heads;
    private final TrainingSettings settings;
    private final Provenance provenance;

    /**
     * What training a saved head again gave.
     *
     * @param same whether the tensors came out byte for byte alike
     * @param finding a sentence, with what to do
     */
    public record Verification(String version, boolean same, String finding) {}

    /**
     * Between these.
     *
     * @param provenance of the code that runs now
     */
    public VerifyHead(
            FeatureStore features,
            HeadStore heads,
            TrainingSettings settings,
            Provenance provenance) {
        this.features = features;
        this.heads = heads;
        this.settings = settings;
        this.provenance = provenance;
    }

    /**
     * Verifies a head.
     *
     * @param name a version, or {@code latest} for the one in use
     * @throws NoHeadException if none is in use
     * @throws dev.graft.feature.StoreException if there is no such version
     */
    public Verification verify(String name) {
        String version =
                name.equals("latest")
                        ? heads.latest().orElseThrow(NoHeadException::new).version()
                        : name;
        HeadCard card = HeadFiles.card(version, file -> heads.read(version, file));
        if (!card.cutShort().isEmpty()) {
            return new Verification(
                    version,
                    false,
                    "head %s was %s. Only one that was not can be trained again to the same bytes"
                            .formatted(version, card.cutShort()));
        }
        try (FeatureMatrix matrix = new FeatureMatrix()) {
            List<TrainingImage> images = TrainingImage.scan(features, card.backbone(), matrix);
            if (DataHash.of(card.backbone(), settings, images).equals(card.dataHash())) {
                return compare(version, card, images);
            }
        }
        return new Verification(
                version,
                false,
                "images, labels, features or settings have changed since head %s was trained: only a head of today's can be verified, train one"
                        .formatted(version));
    }

    private Verification compare(String version, HeadCard card, List<TrainingImage> images) {
        HeadFit again = HeadFit.of(images, card.backbone(), settings, Deadline.none());
        byte[] tensors = HeadFiles.tensors(again.head(version, card.backbone()));
        String expected = Sha256.of(heads.read(version, HeadFiles.TENSORS).orElseThrow());
        String found = Sha256.of(tensors);
        boolean same = expected.equals(found);
        String finding =
                same
                        ? "trained again: the same bytes, SHA-256 %s; it was trained by %s"
                                .formatted(found, by(card))
                        : "trained again, %s of head %s has SHA-256 %s, expected %s: it was trained by %s, this is %s"
                                .formatted(
                                        HeadFiles.TENSORS,
                                        version,
                                        found,
                                        expected,
                                        by(card),
                                        by(provenance));
        return new Verification(version, same, finding);
    }

    private static String by(HeadCard card) {
        return card.provenance() == null
                ? "code " + card.codeVersion() + " (the commit was not recorded then)"
                : by(card.provenance());
    }

    private static String by(Provenance known) {
        return "code %s, %s, on Java %s".formatted(known.code(), known.commit(), known.java());
    }
}
