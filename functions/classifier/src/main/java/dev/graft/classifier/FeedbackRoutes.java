package dev.graft.classifier;

import dev.graft.feature.LabelSet;
import dev.graft.index.KnownImages;
import dev.graft.library.Feedback;
import dev.graft.library.KeptAnswers;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What people say of predictions, over HTTP. Whoever classifies may say that an answer was wrong;
 * who may write says what is right.
 */
final class FeedbackRoutes {
    private static final String LABEL = "label";

    private final Feedback feedback;
    private final KnownImages known;
    private final HistoryRoutes history;
    private final LabelSet set;
    private final Function<LabelSet, FeedbackRoutes> sets;

    /**
     * Those of one label set.
     *
     * @param sets those of another
     */
    FeedbackRoutes(
            Feedback feedback,
            KnownImages known,
            HistoryRoutes history,
            LabelSet set,
            Function<LabelSet, FeedbackRoutes> sets) {
        this.set = set;
        this.sets = sets;
        this.feedback = feedback;
        this.known = known;
        this.history = history;
    }

    void addTo(Router router) {
        router.on("POST /feedback", this::give);
    }

    private record Given(
            String id,
            String state,
            @Nullable String label,
            @Nullable String key,
            @Nullable String undo,
            @Nullable String reason) {}

    /** Takes the feedback of a request; who may only classify is told nothing of what is stored. */
    Response give(Request request) {
        JsonBody body = request.jsonWithOptional(List.of(LABEL), "id");
        String id = body.text("id");
        LabelSet asked = KeptAnswers.set(id);
        if (!asked.equals(set)) {
            return sets.apply(asked).give(request);
        }
        Optional<String> label = body.labelIfGiven(LABEL).flatMap(name -> name);
        boolean mayLabel = request.caller().scopes().contains(Scope.WRITE);
        if (label.isPresent() && !mayLabel) {
            throw new ForbiddenException(
                    "a label needs the scope %s: without one, you say that the answer was wrong"
                            .formatted(Scope.WRITE));
        }
        Feedback.Outcome outcome =
                feedback.give(id, label, new Feedback.By(request.by(), mayLabel));
        boolean sees = !request.caller().onlyClassifies();
        String key = outcome.key().orElse("");
        outcome.undo()
                .ifPresent(
                        undo -> {
                            history.did(request, "gave feedback on", key, undo);
                            known.lookSoon();
                        });
        return Response.json(
                new Given(
                        id,
                        outcome.state().name().toLowerCase(Locale.ROOT),
                        label.orElse(null),
                        outcome.key().filter(any -> sees).orElse(null),
                        outcome.undo().filter(any -> sees).orElse(null),
                        outcome.reason().filter(any -> sees || key.isEmpty()).orElse(null)));
    }
}
