package dev.graft.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.feature.DamagedFileException;
import dev.graft.feature.ImageIndex.Change;
import dev.graft.feature.Label;
import dev.graft.index.ImageListing;
import dev.graft.ingest.SpreadsheetText;
import dev.graft.library.ResultStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All images, or all features, as files that together are a data set. A Lambda function can neither
 * respond with them nor write one large file in its time and memory; so one call writes as many
 * files of bounded size as its time allows, and the next call goes on. Which images are in it and
 * under which names is decided when an export begins, and kept in files of bounded size, too; what
 * is deleted meanwhile is left out and counted. A file is written before the progress, so a call
 * after an interrupted one writes the same file again. The call after the last begins anew, as does
 * one after {@link ResultStore#EXPORTS_KEPT}, when the files are deleted. Safe for use by many
 * threads; two calls at once do the same work twice.
 */
public final class CollectionExport {
    private static final Duration ONE_CALL = Duration.ofSeconds(15);

    /** Images in one file of the plan, which is 2 to 5 MB then. */
    private static final int PLANNED = 20_000;

    /** Text that CSV has in quotes. */
    private static final Pattern QUOTED = Pattern.compile("[\",\r\n]");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final String place;
    private final PartWriter writer;
    private final ImageListing listing;
    private final ResultStore results;
    private final InstantSource clock;

    /**
     * Of the images of a listing.
     *
     * @param place of its files below the folder of exports; the last part is its name
     */
    CollectionExport(
            String place,
            PartWriter writer,
            ImageListing listing,
            ResultStore results,
            InstantSource clock) {
        this.name = place.substring(place.lastIndexOf('/') + 1);
        this.place = ResultStore.EXPORTS + place;
        this.writer = writer;
        this.listing = listing;
        this.results = results;
        this.clock = clock;
    }

    /**
     * How far an export is.
     *
     * @param begun when
     * @param identity of its features
     * @param images all that were there at the beginning
     * @param done how many of them are done
     * @param missing of these, those that are in no file
     * @param sizes bytes of each of its files, {@code labels.csv} first
     */
    public record Progress(
            Instant begun, String identity, int images, int done, int missing, List<Long> sizes) {
        /** Which of the exports, by the time of its beginning. */
        public String run() {
            return begun.toString().replaceAll("[^0-9TZ]", "");
        }

        /** Whether all files are written. */
        public boolean complete() {
            return done == images;
        }

        /** When its files are deleted. */
        public Instant until() {
            return begun.plus(ResultStore.EXPORTS_KEPT);
        }

        private Progress with(PartWriter.Part part) {
            Stream<Long> size = Stream.of((long) part.bytes().length).filter(bytes -> bytes > 0);
            return new Progress(
                    begun,
                    identity,
                    images,
                    done + part.taken(),
                    missing + part.missing(),
                    Stream.concat(sizes.stream(), size).toList());
        }
    }

    /**
     * A file of an export.
     *
     * @param name below {@link ResultStore#FOLDER}
     */
    public record File(String name, long bytes) {}

    /** How far the last export is; empty if none was begun, or so long ago that it is deleted. */
    public Optional<Progress> last() {
        return last(clock.instant());
    }

    private Optional<Progress> last(Instant now) {
        return results.read(state())
                .map(this::progress)
                .filter(found -> now.isBefore(found.until()));
    }

    /**
     * Begins an export, or goes on with the one that is not complete.
     *
     * @param identity of the features, of an export that begins
     */
    public Progress run(String identity) {
        Instant now = clock.instant();
        Instant end = now.plus(ONE_CALL);
        Progress progress =
                last(now).filter(found -> !found.complete()).orElseGet(() -> begin(now, identity));
        List<PlannedImage> next = List.of();
        while (!progress.complete() && clock.instant().isBefore(end)) {
            if (next.isEmpty()) {
                Optional<List<PlannedImage>> planned = next(progress);
                if (planned.isEmpty()) { // somebody deleted it, who had an image forgotten
                    progress = begin(clock.instant(), identity);
                    continue;
                }
                next = planned.get();
            }
            PartWriter.Part part = writer.write(next, progress.identity(), end);
            if (part.bytes().length > 0) {
                results.write(part(progress, progress.sizes().size()), part.bytes(), writer.type());
            }
            progress = progress.with(part);
            write(progress);
            next = next.subList(part.taken(), next.size());
        }
        return progress;
    }

    /** The files of an export so far, {@code labels.csv} first. */
    public List<File> files(Progress progress) {
        return IntStream.range(0, progress.sizes().size())
                .mapToObj(
                        i ->
                                new File(
                                        i == 0 ? labels(progress) : part(progress, i),
                                        progress.sizes().get(i)))
                .toList();
    }

    private Progress begin(Instant now, String identity) {
        Progress progress = new Progress(now, identity, 0, 0, 0, List.of());
        ImagePaths paths = new ImagePaths();
        StringBuilder labels = new StringBuilder("path,label,key\r\n");
        StringBuilder plan = new StringBuilder();
        int images = 0;
        for (Change image : listing.pictures()) {
            String label = image.label().map(Label::name).orElse("");
            String path = paths.of(image.key(), label);
            labels.append(field(path)).append(',').append(field(label));
            labels.append(',').append(field(image.key())).append("\r\n");
            plan.append(json(new PlannedImage(image.key(), label, path))).append('\n');
            images++;
            if (images % PLANNED == 0) {
                results.write(plan(progress, images - 1), utf8(plan), "application/jsonl");
                plan.setLength(0);
            }
        }
        if (!plan.isEmpty()) {
            results.write(plan(progress, images - 1), utf8(plan), "application/jsonl");
        }
        byte[] file = utf8(labels);
        results.write(labels(progress), file, "text/csv");
        List<Long> sizes = List.of((long) file.length);
        Progress begun = new Progress(progress.begun(), identity, images, 0, 0, sizes);
        write(begun);
        return begun;
    }

    /** The images after those that are done, of one file of the plan; empty if that is gone. */
    private Optional<List<PlannedImage>> next(Progress progress) {
        Optional<byte[]> plan = results.read(plan(progress, progress.done()));
        if (plan.isEmpty()) {
            return Optional.empty();
        }
        List<PlannedImage> images = new ArrayList<>();
        try (var lines = JSON.readerFor(PlannedImage.class).<PlannedImage>readValues(plan.get())) {
            lines.forEachRemaining(images::add);
        } catch (IOException | RuntimeException e) {
            throw damaged(e);
        }
        int place = progress.done() % PLANNED;
        if (images.size() != Math.min(PLANNED, progress.images() - progress.done() + place)) {
            throw damaged(null);
        }
        return Optional.of(images.subList(place, images.size()));
    }

    private void write(Progress progress) {
        Map<String, Object> state =
                Map.of(
                        "begun", progress.begun().toString(),
                        "identity", progress.identity(),
                        "images", progress.images(),
                        "done", progress.done(),
                        "missing", progress.missing(),
                        "sizes", progress.sizes());
        results.write(state(), json(state).getBytes(StandardCharsets.UTF_8), "application/json");
    }

    private Progress progress(byte[] state) {
        try {
            JsonNode json = JSON.readTree(state);
            List<Long> sizes = new ArrayList<>();
            json.required("sizes").forEach(size -> sizes.add(size.asLong()));
            return new Progress(
                    Instant.parse(json.required("begun").asText()),
                    json.required("identity").asText(),
                    json.required("images").asInt(),
                    json.required("done").asInt(),
                    json.required("missing").asInt(),
                    List.copyOf(sizes));
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            throw damaged(e);
        }
    }

    private DamagedFileException damaged(@Nullable Exception cause) {
        return new DamagedFileException(
                "the progress of an export, results/%s, cannot be read: delete the file, and the export begins anew"
                        .formatted(state()),
                cause);
    }

    private String state() {
        return place + "/state.json";
    }

    private String folder(Progress progress) {
        return place + "/" + progress.run() + "/";
    }

    private String labels(Progress progress) {
        return folder(progress) + "labels.csv";
    }

    /** Not in the folder of the files for people, who may copy all of that. */
    private String plan(Progress progress, int image) {
        return "%s/plan/%s-%05d.jsonl".formatted(place, progress.run(), image / PLANNED);
    }

    private String part(Progress progress, int number) {
        return folder(progress) + "%s-%05d%s".formatted(name, number, writer.ending());
    }

    private static byte[] utf8(StringBuilder text) {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records always become JSON", e);
        }
    }

    private static String field(String value) {
        String text = SpreadsheetText.written(value);
        return QUOTED.matcher(text).find() ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
