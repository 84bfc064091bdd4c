package dev.graft.classifier;

/** What ships with the function: the description of the API, and the page for people. */
final class DocumentRoutes {
    private final Page page;

    DocumentRoutes(Page page) {
        this.page = page;
    }

    void addTo(Router router) {
        router.on(
                        "GET /openapi.json",
                        request -> Response.text("application/json", Page.text("openapi.json")))
                .on("GET /?*", request -> page.response(request.login()));
    }
}
