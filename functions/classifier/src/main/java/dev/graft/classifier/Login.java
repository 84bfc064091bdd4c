package dev.graft.classifier;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import java.util.Map;
import java.util.Optional;

/**
 * Where people sign in, as the stage of the API tells with every request.
 *
 * @param domain origin of the login pages and of {@code /oauth2/token}
 * @param client id of the page as their client
 */
record Login(String domain, String client) {

    /** Empty where nobody signs in: on one machine, and at the function URL. */
    static Optional<Login> of(APIGatewayV2HTTPEvent event) {
        Map<String, String> stage = event.getStageVariables();
        if (stage == null) {
            return Optional.empty();
        }
        String domain = stage.get("loginDomain");
        String client = stage.get("loginClient");
        return domain == null || client == null
                ? Optional.empty()
                : Optional.of(new Login(domain, client));
    }
}
