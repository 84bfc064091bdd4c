package dev.graft.index;

import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageIndex.Change;
import dev.graft.feature.ImageRecord.Picture;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelSource;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Every picture with its label, without reading the whole table: the file {@value #FILE} of the
 * index, and from the table only what changed since. Safe for use by many threads; throws {@link
 * dev.graft.feature.StoreException} if a store does not answer.
 */
public final class ImageListing {
    /** Deletions are told for a week; an older file may list what is gone, and is not used. */
    static final Duration GOOD_FOR = Duration.ofDays(6);

    private static final String FILE = "images";
    private static final String MAGIC = "graft images 1";
    private static final int BUFFER = 1 << 16;

    private final ImageIndex index;
    private final IndexStore store;
    private final InstantSource clock;

    /** Of the images of an index of the table. */
    public ImageListing(ImageIndex index, IndexStore store, InstantSource clock) {
        this.index = index;
        this.store = store;
        this.clock = clock;
    }

    /** The same pictures with their labels in a label set. */
    public ImageListing in(LabelSet set) {
        return new ImageListing(index.in(set), store.in(set), clock);
    }

    /** The lists and counters of the same images. */
    public ImageIndex index() {
        return index;
    }

    /** Every picture as it is now, by key. */
    public Collection<Change> pictures() {
        Stored stored = stored();
        stored.follow(index);
        return stored.pictures().values();
    }

    /** What the file has; nothing, complete up to the beginning, if there is none to be used. */
    Stored stored() {
        return Download.whole(store, FILE)
                .flatMap(ImageListing::read)
                .filter(file -> file.complete().plus(GOOD_FOR).isAfter(clock.instant()))
                .orElseGet(() -> new Stored(Instant.EPOCH, new TreeMap<>()));
    }

    /** Writes the file. */
    void write(Stored file) {
        store.write(FILE, bytes(file));
    }

    /**
     * The pictures at one time.
     *
     * @param complete every change before this time is in it
     * @param pictures by key
     */
    record Stored(Instant complete, SortedMap<String, Change> pictures) {
        /**
         * Notes what changed since.
         *
         * @return how many pictures are other now
         */
        int follow(ImageIndex index) {
            int[] other = {0};
            index.changes(
                    complete,
                    change -> {
                        Change before =
                                change.picture().isPresent()
                                        ? pictures.put(change.key(), change)
                                        : pictures.remove(change.key());
                        other[0] += same(before, change) ? 0 : 1;
                    });
            return other[0];
        }

        private static boolean same(@Nullable Change before, Change now) {
            return before == null
                    ? now.picture().isEmpty()
                    : before.content().equals(now.content()) && before.label().equals(now.label());
        }
    }

    private static byte[] bytes(Stored file) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out =
                new DataOutputStream(
                        new BufferedOutputStream(new GZIPOutputStream(bytes), BUFFER))) {
            out.writeUTF(MAGIC);
            out.writeUTF(file.complete().toString());
            out.writeInt(file.pictures().size());
            for (Change image : file.pictures().values()) {
                Picture picture = image.picture().orElseThrow();
                out.writeUTF(image.key());
                out.writeUTF(image.label().map(Label::name).orElse(""));
                out.writeUTF(image.label().map(Label::source).map(LabelSource::name).orElse(""));
                out.writeUTF(picture.imageHash());
                out.writeInt(picture.width());
                out.writeInt(picture.height());
                out.writeUTF(picture.time().toString());
                out.writeUTF(image.changed().toString());
                out.writeUTF(String.join(" ", picture.backbones()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Empty if the file is damaged: the next training writes it anew. */
    private static Optional<Stored> read(InputStream file) {
        try (DataInputStream in =
                new DataInputStream(
                        new BufferedInputStream(new GZIPInputStream(file, BUFFER), BUFFER))) {
            if (!in.readUTF().equals(MAGIC)) {
                return Optional.empty();
            }
            Instant complete = Instant.parse(in.readUTF());
            SortedMap<String, Change> pictures = new TreeMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                Change image = image(in);
                pictures.put(image.key(), image);
            }
            // the checksum of gzip stands behind the last byte
            return in.read() < 0 ? Optional.of(new Stored(complete, pictures)) : Optional.empty();
        } catch (IOException | DateTimeException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Change image(DataInputStream in) throws IOException {
        String key = in.readUTF();
        String name = in.readUTF();
        String source = in.readUTF();
        Optional<Label> label =
                source.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Label(name, LabelSource.valueOf(source)));
        String hash = in.readUTF();
        int width = in.readInt();
        int height = in.readInt();
        Instant time = Instant.parse(in.readUTF());
        Instant changed = Instant.parse(in.readUTF());
        TreeSet<String> backbones = new TreeSet<>();
        for (String id : in.readUTF().split(" ")) {
            if (!id.isEmpty()) {
                backbones.add(id);
            }
        }
        return new Change(
                key, label, new Picture(hash, width, height, time, backbones, ""), changed);
    }
}
