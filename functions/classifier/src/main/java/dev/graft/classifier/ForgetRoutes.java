package dev.graft.classifier;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.feature.ImageRecord;
import dev.graft.feature.NotFoundException;
import dev.graft.index.ImageListing;
import dev.graft.library.Forgetting;
import dev.graft.training.ForgetRequests;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Forgets images to the end, over HTTP, and tells how far that is. */
final class ForgetRoutes {
    private static final String DUPLICATES = "duplicates";

    private final Forgetting forgetting;
    private final Ports ports;
    private final ImageListing listing;
    private final TrainingRoutes training;
    private final HistoryRoutes history;

    ForgetRoutes(
            Forgetting forgetting,
            Ports ports,
            ImageListing listing,
            TrainingRoutes training,
            HistoryRoutes history) {
        this.forgetting = forgetting;
        this.ports = ports;
        this.listing = listing;
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
            @Nullable String waitsFor,
            List<String> versions,
            List<String> files,
            List<String> left,
            @Nullable String head,
            @Nullable List<String> learnedFrom,
            @Nullable String done) {

        static Receipt of(ForgetRequests.Request request, List<String> duplicates) {
            boolean waits = request.isWaiting();
            String next = "the next training, which was asked for";
            return new Receipt(
                    request.id(),
                    request.state().name().toLowerCase(Locale.ROOT),
                    request.asked(),
                    request.by(),
                    given(request.imageHash()).orElse(null),
                    duplicates,
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
        JsonBody body = request.jsonWithOptional(List.of(DUPLICATES), "key");
        String key = body.key("key");
        List<String> others = body.flag(DUPLICATES) ? duplicates(key) : List.of();
        String id = ForgetRequests.id(key);
        others.forEach(other -> ask(request, other));
        ForgetRequests.Request asked = ask(request, key);
        if (asked.isWaiting()) {
            training.ask();
        }
        List<String> hashes = others.stream().map(ForgetRequests::id).toList();
        return Response.accepted("/forget/" + id, Receipt.of(asked, hashes));
    }

    private ForgetRequests.Request ask(Request request, String key) {
        String by = request.by();
        String id = ForgetRequests.id(key);
        history.keep(request, "asked to forget", id, () -> forgetting.ask(key, by));
        return forgetting.requests().find(id).orElseThrow();
    }

    /** The other images whose files have the same bytes. */
    private List<String> duplicates(String key) {
        List<String> found = new ArrayList<>();
        ports.features()
                .known(key)
                .picture()
                .map(ImageRecord.Picture::imageHash)
                .ifPresent(
                        hash ->
                                listing.pictures().stream()
                                        .filter(
                                                image ->
                                                        image.picture()
                                                                .filter(
                                                                        p ->
                                                                                p.imageHash()
                                                                                        .equals(
                                                                                                hash))
                                                                .isPresent())
                                        .map(image -> image.key())
                                        .filter(other -> !other.equals(key))
                                        .forEach(found::add));
        return found;
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
