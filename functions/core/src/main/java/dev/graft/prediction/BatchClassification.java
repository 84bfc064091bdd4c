package dev.graft.prediction;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.feature.DamagedFileException;
import dev.graft.feature.NotFoundException;
import dev.graft.feature.Sha256;
import dev.graft.head.Head;
import dev.graft.image.UnreadableImageException;
import dev.graft.index.KnownImages;
import dev.graft.library.ResultStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Classifies all images under a prefix into files of JSON lines. One call does what its time
 * allows, and the next call with the same prefix continues where it ended; the call after the last
 * one looks at all images again, as some may have come, gone or changed, and writes new files. A
 * part is written before the progress, so a call that follows an interrupted one repeats its work
 * and writes the same part again. Images whose feature is stored cost no inference. Safe for use by
 * many threads; two calls at once for one prefix do the same work twice.
 */
public final class BatchClassification {
    private static final Duration ONE_CALL = Duration.ofSeconds(20);
    private static final int LISTED = 500;
    private static final int TOP = 5;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Classification classification;
    private final KnownImages known;
    private final LatestSettings settings;
    private final ResultStore results;
    private final InstantSource clock;

    /**
     * Predicts by {@code classification} and writes to {@code results}.
     *
     * @param known images, with which each is compared
     * @param settings of the verdicts
     */
    public BatchClassification(
            Classification classification,
            KnownImages known,
            LatestSettings settings,
            ResultStore results,
            InstantSource clock) {
        this.classification = classification;
        this.known = known;
        this.settings = settings;
        this.results = results;
        this.clock = clock;
    }

    /**
     * The progress of a batch.
     *
     * @param id of the prefix and the head
     * @param prefix of the images
     * @param head version of the head that predicts
     * @param images classified so far
     * @param unreadable files so far that are no readable image
     * @param after the last key that is done
     * @param parts number of files so far
     * @param pass how many times the prefix was gone through, this one included
     * @param complete whether all images are done
     */
    public record Progress(
            String id,
            String prefix,
            String head,
            int images,
            int unreadable,
            String after,
            int parts,
            int pass,
            boolean complete) {

        /** Names of the files, in the order of their keys. */
        public List<String> files() {
            return IntStream.rangeClosed(1, parts).mapToObj(this::file).toList();
        }

        private String file(int number) {
            String folder = pass == 1 ? "" : "pass-%d/".formatted(pass);
            return "batch/%s/%spart-%05d.jsonl".formatted(id, folder, number);
        }

        private String state() {
            return "batch/" + id + "/state.json";
        }
    }

    /**
     * Starts a batch, continues it, or starts over where it is complete.
     *
     * @throws dev.graft.head.NoHeadException if there is no head to predict with
     * @throws dev.graft.feature.StoreException if a store fails; the same call may succeed later
     */
    public Progress run(String prefix) {
        Instant end = clock.instant().plus(ONE_CALL);
        Classification.InUse inUse = classification.inUse();
        Progress progress = progress(prefix, inUse.head().version());
        if (progress.complete()) {
            progress = start(prefix, progress.head(), progress.pass() + 1);
        }
        while (!progress.complete() && clock.instant().isBefore(end)) {
            progress = part(progress, inUse, end);
            results.write(progress.state(), json(progress), "application/json");
        }
        return progress;
    }

    private Progress part(Progress before, Classification.InUse inUse, Instant end) {
        StringBuilder lines = new StringBuilder();
        int classified = before.images();
        int unreadable = before.unreadable();
        String after = before.after();
        List<String> keys = results.keys(before.prefix(), after, LISTED);
        KnownImages.Snapshot images = known.await(inUse.network().identity());
        for (String key : keys) {
            if (!clock.instant().isBefore(end) && !after.equals(before.after())) {
                break;
            }
            after = key;
            ObjectNode line = JSON.createObjectNode().put("key", key);
            try {
                if (!key.endsWith("/")) {
                    float[] feature = classification.featureOf(inUse.network(), key);
                    var found = classification.predict(inUse.head(), feature, TOP);
                    line.put("label", found.label());
                    line.set("labels", JSON.valueToTree(found.labels()));
                    line.set("probabilities", JSON.valueToTree(found.best()));
                    line.setAll(judged(inUse.head(), found, images));
                    lines.append(line).append('\n');
                    classified++;
                }
            } catch (UnreadableImageException e) {
                lines.append(line.put("unreadable", e.getMessage())).append('\n');
                unreadable++;
            } catch (NotFoundException e) {
                // deleted since it was listed
            }
        }
        boolean complete = keys.size() < LISTED && (keys.isEmpty() || after.equals(keys.getLast()));
        int parts = before.parts() + (lines.isEmpty() ? 0 : 1);
        Progress now =
                new Progress(
                        before.id(),
                        before.prefix(),
                        before.head(),
                        classified,
                        unreadable,
                        after,
                        parts,
                        before.pass(),
                        complete);
        if (!lines.isEmpty()) {
            byte[] text = lines.toString().getBytes(StandardCharsets.UTF_8);
            results.write(now.file(parts), text, "application/jsonl");
        }
        return now;
    }

    private ObjectNode judged(
            Head head, Classification.Prediction found, KnownImages.Snapshot images) {
        Judgement judgement =
                Judgement.of(settings.get(), head, found, Optional.of(images), Judgement.ACCEPTED);
        ObjectNode fields = JSON.createObjectNode();
        fields.put("known", judgement.recognition().known());
        fields.set("verdict", JSON.valueToTree(judgement.verdict()));
        return fields;
    }

    private Progress progress(String prefix, String head) {
        Progress start = start(prefix, head, 1);
        return results.read(start.state()).map(state -> read(start.state(), state)).orElse(start);
    }

    private static Progress start(String prefix, String head, int pass) {
        return new Progress(id(prefix + "\0" + head), prefix, head, 0, 0, "", 0, pass, false);
    }

    private static Progress read(String file, byte[] state) {
        try {
            JsonNode json = JSON.readTree(state);
            return new Progress(
                    json.required("id").asText(),
                    json.required("prefix").asText(),
                    json.required("head").asText(),
                    json.required("images").asInt(),
                    json.required("unreadable").asInt(),
                    json.required("after").asText(),
                    json.required("parts").asInt(),
                    json.path("pass").asInt(1), // states of earlier versions have none
                    json.required("complete").asBoolean());
        } catch (IOException | IllegalArgumentException e) {
            throw new DamagedFileException(
                    "the progress of a batch, results/%s, cannot be read: delete the file, and the batch starts over"
                            .formatted(file),
                    e);
        }
    }

    private static byte[] json(Progress progress) {
        try {
            return JSON.writeValueAsBytes(progress);
        } catch (IOException e) {
            throw new IllegalStateException("records always become JSON", e);
        }
    }

    private static String id(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    }
}
