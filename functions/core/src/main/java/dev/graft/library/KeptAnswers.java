package dev.graft.library;

import dev.graft.feature.BadRequestException;
import dev.graft.feature.LabelSet;
import dev.graft.feature.StoreCalls;
import dev.graft.image.ImageDecoder;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers that are kept for some days where that is set, so that somebody can say later which were
 * right: {@code results/answers/<day>/<id>.<hash>.json} in the images bucket, one PUT for each, and
 * where pictures are kept too {@code <id>.<hash>.jpg} (or png, gif, webp) beside it. Days are of
 * UTC, and the names of a day are in the order of time. The hash is that of {@link
 * KeptAnswer#hash}, so that whoever forgets an image finds its answers by a list alone.
 *
 * <p>A rule of the bucket, and on a laptop {@link #sweep} at each start, deletes what is older than
 * is set. Safe for use by many threads; throws {@link dev.graft.feature.StoreException} if the
 * store does not answer.
 */
public final class KeptAnswers {
    /** Below {@link ResultStore#FOLDER}. */
    private static final String FOLDER = "answers/";

    private static final String JSON = "json";
    private static final int AT_ONCE = 1_000;
    private static final Pattern ID =
            Pattern.compile(
                    "([0-9]{4})([0-9]{2})([0-9]{2})T[0-9]{9}-[0-9a-f]{16}(?:-([a-z][a-z0-9-]{0,31}))?");
    private static final Pattern NAME =
            Pattern.compile(FOLDER + "([0-9-]{10})/([^.]*)\\.([0-9a-f]{64})\\.([a-z]+)");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final ResultStore files;
    private final Settings settings;
    private final InstantSource clock;

    /**
     * What is kept.
     *
     * @param days for how long; 0 for not at all
     * @param pictures those that are sent along, or none
     */
    public record Settings(int days, boolean pictures) {
        /** Nothing is kept. */
        public static final Settings NONE = new Settings(0, false);
    }

    /**
     * An answer that was found.
     *
     * @param picture key of the file that was sent along, in the images bucket; empty if there was
     *     none, or it was not kept
     */
    public record Found(KeptAnswer answer, Optional<String> picture) {}

    /** In this store. */
    public KeptAnswers(ResultStore files, Settings settings, InstantSource clock) {
        this.files = files;
        this.settings = settings;
        this.clock = clock;
    }

    /** What is kept. */
    public Settings settings() {
        return settings;
    }

    /**
     * The id of a prediction, which tells its time and its label set, and cannot be guessed.
     *
     * @param random from a source that cannot be predicted
     */
    public static String id(Instant time, long random, LabelSet set) {
        String id = TIME.format(time) + "-" + String.format(Locale.ROOT, "%016x", random);
        return set.isDefault() ? id : id + "-" + set;
    }

    /** The label set of a prediction, by its id; the default one of what is no id. */
    public static LabelSet set(String prediction) {
        Matcher parts = ID.matcher(prediction);
        return parts.matches() && parts.group(4) != null
                ? new LabelSet(parts.group(4))
                : LabelSet.DEFAULT;
    }

    /**
     * Keeps an answer, if answers are kept.
     *
     * @param picture that was sent along; empty for a stored image
     */
    public void keep(KeptAnswer answer, Optional<byte[]> picture) {
        if (settings.days() == 0) {
            return;
        }
        List<Callable<Boolean>> writes = new ArrayList<>();
        writes.add(() -> write(answer));
        if (settings.pictures()) {
            picture.ifPresent(file -> writes.add(() -> writePicture(answer, file)));
        }
        StoreCalls.concurrently(writes);
    }

    private boolean writePicture(KeptAnswer answer, byte[] file) {
        String type = ImageDecoder.mediaType(file).orElse("image/jpeg");
        String ending = type.substring(type.indexOf('/') + 1).replace("jpeg", "jpg");
        files.write(name(answer, ending), file, type);
        return true;
    }

    private boolean write(KeptAnswer answer) {
        files.write(name(answer, JSON), answer.json(), "application/json");
        return true;
    }

    private static String name(KeptAnswer answer, String ending) {
        return start(answer.id()) + answer.hash() + "." + ending;
    }

    private static String start(String prediction) {
        return ID.matcher(prediction).replaceFirst(FOLDER + "$1-$2-$3/$0.");
    }

    /**
     * An answer; empty if none is kept, or no more.
     *
     * @param prediction its id
     * @throws BadRequestException if it is no id
     * @throws dev.graft.feature.DamagedFileException if its file cannot be read
     */
    public Optional<Found> find(String prediction) {
        if (!ID.matcher(prediction).matches()) {
            throw new BadRequestException(
                    "id is '%s': expected the id of a prediction, such as 20261129T120000000-1a2b3c4d5e6f7a8b"
                            .formatted(prediction));
        }
        String prefix = ResultStore.FOLDER + start(prediction);
        List<String> keys = files.keys(prefix, "", 2);
        Optional<String> picture =
                keys.stream().filter(key -> !key.endsWith("." + JSON)).findFirst();
        return keys.stream()
                .filter(key -> key.endsWith("." + JSON))
                .findFirst()
                .flatMap(key -> files.read(name(key)).map(file -> KeptAnswer.read(key, file)))
                .map(answer -> new Found(answer, picture));
    }

    /** Notes what somebody said of an answer that was found. */
    void note(KeptAnswer answer, Optional<String> label, String key) {
        write(
                answer.with(
                        new KeptAnswer.Told(label.orElse(null), key, clock.instant().toString())));
    }

    private static String name(String key) {
        return key.substring(ResultStore.FOLDER.length());
    }

    /**
     * Whether a file is, or belongs to, a kept answer.
     *
     * @param name below {@link ResultStore#FOLDER}
     */
    static boolean isKept(String name) {
        return name.startsWith(FOLDER);
    }

    /** Whether its hash, see {@link KeptAnswer#hash}, is one of these or begins with one. */
    static boolean isOf(String name, Collection<String> hashes) {
        Matcher parts = NAME.matcher(name);
        return parts.matches() && hashes.stream().anyMatch(parts.group(3)::startsWith);
    }

    /** The folder of the day that it is of, below {@link ResultStore#FOLDER}. */
    static String day(String name) {
        return name.substring(0, name.lastIndexOf('/') + 1);
    }

    /** Deletes the answers that have been kept for long enough. */
    public void sweep() {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        String first = FOLDER + today.minusDays(settings.days());
        String after = "";
        List<String> page = files.keys(ResultStore.FOLDER + FOLDER, after, AT_ONCE);
        while (!page.isEmpty()) {
            StoreCalls.concurrently(
                    page.stream()
                            .map(KeptAnswers::name)
                            .filter(name -> settings.days() == 0 || name.compareTo(first) < 0)
                            .<Callable<Boolean>>map(name -> () -> delete(name))
                            .toList());
            after = page.getLast();
            page = files.keys(ResultStore.FOLDER + FOLDER, after, AT_ONCE);
        }
    }

    private boolean delete(String name) {
        files.delete(name);
        return true;
    }
}
