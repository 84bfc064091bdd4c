package dev.graft.classifier;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.feature.NotFoundException;
import dev.graft.library.Forgetting;
import dev.graft.training.ForgetRequests;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Forgets images to the end, over HTTP, and tells how far that is. */
final class ForgetRoutes {
    private static final String IDENTICAL = "duplicates";
    private static final String NEAR = "nearDuplicates";

    private final Forgetting forgetting;
    private final CopyRoutes copies;
    private final TrainingRoutes training;
    private final HistoryRoutes history;

    ForgetRoutes(
            Forgetting forgetting,
            CopyRoutes copies,
            TrainingRoutes training,
            HistoryRoutes history) {
        this.forgetting = forgetting;
        this.copies = copies;
        this.training = training;
        this.history = history;
    }

    void addTo(Router router) {
        router.on("POST /forget", this::forget)
                .on("GET /forget/{id}", request -> receipt(request.variable("id")));
    }

    /** What became of a request; hashes instead of keys. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Receipt(
            String id,
            String state,
            String asked,
            String by,
            @Nullable String imageHash,
            List<String> duplicates,
            @Nullable List<String> keys,
            @Nullable String waitsFor,
            List<String> versions,
            List<String> files,
            List<String> left,
            @Nullable String head,
            @Nullable List<String> learnedFrom,
            @Nullable String done) {

        /** Of an image, with others that were forgotten with it by this very call. */
        static Receipt of(ForgetRequests.Request request, List<String> others) {
            boolean waits = request.isWaiting();
            String next = "the next training, which was asked for";
            return new Receipt(
                    request.id(),
                    request.state().name().toLowerCase(Locale.ROOT),
                    request.asked(),
                    request.by(),
                    given(request.imageHash()).orElse(null),
                    others.stream().map(ForgetRequests::id).toList(),
                    others.isEmpty() ? null : others,
                    waits ? given(request.reason()).orElse(next) : null,
                    request.versions(),
                    request.files(),
                    request.left(),
                    given(request.head()).orElse(null),
                    waits ? null : List.of(),
                    given(request.done()).orElse(null));
        }

        private static Optional<String> given(String text) {
            return Optional.of(text).filter(some -> !some.isEmpty());
        }
    }

    private Response forget(Request request) {
        JsonBody body = request.jsonWithOptional(List.of(IDENTICAL, NEAR), "key");
        String key = body.key("key");
        boolean identical = body.flag(IDENTICAL);
        List<String> others =
                body.flag(NEAR) ? copies.near(key) : identical ? copies.identical(key) : List.of();
        String id = ForgetRequests.id(key);
        others.forEach(other -> ask(request, other));
        ForgetRequests.Request asked = ask(request, key);
        if (asked.isWaiting()) {
            training.ask();
        }
        return Response.accepted("/forget/" + id, Receipt.of(asked, others));
    }

    private ForgetRequests.Request ask(Request request, String key) {
        String by = request.by();
        String id = ForgetRequests.id(key);
        history.keep(request, "asked to forget", id, () -> forgetting.ask(key, by));
        return forgetting.requests().find(id).orElseThrow();
    }

    private Response receipt(String id) {
        return Response.json(
                Receipt.of(
                        forgetting
                                .requests()
                                .find(id)
                                .orElseThrow(
                                        () ->
                                                new NotFoundException(
                                                        "nobody asked to forget '%s': expected the id that POST /forget gave"
                                                                .formatted(id))),
                        List.of()));
    }
}
