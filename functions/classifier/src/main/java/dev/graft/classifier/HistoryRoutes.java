package dev.graft.classifier;

import dev.graft.library.History;
import java.time.InstantSource;
import java.util.List;

/** Who promoted and deleted what, over HTTP; who labelled is told by {@link LabelRoutes}. */
final class HistoryRoutes {
    private static final int LISTED = 50;
    private static final int MOST = 200;

    private final History history;
    private final InstantSource clock;

    HistoryRoutes(History history, InstantSource clock) {
        this.history = history;
        this.clock = clock;
    }

    void addTo(Router router) {
        router.on("GET /history?limit", this::list);
    }

    /**
     * Does what the sender of a request wants, and keeps that they did. Who they are is asked
     * first, so that nothing is done that could not be kept.
     */
    void keep(Request request, String action, String subject, Runnable act) {
        String by = request.by();
        act.run();
        history.add(new History.Act(clock.instant(), by, action, subject));
    }

    private record Act(String time, String by, String action, String subject) {}

    private record Acts(List<Act> acts) {}

    private Response list(Request request) {
        return Response.json(
                new Acts(
                        history.latest(request.number("limit", LISTED, MOST)).stream()
                                .map(
                                        act ->
                                                new Act(
                                                        act.time().toString(),
                                                        act.by(),
                                                        act.action(),
                                                        act.subject()))
                                .toList()));
    }
}
