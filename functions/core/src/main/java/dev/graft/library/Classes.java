package dev.graft.library;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graft.feature.BadRequestException;
import dev.graft.feature.DamagedFileException;
import dev.graft.feature.LabelSet;
import dev.graft.feature.StoreException;
import dev.graft.head.HeadStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What people said of classes, apart from the labels of images: that there is one, and its colour.
 * A class that images have need not be among them. Each change is made of what is stored, again if
 * somebody else was first. Safe for use by many threads.
 */
public final class Classes {
    /** So that the file stays small: a few bytes a class. */
    private static final int MOST = 5000;

    private static final int MOST_TRIES = 5;
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final HeadStore store;

    /** Kept beside the heads. */
    public Classes(HeadStore store) {
        this.store = store;
    }

    /** Those of a label set. */
    Classes in(LabelSet set) {
        return new Classes(store.in(set));
    }

    /**
     * One class.
     *
     * @param hue of its colour in degrees, 1 to 360; lightness and saturation are for the page to
     *     choose, so that every one can be read. Null for the colour that its name gives
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Kept(@Nullable Integer hue) {}

    /** By name. */
    public SortedMap<String, Kept> all() {
        return read(store.classes());
    }

    /**
     * Makes a class, or gives it another colour.
     *
     * @throws BadRequestException if there are too many
     */
    public void put(String name, Kept kept) {
        change(
                all -> {
                    all.put(name, kept);
                    if (all.size() > MOST) {
                        throw new BadRequestException(
                                "there are %d classes already: delete some".formatted(MOST));
                    }
                    return all;
                });
    }

    /** Forgets a class; gives what was known of it. */
    public Optional<Kept> remove(String name) {
        Optional<Kept> known = Optional.ofNullable(all().get(name));
        if (known.isPresent()) {
            change(
                    all -> {
                        all.remove(name);
                        return all;
                    });
        }
        return known;
    }

    /** Gives a class another name; one that has that name keeps its colour. */
    public Optional<Kept> rename(String from, String to) {
        Optional<Kept> known = remove(from);
        known.filter(kept -> !all().containsKey(to)).ifPresent(kept -> put(to, kept));
        return known;
    }

    private void change(UnaryOperator<SortedMap<String, Kept>> change) {
        for (int i = 0; i < MOST_TRIES; i++) {
            Optional<HeadStore.Settings> before = store.classes();
            if (store.replaceClasses(json(change.apply(read(before))), before)) {
                return;
            }
        }
        throw new StoreException(
                "could not change heads/classes.json: others changed it meanwhile, try again",
                null);
    }

    private static SortedMap<String, Kept> read(Optional<HeadStore.Settings> file) {
        if (file.isEmpty()) {
            return new TreeMap<>();
        }
        try {
            return JSON.readValue(file.get().json(), new TypeReference<TreeMap<String, Kept>>() {});
        } catch (IOException e) {
            throw new DamagedFileException(
                    "heads/classes.json cannot be read: delete it, which loses colours and classes without images",
                    e);
        }
    }

    private static byte[] json(SortedMap<String, Kept> all) {
        try {
            return JSON.writeValueAsBytes(all);
        } catch (IOException e) {
            throw new UncheckedIOException("texts and numbers always become JSON", e);
        }
    }
}
