package dev.graft.classifier;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.feature.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The e-mail of who signed in. An access token of Cognito carries an opaque name, so the login is
 * asked, once for each person (OpenID Connect Core 1.0, section 5.3). Safe for use by many threads.
 */
final class Emails {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PATIENCE = (int) Duration.ofSeconds(5).toMillis();

    private final Map<String, String> known = new ConcurrentHashMap<>();

    /**
     * The e-mail of a person; the id of a client that no person uses.
     *
     * @param claims of an access token that the API has checked
     * @param authorization the header that carried it
     * @throws StoreException if the login does not tell
     */
    String of(Map<String, String> claims, Optional<Login> login, String authorization) {
        String subject = claims.getOrDefault("sub", "");
        boolean person = claims.containsKey("username");
        if (claims.containsKey("email") || !person || login.isEmpty()) {
            return claims.getOrDefault("email", subject);
        }
        String email = known.get(subject);
        if (email == null) {
            email = ask(login.get(), authorization);
            known.put(subject, email);
        }
        return email;
    }

    private static String ask(Login login, String authorization) {
        URI at = URI.create(login.domain() + "/oauth2/userInfo");
        try {
            HttpURLConnection connection = (HttpURLConnection) at.toURL().openConnection();
            connection.setConnectTimeout(PATIENCE);
            connection.setReadTimeout(PATIENCE);
            connection.setRequestProperty("authorization", authorization);
            try (InputStream body = connection.getInputStream()) {
                String email = JSON.readTree(body).path("email").asText();
                if (email.isEmpty()) {
                    throw new IOException("no email");
                }
                return email;
            }
        } catch (IOException e) {
            throw new StoreException("could not learn who signed in from " + at + ": " + e, e);
        }
    }
}
