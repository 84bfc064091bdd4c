package dev.graft.classifier;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.feature.BadRequestException;
import dev.graft.feature.LabelSet;
import dev.graft.feature.Vectors;
import dev.graft.head.ConformalSets;
import dev.graft.head.NoHeadException;
import dev.graft.index.AllNeighbours;
import dev.graft.index.KnownImages;
import dev.graft.library.Links;
import dev.graft.prediction.Classification;
import dev.graft.prediction.Classification.ClassProbability;
import dev.graft.prediction.Explanation;
import dev.graft.prediction.Judgement;
import dev.graft.prediction.LatestSettings;
import dev.graft.prediction.Networks;
import dev.graft.prediction.Recognition;
import dev.graft.prediction.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Predictions for images, and similar images, over HTTP. */
final class PredictionRoutes {
    private static final int TOP = 5;
    private static final int MAX_TOP = 9999;

    private final Classification classification;
    private final AllNeighbours neighbours;
    private final LatestSettings settings;
    private final Links links;
    private final KeptPredictions kept;

    PredictionRoutes(
            Classification classification,
            AllNeighbours neighbours,
            LatestSettings settings,
            Links links,
            KeptPredictions kept) {
        this.classification = classification;
        this.neighbours = neighbours;
        this.settings = settings;
        this.links = links;
        this.kept = kept;
    }

    /**
     * Adds them.
     *
     * @param everySet those of each label set that there is
     */
    void addTo(Router router, Supplier<SortedMap<LabelSet, PredictionRoutes>> everySet) {
        router.on(
                        "POST /classify?top&evidence&explain&accept&coverage&key&keep&set",
                        this::classify)
                .on("GET /classify?set", this::ready)
                .inEverySet("POST /classify", request -> inEverySet(request, everySet.get()))
                .on("POST /similar?limit&key", this::similar);
    }

    private record Ready(String head, List<String> classes, BackboneName backbone) {}

    /** What an image would be told apart by, for who may see nothing else. */
    private Response ready(Request request) {
        Classification.InUse inUse = classification.inUse();
        return Response.json(
                new Ready(
                        inUse.head().version(),
                        inUse.head().classes(),
                        BackboneName.of(inUse.network())));
    }

    /** Those of the head in use. */
    List<String> classes() {
        return classification.inUse().head().classes();
    }

    private record Prediction(
            String id,
            boolean kept,
            String label,
            List<String> labels,
            List<ClassProbability> probabilities,
            @Nullable Boolean known,
            @Nullable String reason,
            @Nullable String notLearned,
            Verdict verdict,
            String head,
            BackboneName backbone,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<SimilarImage> evidence,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Explanation explanation,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> conformalSet) {}

    /**
     * Who may only classify sees nothing of what is stored, neither what is alike nor by its key.
     */
    private static void expectOwnImage(Request request, boolean evidence) {
        if (request.caller().onlyClassifies() && (evidence || stored(request).isPresent())) {
            throw new ForbiddenException(
                    "the scope %s is for images that are sent along: send the bytes, without evidence"
                            .formatted(Scope.CLASSIFY));
        }
    }

    /** A prediction for the image of a request. */
    Response classify(Request request) {
        Parameters parameters = Parameters.of(request);
        Classification.InUse inUse = classification.inUse();
        Prediction found = prediction(parameters, inUse, asked(inUse.network(), request));
        return Response.json(found).unknown(Boolean.FALSE.equals(found.known()));
    }

    private record PredictionsOfSets(Map<String, Prediction> sets, List<String> withoutHead) {}

    /** Likewise in each label set that has a head, with one run of each network. */
    private static Response inEverySet(Request request, Map<LabelSet, PredictionRoutes> everySet) {
        Parameters parameters = Parameters.of(request);
        Map<String, KeptPredictions.Asked> asked = new HashMap<>();
        Map<String, Prediction> found = new TreeMap<>();
        List<String> withoutHead = new ArrayList<>();
        everySet.forEach(
                (set, routes) -> {
                    var inUse = routes.classification.inUseIfAny().orElse(null);
                    if (inUse == null) {
                        withoutHead.add(set.name());
                        return;
                    }
                    var image =
                            asked.computeIfAbsent(
                                    inUse.network().identity(),
                                    id -> routes.asked(inUse.network(), request));
                    found.put(set.name(), routes.prediction(parameters, inUse, image));
                });
        if (found.isEmpty()) {
            throw new NoHeadException();
        }
        return Response.json(new PredictionsOfSets(found, withoutHead));
    }

