package dev.graft.classifier;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What ships with the function: the description of the API, and the page for people. */
final class DocumentRoutes {
    private final Page page;

    DocumentRoutes(Page page) {
        this.page = page;
    }

    void addTo(Router router) {
        router.on(
                        "GET /openapi.json",
                        request -> Response.text("application/json", resource("openapi.json")))
                .on("GET /?*", request -> page.response());
    }

    /**
     * The text of a file beside this class, or of one at the root if the name begins with a slash.
     */
    static String resource(String name) {
        try (InputStream file = DocumentRoutes.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("this build has no " + name);
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
