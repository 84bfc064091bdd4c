package dev.graft.classifier;

import dev.graft.feature.BadRequestException;
import dev.graft.feature.Sha256;
import dev.graft.library.Shares;
import dev.graft.library.Shares.Share;
import dev.graft.library.Shares.Usage;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * Share links, over HTTP: who may write makes and withdraws them; whoever has the token of one
 * classifies images of their own with it, without signing in.
 */
final class ShareRoutes {
    private static final String TOKEN = "x-graft-share";
    private static final int TOKEN_BYTES = 32;
    private static final int MOST_SHARES = 100;
    private static final int MOST_DAILY = 100_000;

    private final Shares shares;
    private final PredictionRoutes predictions;
    private final FeedbackRoutes feedback;
    private final HistoryRoutes history;
    private final InstantSource clock;

    ShareRoutes(
            Shares shares,
            PredictionRoutes predictions,
            FeedbackRoutes feedback,
            HistoryRoutes history,
            InstantSource clock) {
        this.shares = shares;
        this.predictions = predictions;
        this.feedback = feedback;
        this.history = history;
        this.clock = clock;
    }

    void addTo(Router router) {
        router.on("GET /shares", this::list)
                .on("POST /shares", this::make)
                .on("DELETE /shares/{id}", this::withdraw)
                .on("GET /shared", this::describe)
                .on("POST /shared/classify?top&accept&coverage&keep", this::classify)
                .on("POST /shared/feedback", this::doubt);
    }

    private record Listed(String id, String name, String by, String created, int daily, int used) {
        static Listed of(Usage usage) {
            Share share = usage.share();
            return new Listed(
                    share.id(),
                    share.name(),
                    share.by(),
                    share.created().toString(),
                    share.daily(),
                    usage.used());
        }
    }

    private record AllListed(List<Listed> shares) {}

    private Response list(Request request) {
        return Response.json(new AllListed(shares.all(today()).stream().map(Listed::of).toList()));
    }

    private record Made(String id, String name, int daily, String token) {}

    private Response make(Request request) {
        JsonBody body = request.json("name", "daily");
        String name = body.name("name");
        int daily = body.number("daily", MOST_DAILY);
        if (shares.all(today()).size() >= MOST_SHARES) {
            throw new BadRequestException(
                    "there are %d share links, the most there may be: withdraw one first"
                            .formatted(MOST_SHARES));
        }
        byte[] secret = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(secret);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        var share = new Share(id(token), name, request.by(), clock.instant(), daily);
        history.keep(request, "shared", "classifying as " + name, () -> shares.add(share));
        return Response.json(new Made(share.id(), name, daily, token));
    }

    private Response withdraw(Request request) {
        String id = request.variable("id");
        shares.find(id, today())
                .ifPresent(
                        usage ->
                                history.keep(
                                        request,
                                        "withdrew",
                                        "the share link " + usage.share().name(),
                                        () -> shares.withdraw(id)));
        return Response.noContent();
    }

    private record Shared(String name, int daily, int left, List<String> classes) {}

    /** What who has a link may do with it. */
    private Response describe(Request request) {
        Usage usage = usage(request);
        Share share = usage.share();
        return Response.json(
                new Shared(share.name(), share.daily(), usage.left(), predictions.classes()));
    }

    private Response classify(Request request) {
        String token = request.header(TOKEN);
        return switch (shares.use(id(token), today())) {
            case COUNTED ->
                    predictions.classify(
                            request.from(new Caller(() -> "", Set.of(Scope.CLASSIFY))));
            case SPENT ->
                    Response.problem(
                                    429,
                                    "Limit of the share link",
                                    "as many images as this link allows were classified today: it goes on at midnight UTC, or ask whoever gave it to you for a higher limit")
                            .retryAfter(secondsToMidnight());
            case UNKNOWN -> throw noLink();
        };
    }

    /** That an answer was wrong, once for each image that was counted. */
    private Response doubt(Request request) {
        String name = "the share link " + usage(request).share().name();
        return feedback.give(request.from(new Caller(() -> name, Set.of(Scope.CLASSIFY))));
    }

    private Usage usage(Request request) {
        return shares.find(id(request.header(TOKEN)), today()).orElseThrow(() -> noLink());
    }

    private static ForbiddenException noLink() {
        return new ForbiddenException(
                "the header %s has the token of no share link, or of one that was withdrawn: ask whoever gave it to you for another"
                        .formatted(TOKEN));
    }

    private static String id(String token) {
        return Sha256.of(token.getBytes(StandardCharsets.UTF_8));
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    private long secondsToMidnight() {
        var midnight = today().plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
        return midnight.getEpochSecond() - clock.instant().getEpochSecond();
    }
}
