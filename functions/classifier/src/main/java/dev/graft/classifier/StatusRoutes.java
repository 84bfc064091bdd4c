package dev.graft.classifier;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.feature.ImageIndex;
import dev.graft.head.NoHeadException;
import dev.graft.index.AllNeighbours;
import dev.graft.index.IndexStore;
import dev.graft.index.KnownImages;
import dev.graft.index.Neighbours;
import dev.graft.index.VectorIndex;
import dev.graft.library.ResultStore;
import dev.graft.prediction.Classification;
import dev.graft.prediction.Networks;
import dev.graft.training.Trainings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts of images, and the head and backbone in use, over HTTP. */
final class StatusRoutes {
    private static final String REFILL = "refill.json";
    private static final byte[] NONE = "{}".getBytes(StandardCharsets.UTF_8);
    private static final Duration SILENCE = Duration.ofMinutes(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ImageIndex index;
    private final Classification classification;
    private final ResultStore results;
    private final IndexStore indexFiles;
    private final Optional<VectorIndex> vectors;
    private final Trainings trainings;
    private final KnownImages known;
    private final InstantSource clock;

    StatusRoutes(
            Ports ports,
            Classification classification,
            Trainings trainings,
            KnownImages known,
            InstantSource clock) {
        this.index = ports.index();
        this.results = ports.results();
        this.indexFiles = ports.indexFiles();
        this.vectors = ports.vectors();
        this.classification = classification;
        this.trainings = trainings;
        this.known = known;
        this.clock = clock;
    }

    void addTo(Router router) {
        router.on("GET /status?set", this::status);
    }

    private record Status(
            int images,
            int labelled,
            int unlabelled,
            int unreadable,
            @Nullable String head,
            BackboneName backbone,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable NetworkChange networkChange,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Refill refill,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable TrainingState training,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable NeighboursTold neighbours) {}

    /**
     * How similar images are found.
     *
     * @param beyond where those are found that there is no memory for; null for nowhere
     */
    private record NeighboursTold(
            String search,
            int images,
            boolean sampled,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String beyond) {}

    /**
     * While the head in use belongs to another network than the one that this build runs.
     *
     * @param to the network that this build runs
     * @param featurized images that have its feature
     */
    private record NetworkChange(BackboneName to, int featurized, int images) {}

    /**
     * While {@code infra/refill.py} reads the images of the bucket, as it tells in a file.
     *
     * @param images that it reads
     * @param done of them, the failed ones included
     * @param time of this state
     */
    private record Refill(int images, int done, int failed, String time) {
        static Refill of(JsonNode file) {
            return new Refill(
                    file.path("images").asInt(),
                    file.path("done").asInt(),
                    file.path("failed").asInt(),
                    file.path("time").asText());
        }

        boolean goesOn(Instant now) {
            return done < images && Instant.parse(time).plus(SILENCE).isAfter(now);
        }
    }

    /** The training that was asked for or begun last. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record TrainingState(
            String state,
            String since,
            @Nullable String stage,
            @Nullable String outcome,
            @Nullable String version,
            @Nullable String reason,
            @Nullable Map<String, SetOutcome> sets) {
        static TrainingState of(Trainings.Training training) {
            return new TrainingState(
                    training.state().name().toLowerCase(Locale.ROOT),
                    training.since(),
                    training.stage().isEmpty() ? null : training.stage(),
                    training.outcome().get("outcome"),
                    training.outcome().get("version"),
                    training.outcome().get("reason"),
                    SetOutcome.of(training.outcome()));
        }
    }

    /** How the training of a label set other than the default one ended. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record SetOutcome(String outcome, @Nullable String version, @Nullable String reason) {
        private static final String OUTCOME = ".outcome";

        /** By the name of the set; null for none. */
        static @Nullable Map<String, SetOutcome> of(Map<String, String> told) {
            Map<String, SetOutcome> sets = new TreeMap<>();
            told.forEach(
                    (field, text) -> {
                        if (field.endsWith(OUTCOME)) {
                            String set = field.substring(0, field.length() - OUTCOME.length());
                            String version = told.get(set + ".version");
                            sets.put(set, new SetOutcome(text, version, told.get(set + ".reason")));
                        }
                    });
            return sets.isEmpty() ? null : sets;
        }
    }

    private Response status(Request request) {
        ImageIndex.Counts counts = index.counts();
        Networks.Loaded network = classification.network();
        Networks.Loaded current = classification.networks().current();
        return Response.json(
                new Status(
                        counts.images(),
                        counts.labelled(),
                        counts.unlabelled(),
                        counts.unreadable(),
                        head(),
                        BackboneName.of(network),
                        network == current ? null : change(counts, current),
                        refill(),
                        trainings.last().map(TrainingState::of).orElse(null),
                        known.told().map(told -> told(told, network)).orElse(null)));
    }

    private NeighboursTold told(Neighbours.Told told, Networks.Loaded network) {
        String beyond =
                vectors.filter(there -> told.sampled())
                        .filter(
                                there ->
                                        AllNeighbours.areFound(
                                                there, indexFiles, network.identity()))
                        .map(VectorIndex::name)
                        .orElse(null);
        return new NeighboursTold(told.search(), told.images(), told.sampled(), beyond);
    }

    /** Null where it has ended or has said nothing for a minute, and where its file is damaged. */
    private @Nullable Refill refill() {
        try {
            byte[] file = results.read(REFILL).orElse(NONE);
            Refill refill = Refill.of(JSON.readTree(file));
            return refill.goesOn(clock.instant()) ? refill : null;
        } catch (IOException | DateTimeParseException e) {
            return null;
        }
    }

    private static NetworkChange change(ImageIndex.Counts counts, Networks.Loaded to) {
        int featurized = counts.features().getOrDefault(to.identity(), 0);
        return new NetworkChange(BackboneName.of(to), featurized, counts.images());
    }

    /** Null while there is none to predict with. */
    private @Nullable String head() {
        try {
            return classification.inUse().head().version();
        } catch (NoHeadException e) {
            return null;
        }
    }
}
