package dev.graft.classifier;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Who sent a request, as its door knows them: API Gateway by a token, the function URL by a
 * signature. On one machine there is no door, and everybody may do everything.
 *
 * @param name e-mail of a person, id of a client or ARN of an identity in AWS; empty text where
 *     there is no door. Asking for it may ask the login
 * @param scopes what they may do
 */
record Caller(Supplier<String> name, Set<Scope> scopes) {

    static Caller of(APIGatewayV2HTTPEvent event, Emails emails) {
        var by = event.getRequestContext().getAuthorizer();
        if (by != null && by.getJwt() != null && by.getJwt().getClaims() != null) {
            Map<String, String> claims = by.getJwt().getClaims();
            return new Caller(
                    () -> emails.of(claims, Login.of(event), header(event, "authorization")),
                    Scope.claimed(claims.getOrDefault("scope", "")));
        }
        String arn = by == null || by.getIam() == null ? "" : by.getIam().getUserArn();
        return new Caller(() -> arn, Scope.ALL);
    }

    private static String header(APIGatewayV2HTTPEvent event, String name) {
        return event.getHeaders() == null ? "" : event.getHeaders().getOrDefault(name, "");
    }

    /** Whether classifying is all they may do. */
    boolean onlyClassifies() {
        return scopes.equals(Set.of(Scope.CLASSIFY));
    }
}
