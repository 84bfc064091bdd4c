package dev.graft.classifier;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a caller may do. API Gateway asks for the same by the routes of the template. */
enum Scope {
    /** Looks at everything, and classifies. */
    READ,
    /** Changes images, labels and heads. */
    WRITE,
    /** Classifies images that are sent along, says which answers were wrong, and nothing else. */
    CLASSIFY;

    static final Set<Scope> ALL = Set.of(values());

    /**
     * Those of which a caller needs one; none for a route that is open to everybody, or to whoever
     * has a share link.
     */
    static Set<Scope> of(String method, String path) {
        return switch (method + " " + path) {
            case "GET /", "GET /shared", "POST /shared/classify", "POST /shared/feedback" ->
                    Set.of();
            case "GET /classify", "POST /classify" -> Set.of(CLASSIFY, READ);
            case "POST /feedback" -> ALL; // a label in it needs the scope to write
            case "POST /similar" -> Set.of(READ);
            default -> Set.of(method.equals("GET") ? READ : WRITE);
        };
    }

    /** Those of the claim {@code scope} of an access token, such as {@code graft/read openid}. */
    static Set<Scope> claimed(String claim) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        Set<String> names = Set.of(claim.split(" "));
        for (Scope scope : values()) {
            if (names.contains(scope.toString())) {
                scopes.add(scope);
            }
        }
        return scopes;
    }

    /** As a token names it. */
    @Override
    public String toString() {
        return "graft/" + name().toLowerCase(Locale.ROOT);
    }
}
