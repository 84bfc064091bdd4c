package dev.graft.classifier;

import dev.graft.feature.BadRequestException;
import dev.graft.feature.LabelSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds the function that responds to a request by its method and path, and refuses query
 * parameters that the route does not name.
 */
final class Router {
    private static final String ANY = "*";
    private static final String SET = "set";
    private static final String EVERY_SET = "*";

    private final List<Route> routes = new ArrayList<>();
    private final List<Route> withVariables = new ArrayList<>();
    private final Map<String, List<Route>> byPath = new HashMap<>();
    private final Map<String, Function<Request, Response>> inEverySet = new HashMap<>();
    private Function<LabelSet, Router> sets = set -> this;

    private record Route(
            String name,
            String method,
            Pattern path,
            List<String> parameters,
            Function<Request, Response> function) {}

    /**
     * Adds a route; one whose path has no variables comes before those that have some.
     *
     * @param route method, path and query parameters, such as {@code GET /images?label&limit}; a
     *     name in braces in the path, such as {@code {version}}, stands for one segment, which
     *     {@link Request#variable} gives; the parameter {@code *} stands for any
     */
    Router on(String route, Function<Request, Response> function) {
        String[] parts = route.split("[ ?]");
        String path =
                parts[1].replace(".", "\\.").replaceAll("\\{(\\w+)}", "(?<$1>[A-Za-z0-9._-]+)");
        Route added =
                new Route(
                        route,
                        parts[0],
                        Pattern.compile(path),
                        parts.length == 2 ? List.of() : List.of(parts[2].split("&")),
                        function);
        routes.add(added);
        boolean variable = parts[1].contains("{");
        (variable ? withVariables : byPath.computeIfAbsent(parts[1], of -> new ArrayList<>()))
                .add(added);
        return this;
    }

    /**
     * Adds what responds where all label sets at once are named, {@code set=*}.
     *
     * @param route method and path of one that has the parameter {@code set}
     */
    Router inEverySet(String route, Function<Request, Response> function) {
        inEverySet.put(route, function);
        return this;
    }

    /**
     * Has another router respond where a request names a label set, by the parameter {@code set} of
     * those routes that have it: one with the same routes over the stores in that set.
     */
    Router inSets(Function<LabelSet, Router> others) {
        sets = others;
        return this;
    }

    /** Every route as it was added. */
    List<String> routes() {
        return routes.stream().map(Route::name).toList();
    }

    /**
     * Finds the route and responds.
     *
     * @return a problem if there is no such route
     */
    Response respond(Request request) {
        TreeSet<String> methods = new TreeSet<>();
        for (Route route : byPath.getOrDefault(request.path(), List.of())) {
            if (route.method.equals(request.method())) {
                return respond(route, request);
            }
            methods.add(route.method);
        }
        for (Route route : withVariables) {
            Matcher path = route.path.matcher(request.path());
            if (path.matches()) {
                if (route.method.equals(request.method())) {
                    Map<String, String> variables = new HashMap<>();
                    path.namedGroups()
                            .forEach((name, group) -> variables.put(name, path.group(group)));
                    return respond(route, request.with(variables));
                }
                methods.add(route.method);
            }
        }
        return methods.isEmpty()
                ? unknown(request)
                : Response.problem(
                        405,
                        "Method not allowed",
                        "%s %s: expected %s"
                                .formatted(
                                        request.method(),
                                        request.path(),
                                        String.join(", ", methods)));
    }

    private Response respond(Route route, Request request) {
        expectAllowed(request);
        if (!route.parameters.contains(ANY)) {
            request.expectOnly(route.parameters);
        }
        Optional<String> set =
                route.parameters.contains(SET) ? request.parameter(SET) : Optional.empty();
        if (set.isEmpty()) {
            return route.function.apply(request);
        }
        Request there = request.without(SET);
        if (!set.get().equals(EVERY_SET)) {
            return sets.apply(LabelSet.of(set.get())).respond(there);
        }
        var every = inEverySet.get(route.name.replaceAll("\\?.*", ""));
        if (every == null) {
            throw new BadRequestException("set is '*': expected the name of one label set");
        }
        return every.apply(there);
    }

    private static void expectAllowed(Request request) {
        Set<Scope> needed = Scope.of(request.method(), request.path());
        if (!needed.isEmpty() && Collections.disjoint(needed, request.caller().scopes())) {
            throw new ForbiddenException(
                    "%s %s needs the scope %s, which the token does not have: ask for one that has"
                            .formatted(
                                    request.method(),
                                    request.path(),
                                    needed.stream()
                                            .map(Scope::toString)
                                            .sorted()
                                            .collect(Collectors.joining(" or "))));
        }
    }

    private static Response unknown(Request request) {
        if (request.path().matches(".*%(?![0-9A-Fa-f]{2}).*")) {
            throw new BadRequestException(
                    "the path has a % that no two hexadecimal digits follow: encode it as %25");
        }
        return Response.problem(
                404,
                "Unknown route",
                "%s %s: expected one of those in /openapi.json"
                        .formatted(request.method(), request.path()));
    }
}
