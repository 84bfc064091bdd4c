package dev.graft.library;

import dev.graft.feature.BadRequestException;
import dev.graft.feature.LabelSet;
import dev.graft.feature.NotFoundException;
import dev.graft.feature.StoreCalls;
import dev.graft.image.ImageDecoder;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

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

    /** How answers come to be kept. */
    static final String REMEDY =
            "set AnswerDays (on one machine -DanswerDays=30) for answers to come";

    private static final String JSON = "json";
    private static final int AT_ONCE = 1_000;

    /** So many files of a day are listed, in pages of {@link #AT_ONCE}. */
    private static final int MOST_LISTED = 20_000;

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

    /**
     * The answers of one day.
     *
     * @param answers that are kept; of a day with very many those that were listed, see {@link
     *     #days}
     * @param read some of them, in the order of time
     */
    public record Day(LocalDate day, int answers, List<KeptAnswer> read) {}

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
        String id = TIME.format(time) + "-" + HexFormat.of().toHexDigits(random);
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

    /**
     * The answers of the last days, today the last, those without any included. Reads few of each
     * day, evenly over its time, several at once: a list for each day and a read for each answer.
     *
     * @param set of which
     * @param days how many
     * @param most that are read of a day
     * @throws NotFoundException if there is none and answers are not kept
     * @throws dev.graft.feature.DamagedFileException if a file cannot be read
     */
    public List<Day> days(LabelSet set, int days, int most) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        List<LocalDate> dates = today.minusDays(days - 1L).datesUntil(today.plusDays(1)).toList();
        List<List<String>> names =
                StoreCalls.concurrently(
                        dates.stream()
                                .<Callable<List<String>>>map(day -> () -> ofDay(day, set))
                                .toList());
        if (settings.days() == 0 && names.stream().allMatch(List::isEmpty)) {
            throw new NotFoundException("answers are not kept: " + REMEDY);
        }
        List<Day> all = new ArrayList<>();
        List<List<String>> chosen = names.stream().map(day -> evenly(day, most)).toList();
        Iterator<Optional<KeptAnswer>> read =
                StoreCalls.concurrently(
                                chosen.stream()
                                        .flatMap(List::stream)
                                        .<Callable<Optional<KeptAnswer>>>map(
                                                name -> () -> readNamed(name))
                                        .toList())
                        .iterator();
        for (int i = 0; i < dates.size(); i++) {
            List<KeptAnswer> ofDay = new ArrayList<>();
            chosen.get(i).forEach(name -> read.next().ifPresent(ofDay::add));
            all.add(new Day(dates.get(i), names.get(i).size(), ofDay));
        }
        return all;
    }

    private List<String> ofDay(LocalDate day, LabelSet set) {
        String prefix = ResultStore.FOLDER + FOLDER + day + "/";
        List<String> names = new ArrayList<>();
        List<String> page = files.keys(prefix, "", AT_ONCE);
        for (int listed = AT_ONCE; !page.isEmpty(); listed += AT_ONCE) {
            page.stream()
                    .map(KeptAnswers::name)
                    .filter(name -> isIn(name, set))
                    .forEach(names::add);
            boolean more = page.size() == AT_ONCE && listed < MOST_LISTED;
            page = more ? files.keys(prefix, page.getLast(), AT_ONCE) : List.of();
        }
        return names;
    }

    private static boolean isIn(String name, LabelSet set) {
        Matcher parts = NAME.matcher(name);
        return parts.matches() && parts.group(4).equals(JSON) && set(parts.group(2)).equals(set);
    }

    private static List<String> evenly(List<String> names, int most) {
        int some = Math.min(most, names.size());
        return IntStream.range(0, some)
                .mapToObj(i -> names.get((int) ((long) i * names.size() / some)))
                .toList();
    }

    /** Empty if it was deleted meanwhile. */
    private Optional<KeptAnswer> readNamed(String name) {
        return files.read(name).map(file -> KeptAnswer.read(ResultStore.FOLDER + name, file));
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