    /** What a request asks for beside an image. */
    private record Parameters(
            int top,
            boolean evidence,
            boolean explain,
            int accept,
            Optional<Integer> coverage,
            boolean keep) {
        static Parameters of(Request request) {
            int top = request.number("top", TOP, MAX_TOP);
            boolean evidence = request.flag("evidence");
            expectOwnImage(request, evidence);
            int accept = request.number("accept", Judgement.ACCEPTED, 99);
            boolean explain = request.flag("explain");
            boolean keep = request.flagOrTrue("keep");
            return new Parameters(top, evidence, explain, accept, coverageOf(request), keep);
        }
    }

    private Prediction prediction(
            Parameters parameters, Classification.InUse inUse, KeptPredictions.Asked asked) {
        float[] feature = asked.feature();
        Classification.Prediction found =
                classification.predict(inUse.head(), feature, parameters.top());
        Optional<KnownImages.Snapshot> images = neighbours.known().get(inUse.network().identity());
        Judgement judgement =
                Judgement.of(settings.get(), inUse.head(), found, images, parameters.accept());
        Recognition recognition = judgement.recognition();
        Explanation explanation = parameters.explain() ? explanation(inUse, asked, found) : null;
        List<String> conformalSet =
                parameters
                        .coverage()
                        .map(percent -> classification.conformalSet(inUse.head(), found, percent))
                        .orElse(null);
        KeptPredictions.Named named =
                parameters.keep() ? kept.keep(asked, inUse.head(), found, judgement) : kept.name();
        return new Prediction(
                named.id(),
                named.kept(),
                found.label(),
                found.labels(),
                found.best(),
                recognition.known(),
                recognition.reason(),
                recognition.notLearned(),
                judgement.verdict(),
                inUse.head().version(),
                BackboneName.of(inUse.network()),
                parameters.evidence() ? evidence(images, feature, judgement) : null,
                explanation,
                conformalSet);
    }

    /** None where there is nothing to compare with. */
    private List<SimilarImage> evidence(
            Optional<KnownImages.Snapshot> images, float[] feature, Judgement judgement) {
        return SimilarImage.all(
                images.map(
                                now ->
                                        neighbours.labelled(
                                                now, Vectors.unit(feature), judgement.nearest()))
                        .orElseGet(judgement::nearest),
                links);
    }

    /** Of the classes that are named. */
    private Explanation explanation(
            Classification.InUse inUse,
            KeptPredictions.Asked asked,
            Classification.Prediction found) {
        byte[] file = asked.file().orElseGet(() -> classification.file(asked.key().orElseThrow()));
        return Explanation.of(
                inUse.head(),
                inUse.network().extractor(),
                file,
                found.best().stream().map(ClassProbability::label).toList());
    }

    private static Optional<Integer> coverageOf(Request request) {
        Optional<String> text = request.parameter("coverage");
        if (text.isPresent() && !text.get().matches("[5-9][0-9]")) {
            throw new BadRequestException(
                    "coverage is '%s': expected a whole number from %d to %d, in percent"
                            .formatted(text.get(), ConformalSets.LEAST, ConformalSets.MOST));
        }
        return text.map(Integer::valueOf);
    }

    private Response similar(Request request) {
        int limit = request.number("limit", TOP, 100);
        Networks.Loaded network = classification.network();
        KeptPredictions.Asked asked = asked(network, request);
        float[] unit = Vectors.unit(asked.feature());
        String self = asked.key().orElse("");
        KnownImages.Snapshot now = neighbours.known().await(network.identity());
        return Response.json(
                Map.of(
                        "images",
                        SimilarImage.all(neighbours.nearest(now, unit, limit, self), links)));
    }

    /**
     * The key of the stored image that is asked about, in the query or the body; empty for bytes.
     */
    private static Optional<String> stored(Request request) {
        if (request.parameter("key").isPresent()) {
            return Optional.of(request.key());
        }
        return request.isJson() ? Optional.of(request.json("key").key("key")) : Optional.empty();
    }

    private KeptPredictions.Asked asked(Networks.Loaded network, Request request) {
        Optional<String> key = stored(request);
        Optional<byte[]> file = key.isPresent() ? Optional.empty() : Optional.of(request.image());
        float[] feature =
                file.map(bytes -> classification.feature(network, bytes))
                        .orElseGet(() -> classification.featureOf(network, key.orElseThrow()));
        return new KeptPredictions.Asked(key, file, feature);
    }
}
