package dev.graft.prediction;

import dev.graft.feature.ConfigurationException;
import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.NetworkStore;
import dev.graft.feature.StoreException;
import dev.graft.head.HeadFiles;
import dev.graft.head.HeadStore;
import dev.graft.image.PixelPath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The networks at hand: the one that this build runs, and for a head of another one that network,
 * from the files of the build or from the heads bucket. While a network is being changed the head
 * in use belongs to the old one; then two networks are in memory, until no head in use needs the
 * second. Safe for use by many threads.
 */
public final class Networks {
    private final Loaded current;
    private final List<Path> files;
    private final NetworkStore kept;
    private final Opener opener;
    private final Path folder;

    private boolean currentIsKept;
    private Optional<Loaded> other = Optional.empty();
    private Optional<String> missing = Optional.empty();

    /** Opens a network. */
    public interface Opener {
        /**
         * The network of a file on a pixel path.
         *
         * @throws ConfigurationException if the file is no network
         */
        FeatureExtractor open(Path file, PixelPath path);
    }

    /**
     * A network in memory.
     *
     * @param file it was opened from
     */
    public record Loaded(FeatureExtractor extractor, Path file) {
        /** The identity of its features. */
        public String identity() {
            return extractor.backbone().id();
        }
    }

    /**
     * With the network of this build.
     *
     * @param more files of networks that the build brings beside it
     * @param kept the networks of heads
     * @param folder for copies of those
     */
    public Networks(
            Loaded current, List<Path> more, NetworkStore kept, Opener opener, Path folder) {
        this.current = current;
        this.files = new ArrayList<>(List.of(current.file()));
        this.files.addAll(more);
        this.kept = kept;
        this.opener = opener;
        this.folder = folder;
    }

    /** The network that this build runs. */
    public Loaded current() {
        return current;
    }

    /**
     * The network with this identity; empty if it is not at hand.
     *
     * @throws StoreException if it would have to come from the heads bucket, and that does not
     *     answer
     */
    public synchronized Optional<Loaded> of(String identity) {
        if (identity.equals(current.identity())) {
            keepCurrent();
            return Optional.of(current);
        }
        if (other.filter(known -> known.identity().equals(identity)).isPresent()) {
            return other;
        }
        if (missing.filter(identity::equals).isPresent() && !kept.has(identity)) {
            return Optional.empty();
        }
        Optional<Loaded> found = inBuild(identity).or(() -> fromBucket(identity));
        missing = found.isPresent() ? Optional.empty() : Optional.of(identity);
        // the one before is not closed: a request may be running on it
        other = found.or(() -> other);
        return found;
    }

    /**
     * Keeps the network of this build and that of the head in use of each label set, if the build
     * brings it, for the builds to come.
     *
     * @throws StoreException if a store does not answer, or the head in use is damaged
     */
    public void keep(HeadStore heads) {
        of(current.identity());
        keepOfHead(heads);
        heads.sets().forEach(set -> keepOfHead(heads.in(set)));
    }

    private void keepOfHead(HeadStore heads) {
        heads.latest()
                .map(HeadStore.Pointer::version)
                .map(version -> HeadFiles.backbone(version, file -> heads.read(version, file)))
                .ifPresent(this::of);
    }

    /** Once; where the bucket does not answer a later call tries again, as nothing needs it yet. */
    private void keepCurrent() {
        if (!currentIsKept) {
            try {
                kept.keep(current.identity(), current.file());
                currentIsKept = true;
            } catch (StoreException e) {
                // predictions go on
            }
        }
    }

    private Optional<Loaded> inBuild(String identity) {
        for (Path file : files) {
            Optional<Loaded> found = open(file, identity);
            if (found.isPresent()) {
                // the next build may not bring it
                kept.keep(identity, file);
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<Loaded> fromBucket(String identity) {
        Path file = folder.resolve(identity + ".onnx");
        return kept.copy(identity, file) ? open(file, identity) : Optional.empty();
    }

    private Optional<Loaded> open(Path file, String identity) {
        for (PixelPath path : PixelPath.values()) {
            FeatureExtractor extractor = opener.open(file, path);
            if (extractor.backbone().id().equals(identity)) {
                return Optional.of(new Loaded(extractor, file));
            }
            extractor.backbone().close();
        }
        return Optional.empty();
    }
}
