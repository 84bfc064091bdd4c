package dev.graft.classifier;

import dev.graft.feature.LabelSet;
import dev.graft.index.KnownImages;
import dev.graft.library.Classes;
import dev.graft.library.History;
import dev.graft.library.Library;
import dev.graft.library.Undo;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who promoted, deleted and renamed what, and how to take it back, over HTTP; who labelled is told
 * by {@link LabelRoutes}.
 */
final class HistoryRoutes {
    private static final int LISTED = 50;
    private static final int MOST = 200;
    private static final String TAKEN_BACK = "took back";

    private final History history;
    private final Undo undo;
    private final LabelSet set;
    private final KnownImages known;
    private final InstantSource clock;

    HistoryRoutes(
            History history, Undo undo, LabelSet set, KnownImages known, InstantSource clock) {
        this.history = history;
        this.undo = undo;
        this.set = set;
        this.known = known;
        this.clock = clock;
    }

    /** The label set that what is kept belongs to. */
    LabelSet set() {
        return set;
    }

    void addTo(Router router) {
        router.on("GET /history?limit", this::list).on("POST /undo", this::takeBack);
    }

    /**
     * Does what the sender of a request wants, and keeps that they did. Who they are is asked
     * first, so that nothing is done that could not be kept.
     */
    void keep(Request request, String action, String subject, Runnable act) {
        String by = request.by();
        act.run();
        history.add(new History.Act(clock.instant(), by, action, inSet(subject)));
    }

    private String inSet(String subject) {
        return set.isDefault() ? subject : subject + " in the label set " + set;
    }

    /**
     * What takes a change back.
     *
     * @param undo id of the change
     * @param until when it can be taken back
     */
    record Undoable(String undo, String until) {}

    /**
     * Deletes images. It is kept before it is done, so that whatever is deleted can be found again.
     */
    Undoable delete(Request request, List<String> keys, Runnable act) {
        String by = request.by();
        String first = keys.getFirst();
        String what =
                keys.size() == 1 ? first : "%d images, %s first".formatted(keys.size(), first);
        String id = undo.beforeDeletion(keys, "deleted " + what);
        history.add(new History.Act(clock.instant(), by, "deleted", what, Optional.of(id)));
        act.run();
        return new Undoable(id, clock.instant().plus(Undo.KEPT).toString());
    }

    /** Keeps that labels were changed together; gives the id of the change, null for none. */
    @Nullable String relabelled(List<Library.Made> made, String what) {
        return undo.afterLabelling(made, Map.of(), what).orElse(null);
    }

    /**
     * What was changed together.
     *
     * @param gone classes that went with the labels, as they were
     */
    record Labels(List<Library.Made> made, Map<String, Classes.Kept> gone) {}

    /** Likewise, where the history is to tell it. */
    @Nullable String relabelled(Request request, Labels changed, String action, String subject) {
        Optional<String> id =
                undo.afterLabelling(changed.made(), changed.gone(), action + " " + inSet(subject));
        id.ifPresent(change -> did(request, action, inSet(subject), change));
        return id.orElse(null);
    }

    /** Keeps that the sender of a request did what an id takes back. */
    void did(Request request, String action, String subject, String id) {
        history.add(
                new History.Act(clock.instant(), request.by(), action, subject, Optional.of(id)));
    }

    private Response takeBack(Request request) {
        String id = request.json("id").text("id");
        String by = request.by();
        Undo.Undone undone = undo.undo(id);
        known.lookSoon();
        if (undone.changed() > 0) {
            history.add(
                    new History.Act(
                            clock.instant(), by, TAKEN_BACK, undone.what(), Optional.of(id)));
        }
        return Response.json(undone);
    }

    private record Act(
            String time, String by, String action, String subject, @Nullable String undo) {}

    private record Acts(List<Act> acts) {}

    /** What was taken back already, or is too old for it, cannot be taken back. */
    private Response list(Request request) {
        List<History.Act> acts = history.latest(request.number("limit", LISTED, MOST));
        Set<Optional<String>> undone =
                acts.stream()
                        .filter(act -> act.action().equals(TAKEN_BACK))
                        .map(History.Act::undo)
                        .collect(Collectors.toSet());
        Instant oldest = clock.instant().minus(Undo.KEPT);
        List<Act> told =
                acts.stream()
                        .map(
                                act ->
                                        new Act(
                                                act.time().toString(),
                                                act.by(),
                                                act.action(),
                                                act.subject(),
                                                act.time().isBefore(oldest)
                                                                || undone.contains(act.undo())
                                                        ? null
                                                        : act.undo().orElse(null)))
                        .toList();
        return Response.json(new Acts(told));
    }
}
