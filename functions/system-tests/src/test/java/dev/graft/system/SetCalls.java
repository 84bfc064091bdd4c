package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.system.ApiDocument.Reply;
import dev.graft.system.UndoCalls.Problem;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The routes of label sets, on any product that has a head. */
final class SetCalls {
    /** Those that a set can be named to, and one of a head that need not be there. */
    private static final List<String> ROUTES =
            List.of(
                    "GET /classify",
                    "POST /classify",
                    "GET /images",
                    "GET /images/history",
                    "PUT /images/label",
                    "GET /labels",
                    "POST /labels",
                    "GET /labels/decisions",
                    "POST /labels/undo",
                    "POST /labels/rename",
                    "POST /labels/delete",
                    "GET /classes",
                    "PUT /classes",
                    "GET /heads",
                    "PUT /heads/latest",
                    "GET /heads/v1",
                    "DELETE /heads/v1",
                    "GET /heads/v1/report",
                    "GET /heads/v1/preview",
                    "GET /heads/v1/shadow",
                    "GET /queue",
                    "GET /doctor",
                    "GET /drift",
                    "GET /settings",
                    "PUT /settings",
                    "POST /batch",
                    "GET /status",
                    "GET /export/labels.csv",
                    "GET /export/labels.manifest",
                    "GET /export/folders.txt",
                    "GET /export/model.onnx");

    private SetCalls() {}

    /** A set that is not there is named to every route that has one. */
    static void refuse(Problem problem, ApiDocument api) {
        for (String route : ROUTES) {
            String[] parts = route.split(" ");
            Reply reply = api.send(parts[0], parts[1] + "?set=none", null, null);
            problem.is(404, reply, "there is no label set 'none', there are [default]");
        }
        problem.is(400, api.get("/sets?limit=1"), "no parameter 'limit'");
        problem.is(400, api.json("PUT", "/sets/a", Map.of("several", true)), "labelsPerImage");
        Reply control = api.json("PUT", "/sets/%C2%84", Map.of("labelsPerImage", "one"));
        problem.is(404, control, "expected one of those in /openapi.json");
    }

    /** Those that need a store. */
    static List<Supplier<Reply>> all(ApiDocument api) {
        Map<String, String> one = Map.of("labelsPerImage", "one");
        return List.of(() -> api.get("/sets"), () -> api.json("PUT", "/sets/damage", one));
    }

    /** Makes a set without labels, which no training needs. */
    static void answer(ApiDocument api, byte[] photo) {
        Map<String, String> several = Map.of("labelsPerImage", "several");
        JsonNode made = api.json("PUT", "/sets/damage", several).json();
        assertEquals("several", made.path("labelsPerImage").asText(), made::toString);
        JsonNode sets = api.get("/sets").json().path("sets");
        assertTrue(sets.findValuesAsText("name").contains("damage"), sets::toString);
        assertEquals(0, api.get("/labels?set=damage").json().path("labelled").asInt());
        JsonNode all = api.send("POST", "/classify?set=*", null, photo).json();
        assertTrue(all.path("sets").has("default"), all::toString);
        assertEquals("[\"damage\"]", all.path("withoutHead").toString());
    }
}
