package dev.graft.classifier;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * From a method and a path to the function that answers; {@code {version}} in a path stands for one
 * segment, which the function finds in the query under that name.
 */
final class Router {
    private final List<Route> routes = new ArrayList<>();

    private record Route(String method, Pattern path, Function<Request, Answer> function) {}

    /** Adds a route such as {@code GET /heads/{version}}; the first that fits answers. */
    Router on(String route, Function<Request, Answer> function) {
        String[] parts = route.split(" ");
        String path =
                parts[1].replace(".", "\\.").replace("{version}", "(?<version>[A-Za-z0-9._-]+)");
        routes.add(new Route(parts[0], Pattern.compile(path), function));
        return this;
    }

    /**
     * Finds the route and answers.
     *
     * @return a problem if there is no such route
     */
    Answer answer(Request request) {
        TreeSet<String> methods = new TreeSet<>();
        for (Route route : routes) {
            Matcher path = route.path.matcher(request.path());
            if (path.matches()) {
                if (route.method.equals(request.method())) {
                    path.namedGroups()
                            .forEach((name, group) -> request.query().put(name, path.group(group)));
                    return route.function.apply(request);
                }
                methods.add(route.method);
            }
        }
        String asked = request.method() + " " + request.path();
        return methods.isEmpty()
                ? Answer.problem(
                        404, "Unknown route", asked + ": expected one of those in /openapi.json")
                : Answer.problem(
                        405,
                        "Method not allowed",
                        asked + ": expected " + String.join(", ", methods));
    }
}
