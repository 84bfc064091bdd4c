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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * All images, or all features, as files that together are a data set. A Lambda function can neither
 * respond with them nor write one large file in its time and memory; so one call writes as many
 * files of bounded size as its time allows, and the next call goes on. Which images are in it and
 * under which names is decided when an export begins; what is deleted meanwhile is left out and
 * counted. A file is written before the progress, so a call after an interrupted one writes the
 * same file again. The call after the last begins anew. Safe for use by many threads; two calls at
 * once do the same work twice.
 */
public final class CollectionExport {
    private static final Duration ONE_CALL = Duration.ofSeconds(15);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final PartWriter writer;
    private final ImageListing listing;
    private final ResultStore results;
    private final InstantSource clock;

    /**
     * Of the images of a listing.
     *
     * @param name of the export
     */
    CollectionExport(
            String name,
            PartWriter writer,
            ImageListing listing,
            ResultStore results,
            InstantSource clock) {
        this.name = name;
        this.writer = writer;
        this.listing = listing;
        this.results = results;
        this.clock = clock;
    }

    /**
     * How far an export is.
     *
     * @param run which of the exports, by the time of its beginning
     * @param identity of its features
     * @param images all that were there at the beginning
     * @param done how many of them are done
     * @param missing of these, those that are in no file
     * @param parts number of files, beside {@code labels.csv}
     */
    public record Progress(
            String run, String identity, int images, int done, int missing, int parts) {
        /** Whether all files are written. */
        public boolean complete() {
            return done == images;
        }
    }

    /** How far the last export is; empty if none was begun. */
    public Optional<Progress> last() {
        return results.read(state()).map(this::progress);
    }

    /**
     * Begins an export, or goes on with the one that is not complete.
     *
     * @param identity of the features, of an export that begins
     */
    public Progress run(String identity) {
        Instant end = clock.instant().plus(ONE_CALL);
        Optional<Progress> before = last().filter(found -> !found.complete());
        Progress progress = before.isPresent() ? before.get() : begin(identity);
        List<PlannedImage> images = plan(progress);
        while (!progress.complete() && clock.instant().isBefore(end)) {
            List<PlannedImage> rest = images.subList(progress.done(), images.size());
            PartWriter.Part part = writer.write(rest, progress.identity(), end);
            int parts = progress.parts() + (part.bytes().length == 0 ? 0 : 1);
            if (part.bytes().length > 0) {
                results.write(part(progress, parts), part.bytes(), writer.type());
            }
            progress =
                    new Progress(
                            progress.run(),
                            progress.identity(),
                            progress.images(),
                            progress.done() + part.taken(),
                            progress.missing() + part.missing(),
                            parts);
            results.write(state(), json(progress), "application/json");
        }
        return progress;
    }

    /** Names of the files of an export so far, {@code labels.csv} first. */
    public List<String> files(Progress progress) {
        List<String> files = new ArrayList<>();
        files.add(folder(progress) + "labels.csv");
        IntStream.rangeClosed(1, progress.parts()).forEach(i -> files.add(part(progress, i)));
        return files;
    }

    private Progress begin(String identity) {
        ImagePaths paths = new ImagePaths();
        List<PlannedImage> images = new ArrayList<>();
        for (Change image : listing.pictures()) {
            String label = image.label().map(Label::name).orElse("");
            String hash = image.picture().orElseThrow().imageHash();
            String path = paths.of(image.key(), label);
            images.add(new PlannedImage(image.key(), label, path, hash));
        }
        String run = clock.instant().toString().replaceAll("[^0-9TZ]", "");
        Progress progress = new Progress(run, identity, images.size(), 0, 0, 0);
        StringBuilder plan = new StringBuilder();
        StringBuilder labels = new StringBuilder("path,label,key\r\n");
        for (PlannedImage image : images) {
            plan.append(text(image)).append('\n');
            labels.append(field(image.path())).append(',').append(field(image.label()));
            labels.append(',').append(field(image.key())).append("\r\n");
        }
        results.write(planned(progress), utf8(plan), "application/jsonl");
        results.write(folder(progress) + "labels.csv", utf8(labels), "text/csv");
        results.write(state(), json(progress), "application/json");
        return progress;
    }

    private List<PlannedImage> plan(Progress progress) {
        byte[] plan = results.read(planned(progress)).orElseThrow(() -> damaged(null));
        List<PlannedImage> images = new ArrayList<>();
        try (var lines = JSON.readerFor(PlannedImage.class).<PlannedImage>readValues(plan)) {
            lines.forEachRemaining(images::add);
        } catch (IOException | RuntimeException e) {
            throw damaged(e);
        }
        if (images.size() != progress.images()) {
            throw damaged(null);
        }
        return images;
    }

    private Progress progress(byte[] state) {
        try {
            JsonNode json = JSON.readTree(state);
            return new Progress(
                    json.required("run").asText(),
                    json.required("identity").asText(),
                    json.required("images").asInt(),
                    json.required("done").asInt(),
                    json.required("missing").asInt(),
                    json.required("parts").asInt());
        } catch (IOException | IllegalArgumentException e) {
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
        return ResultStore.EXPORTS + name + "/state.json";
    }

    private String folder(Progress progress) {
        return ResultStore.EXPORTS + name + "/" + progress.run() + "/";
    }

    private String planned(Progress progress) {
        return folder(progress) + "plan.jsonl";
    }

    private String part(Progress progress, int number) {
        return folder(progress) + "%s-%05d%s".formatted(name, number, writer.ending());
    }

    private static byte[] utf8(StringBuilder text) {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] json(Progress progress) {
        return text(progress).getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records always become JSON", e);
        }
    }

    private static String field(String value) {
        String text = SpreadsheetText.written(value);
        return text.matches("(?s).*[\",\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
