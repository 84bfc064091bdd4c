package dev.graft.classifier;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What ships with the function: the description of the API, and the page for people. */
final class DocumentRoutes {
    private final Supplier<Page> pages;
    private @Nullable Page page;

    /** Whose page is put together when somebody asks for it: most requests are of programs. */
    DocumentRoutes(Supplier<Page> pages) {
        this.pages = pages;
    }

    void addTo(Router router) {
        router.on(
                        "GET /openapi.json",
                        request -> Response.text("application/json", Page.text("openapi.json")))
                .on("GET /?*", request -> page().response(request.login()));
    }

    private synchronized Page page() {
        Page made = page == null ? pages.get() : page;
        page = made;
        return made;
    }
}
