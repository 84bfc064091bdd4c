package dev.graft.classifier;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.graft.index.KnownImages;
import dev.graft.library.Classes;
import dev.graft.library.Library;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes, colours, renames and deletes classes over HTTP. */
final class ClassRoutes {
    private static final int MOST_HUE = 360;

    private final Library library;
    private final Classes classes;
    private final KnownImages known;
    private final HistoryRoutes history;

    ClassRoutes(Library library, Classes classes, KnownImages known, HistoryRoutes history) {
        this.library = library;
        this.classes = classes;
        this.known = known;
        this.history = history;
    }

    void addTo(Router router) {
        router.on("GET /classes?set", request -> list())
                .on("PUT /classes?set", this::put)
                .on("POST /labels/rename?several&set", this::rename)
                .on("POST /labels/delete?several&set", this::takeAway);
    }

    private record OneClass(String label, @Nullable Integer hue) {}

    private record AllClasses(List<OneClass> classes) {}

    private Response list() {
        return Response.json(
                new AllClasses(
                        classes.all().entrySet().stream()
                                .map(one -> new OneClass(one.getKey(), one.getValue().hue()))
                                .toList()));
    }

    private Response put(Request request) {
        JsonBody body = request.jsonWithOptional(List.of("hue"), "label");
        String name = body.name("label");
        Integer hue = body.json().has("hue") ? body.number("hue", MOST_HUE) : null;
        String action = classes.all().containsKey(name) ? "coloured" : "created";
        history.keep(
                request,
                action,
                "the class " + name,
                () -> classes.put(name, new Classes.Kept(hue)));
        return list();
    }

    private record Changed(@JsonUnwrapped Library.Renamed renamed, @Nullable String undo) {}

    private Response rename(Request request) {
        JsonBody body = request.json("from", "to");
        String from = body.name("from");
        String to = body.name("to");
        List<Library.Made> made = new ArrayList<>();
        Library.Renamed renamed =
                library.rename(from, to, LabelRoutes.reading(request), request.by(), made::add);
        known.lookSoon();
        var gone = renamed.complete() ? classes.rename(from, to) : Optional.<Classes.Kept>empty();
        String what = "%s to %s, %s".formatted(from, to, LabelRoutes.images(made.size()));
        String undo =
                history.relabelled(
                        request, new HistoryRoutes.Labels(made, gone(from, gone)), "renamed", what);
        return Response.json(new Changed(renamed, undo));
    }

    private Response takeAway(Request request) {
        String name = request.json("label").name("label");
        List<Library.Made> made = new ArrayList<>();
        Library.Renamed taken =
                library.takeAway(name, LabelRoutes.reading(request), request.by(), made::add);
        known.lookSoon();
        var gone = taken.complete() ? classes.remove(name) : Optional.<Classes.Kept>empty();
        String what = "the class %s of %s".formatted(name, LabelRoutes.images(made.size()));
        String undo =
                history.relabelled(
                        request, new HistoryRoutes.Labels(made, gone(name, gone)), "deleted", what);
        return Response.json(new Changed(taken, undo));
    }

    private static Map<String, Classes.Kept> gone(String name, Optional<Classes.Kept> kept) {
        return kept.map(was -> Map.of(name, was)).orElseGet(Map::of);
    }
}
