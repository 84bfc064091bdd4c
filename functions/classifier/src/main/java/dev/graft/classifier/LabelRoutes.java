package dev.graft.classifier;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.Label;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import dev.graft.index.KnownImages;
import dev.graft.library.LabelDecisions;
import dev.graft.library.Library;
import dev.graft.library.Links;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Labels images, and counts them, over HTTP. */
final class LabelRoutes {
    private static final int MAX_KEYS = 1000;
    private static final String EXPECTED = "expected";

    private final Library library;
    private final LabelDecisions decisions;
    private final KnownImages known;
    private final Links links;
    private final HistoryRoutes history;

    LabelRoutes(
            Library library,
            LabelDecisions decisions,
            KnownImages known,
            Links links,
            HistoryRoutes history) {
        this.history = history;
        this.library = library;
        this.decisions = decisions;
        this.known = known;
        this.links = links;
    }

    void addTo(Router router) {
        router.on("PUT /images/label?key&set", this::label)
                .on("GET /labels?several&set", this::count)
                .on("POST /labels?set", this::labelMany)
                .on("GET /labels/decisions?since&set", this::decisions)
                .on("POST /labels/undo?set", this::undo);
    }

    private Response label(Request request) {
        JsonBody body = request.jsonWithOptional(List.of(EXPECTED), "label");
        var decision =
                Decision.of(request.key(), body.label("label"), request.by())
                        .inPlaceOf(body.labelIfGiven(EXPECTED));
        ImageRecord image = library.label(decision).now();
        known.relabelled(List.of(image.key()), image.label().map(Label::name));
        return Response.json(Image.of(ImageIndex.Change.of(image).entry().orElseThrow(), links));
    }

    private record LabelCount(String label, int images) {}

    /**
     * With how many images a class is learned, and with how many no longer from few.
     *
     * @param labelled images, those that are marked as none of the classes too
     * @param noneOfThese how many these are
     */
    private record Labels(
            List<LabelCount> labels,
            int labelled,
            int unlabelled,
            int noneOfThese,
            int least,
            int enough) {}

    private Response count(Request request) {
        Library.Counts counts = library.counts(reading(request));
        return Response.json(
                new Labels(
                        counts.labels().entrySet().stream()
                                .filter(count -> Label.isOfClass(count.getKey()))
                                .map(count -> new LabelCount(count.getKey(), count.getValue()))
                                .toList(),
                        counts.labelled(),
                        counts.unlabelled(),
                        counts.labels().getOrDefault(Label.NONE_OF_THESE, 0),
                        Head.LEAST_PER_CLASS,
                        Head.ENOUGH_OF_A_CLASS));
    }

    /** How to read the text of a label: as one class, or as several joined by +. */
    static Activation reading(Request request) {
        return request.flag("several") ? Activation.SIGMOID : Activation.SOFTMAX;
    }

    private record Relabelled(@JsonUnwrapped Library.Changed changed, @Nullable String undo) {}

    private Response labelMany(Request request) {
        JsonBody body = request.jsonWithOptional(List.of(EXPECTED), "keys", "label");
        List<String> keys = body.keys("keys", MAX_KEYS);
        Optional<String> label = body.label("label");
        List<Library.Made> made = new ArrayList<>();
        Library.Changed changed =
                library.label(
                        keys.stream()
                                .distinct()
                                .map(
                                        key ->
                                                Decision.of(key, label, request.by())
                                                        .inPlaceOf(body.labelIfGiven(EXPECTED)))
                                .toList(),
                        made::add);
        Set<String> others =
                changed.conflicts().stream().map(Library.Conflict::key).collect(Collectors.toSet());
        known.relabelled(keys.stream().filter(key -> !others.contains(key)).toList(), label);
        changed.conflicts()
                .forEach(
                        other ->
                                known.relabelled(
                                        List.of(other.key()), Optional.ofNullable(other.label())));
        if (changed.changed() == 0 && !changed.conflicts().isEmpty()) {
            throw changed.conflicts().getFirst().exception();
        }
        String what = "labelled %s as %s".formatted(images(made.size()), label.orElse("nothing"));
        return Response.json(new Relabelled(changed, history.relabelled(made, what)));
    }

    private record Decided(String by, String source, int images, String first, String last) {}

    private record Decisions(List<Decided> decisions, @Nullable String next) {}

    private Response decisions(Request request) {
        LabelDecisions.Since since = decisions.since(request.time("since"));
        return Response.json(
                new Decisions(
                        since.each().stream()
                                .map(
                                        by ->
                                                new Decided(
                                                        by.by(),
                                                        by.source().name(),
                                                        by.images(),
                                                        by.first().toString(),
                                                        by.last().toString()))
                                .toList(),
                        since.next().map(Instant::toString).orElse(null)));
    }

    private record Undone(int changed, @Nullable String next) {}

    private Response undo(Request request) {
        JsonBody body = request.jsonWithOptional(List.of("until", "from"), "by", "since");
        Instant since = body.time("since");
        var whose =
                new LabelDecisions.Whose(
                        body.text("by"), since, body.timeIfGiven("until").orElse(Instant.MAX));
        Instant from = body.timeIfGiven("from").orElse(since);
        LabelDecisions.Undone undone = decisions.undo(whose, from, request.by());
        known.lookSoon();
        return Response.json(
                new Undone(undone.changed(), undone.next().map(Instant::toString).orElse(null)));
    }

    static String images(int number) {
        return number == 1 ? "1 image" : number + " images";
    }
}
