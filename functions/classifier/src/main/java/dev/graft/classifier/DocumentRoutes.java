package dev.graft.classifier;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.NoSuchElementException;

/** What ships with the function: the description of the API, and the page for people. */
final class DocumentRoutes {
    private DocumentRoutes() {}

    static Router addTo(Router router, Page page) {
        return router.on(
                        "GET /openapi.json",
                        request -> Answer.text("application/json", resource("openapi.json")))
                .on("GET /", request -> page.answer());
    }

    /**
     * The text of a file beside this class, or of one at the root if the name begins with a slash.
     */
    static String resource(String name) {
        try (InputStream file = DocumentRoutes.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new NoSuchElementException("this build has no " + name);
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
