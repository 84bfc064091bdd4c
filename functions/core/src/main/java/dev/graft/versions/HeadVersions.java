package dev.graft.versions;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.graft.evaluation.Preview;
import dev.graft.feature.ConflictException;
import dev.graft.feature.DamagedFileException;
import dev.graft.feature.NetworkStore;
import dev.graft.feature.NotFoundException;
import dev.graft.head.Head;
import dev.graft.head.HeadCard;
import dev.graft.head.HeadFiles;
import dev.graft.head.HeadStore;
import dev.graft.head.NoHeadException;
import dev.graft.training.LearnedImages;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Every head that was saved: looked at, put to use, rolled back and deleted. Safe for use by many
 * threads; throws {@link dev.graft.feature.StoreException} if a store does not answer.
 */
public final class HeadVersions {
    private final HeadStore heads;
    private final LearnedImages learned;
    private final Preview.Images images;
    private final Predicate<String> networkIsAtHand;

    /**
     * One version in a list.
     *
     * @param created when, ISO 8601
     * @param inUse whether it answers now
     * @param activation softmax for one label an image, sigmoid for several
     * @param images it learned from
     * @param accuracy on images not trained on, 0..1
     * @param macroF1 likewise
     * @param logLoss likewise, in nats
     * @param reason why it was put to use or kept back when it was trained; of a version that is
     *     damaged, what is wrong with it, and the figures are 0
     */
    public record Summary(
            String version,
            @JsonProperty("latest") boolean inUse,
            String created,
            List<String> classes,
            String activation,
            int images,
            double accuracy,
            double macroF1,
            double logLoss,
            String reason) {}

    /**
     * Over the stores.
     *
     * @param images for previews
     * @param networkIsAtHand whether a head can predict whose features have this identity
     */
    public HeadVersions(
            HeadStore heads,
            LearnedImages learned,
            Preview.Images images,
            Predicate<String> networkIsAtHand) {
        this.learned = learned;
        this.heads = heads;
        this.images = images;
        this.networkIsAtHand = networkIsAtHand;
    }

    /** The newest versions first, at most {@code most}; the one in use is always among them. */
    public List<Summary> list(int most) {
        List<String> versions = heads.versions();
        List<String> newest = new ArrayList<>(versions.stream().limit(most).toList());
        heads.latest()
                .map(HeadStore.Pointer::version)
                .filter(inUse -> versions.contains(inUse) && !newest.contains(inUse))
                .ifPresent(inUse -> newest.set(newest.size() - 1, inUse));
        return summaries(newest);
    }

    /** The versions that learned from an image, see {@link LearnedImages#versions}. */
    public List<Summary> listLearnedFrom(String key) {
        return summaries(learned.versions(key));
    }

    private List<Summary> summaries(List<String> versions) {
        Optional<String> inUse = heads.latest().map(HeadStore.Pointer::version);
        return versions.stream()
                .map(version -> summary(version, inUse.filter(version::equals).isPresent()))
                .toList();
    }

    private Summary summary(String version, boolean inUse) {
        try {
            return summary(card(version), version, inUse);
        } catch (DamagedFileException e) {
            String reason = "unreadable: " + e.getMessage();
            return new Summary(version, inUse, "", List.of(), "softmax", 0, 0, 0, 0, reason);
        }
    }

    private static Summary summary(HeadCard card, String version, boolean inUse) {
        HeadCard.Validated validation = card.validation();
        return new Summary(
                version,
                inUse,
                card.created(),
                card.classes(),
                card.activation(),
                validation.images(),
                validation.accuracy(),
                validation.macroF1(),
                validation.logLoss(),
                card.decision().reason());
    }

    /**
     * The contents of {@code head.json}.
     *
     * @throws NotFoundException if there is no such version
     */
    public HeadCard card(String version) {
        Optional<byte[]> card = heads.read(version, HeadFiles.CARD);
        if (card.isEmpty()) {
            throw none(version);
        }
        return HeadFiles.card(version, file -> card);
    }

    /**
     * All figures of the head in use; where that is deleted by now, of the one in its place.
     *
     * @param seen version that was in use some seconds ago
     * @return empty if it is deleted and none is in its place
     */
    public Optional<HeadCard> cardInUse(String seen) {
        try {
            return Optional.of(card(seen));
        } catch (NotFoundException deleted) {
            return heads.latest()
                    .map(HeadStore.Pointer::version)
                    .filter(version -> !version.equals(seen))
                    .map(this::card);
        }
    }

    /** The page {@code report.html} of a version; empty if it has none. */
    public Optional<byte[]> report(String version) {
        return heads.read(version, HeadFiles.REPORT);
    }

    /**
     * Puts a version to use, an older one (rolling back) or a candidate. Classifiers follow as soon
     * as they look at the pointer again.
     *
     * @throws NotFoundException if there is no such version
     * @throws ConflictException if its files are damaged, if its network is not at hand, or if
     *     somebody else moved the pointer at the same moment
     */
    public void promote(String version) {
        if (learned.forgotten().willDelete(version)) {
            throw new ConflictException(
                    "head %s learned from an image that is to be forgotten, and is deleted after the next training: promote another one"
                            .formatted(version));
        }
        try {
            card(version);
            String network = read(version).backbone();
            if (!networkIsAtHand.test(network)) {
                throw new ConflictException(NetworkStore.absent(version, network));
            }
        } catch (DamagedFileException e) {
            throw new ConflictException(e.getMessage(), e);
        }
        Optional<HeadStore.Pointer> inUse = heads.latest();
        try {
            if (!heads.promote(version, inUse)) {
                throw new ConflictException(
                        "another head was promoted at the same moment as %s: look which, and promote again if you still want to"
                                .formatted(version));
            }
        } catch (IllegalArgumentException deletedMeanwhile) {
            throw none(version);
        }
    }

    /**
     * Deletes a version with all its files; nothing brings it back.
     *
     * @throws NotFoundException if there is no such version
     * @throws ConflictException if it is in use
     */
    public void delete(String version) {
        if (!heads.deleteOutOfUse(version)) {
            if (heads.read(version, HeadFiles.CARD).isEmpty()) {
                throw none(version);
            }
            throw new ConflictException(
                    "head %s is in use: promote another one first, then delete it"
                            .formatted(version));
        }
    }

    private NotFoundException none(String version) {
        String why =
                learned.forgotten()
                        .deletion(version)
                        .map(
                                time ->
                                        ", it was deleted on %s as it learned from an image that was forgotten"
                                                .formatted(time.substring(0, 10)))
                        .orElse("");
        return new NotFoundException(
                "there is no head '" + version + "'" + why + ": choose one of the list of heads");
    }

    /**
     * What would change for the stored images if this version were promoted now.
     *
     * @throws NotFoundException if there is no such version
     * @throws NoHeadException if no head is in use
     */
    public HeadCard.Preview preview(String version) {
        Head other = head(version);
        return Preview.of(images, inUse(), other);
    }

    /**
     * A version, to predict with.
     *
     * @throws NotFoundException if there is no such version
     * @throws DamagedFileException if its files cannot be read
     */
    public Head head(String version) {
        card(version);
        return read(version);
    }

    /**
     * The one in use, as the pointer says now.
     *
     * @throws NoHeadException if there is none
     * @throws DamagedFileException if its files cannot be read
     */
    public Head inUse() {
        return read(heads.latest().orElseThrow(NoHeadException::new).version());
    }

    private Head read(String version) {
        return HeadFiles.read(version, file -> heads.read(version, file));
    }
}
