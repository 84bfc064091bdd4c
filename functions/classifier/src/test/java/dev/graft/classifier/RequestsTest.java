package dev.graft.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.testing.InMemoryHeadStore;
import java.awt.Color;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The routes against the document, and what a request may not be. */
class RequestsTest {
    private static final TaughtStores STORES = new TaughtStores();
    private static final ClassifierHandler HANDLER = TaughtStores.handler(STORES.ports());

    private static JsonNode document() throws IOException {
        return Call.JSON.readTree(Page.text("openapi.json"));
    }

    /** The parameters of the query by route, as the document has them. */
    private static Map<String, TreeSet<String>> documented() throws IOException {
        JsonNode document = document();
        Map<String, TreeSet<String>> routes = new TreeMap<>();
        for (var path : document.path("paths").properties()) {
            for (var operation : path.getValue().properties()) {
                TreeSet<String> names = new TreeSet<>();
                for (JsonNode entry : operation.getValue().path("parameters")) {
                    JsonNode parameter =
                            entry.has("$ref")
                                    ? document.at(entry.path("$ref").asText().substring(1))
                                    : entry;
                    if (parameter.path("in").asText().equals("query")) {
                        names.add(parameter.path("name").asText());
                    }
                }
                String method = operation.getKey().toUpperCase(Locale.ROOT);
                routes.put(method + " " + path.getKey(), names);
            }
        }
        return routes;
    }

    @Test
    void theDocumentHasEveryRouteWithItsParameters() throws IOException {
        Map<String, TreeSet<String>> routes = new TreeMap<>();
        for (String route : TaughtStores.router(STORES.ports()).routes()) {
            String[] parts = route.split("\\?");
            TreeSet<String> names = new TreeSet<>();
            if (parts.length == 2 && !parts[1].equals("*")) {
                names.addAll(Arrays.asList(parts[1].split("&")));
            }
            routes.put(parts[0], names);
        }
        assertEquals(documented(), routes);
        assertEquals(
                routes.keySet(),
                new TreeSet<>(Call.everyRoute().stream().map(Call::route).toList()),
                "the tests call every route");
    }

    @Test
    void everyReferenceOfTheDocumentLeadsSomewhereAndEveryComponentIsUsed() throws IOException {
        JsonNode document = document();
        TreeSet<String> used = new TreeSet<>();
        for (JsonNode reference : document.findValues("$ref")) {
            String pointer = reference.asText().substring(1);
            assertTrue(!document.at(pointer).isMissingNode(), pointer);
            used.add(pointer);
        }
        for (JsonNode requirements : document.findValues("security")) {
            for (JsonNode requirement : requirements) {
                requirement
                        .fieldNames()
                        .forEachRemaining(name -> used.add("/components/securitySchemes/" + name));
            }
        }
        TreeSet<String> defined = new TreeSet<>();
        for (var kind : document.path("components").properties()) {
            for (var component : kind.getValue().properties()) {
                defined.add("/components/" + kind.getKey() + "/" + component.getKey());
            }
        }
        assertEquals(defined, used);
    }

    @Test
    void everyRouteButThePageRefusesAParameterThatItDoesNotKnow() {
        for (Call call : Call.everyRoute()) {
            String mark = call.target().contains("?") ? "&" : "?";
            Call.Reply reply =
                    new Call(call.route(), call.target() + mark + "nosuch=1", call.body())
                            .to(HANDLER);
            if (call.route().equals("GET /")) {
                assertEquals(200, reply.status());
            } else {
                reply.assertProblem(400);
                assertTrue(reply.detail().contains("no parameter 'nosuch'"), reply.detail());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    GET /images?limit=                           | limit is empty
                    GET /images?limit                            | limit is empty
                    GET /images?limit=3&limit=4                  | limit is given 2 times
                    GET /images?limit=0                          | whole number from 1 to 200
                    GET /copies?key=thumbnails/a.jpg             | images/
                    GET /export/images?from=0                    | whole number from 1 to 1000000
                    GET /export/model.onnx?input=jpg             | expected tensor or image
                    GET /export/model.onnx?input=image           | ask for input=tensor
                    GET /images?cursor=no                        | cursor 'no'
                    GET /images?label=a&unlabelled=true          | leave one out
                    GET /images?several=null                     | expected true or false
                    GET /images?label=%zz                        | two hexadecimal digits
                    GET /images?nosuch=1                         | only label, unlabelled, several, name, predicted, from, to, sort, limit, cursor, set
                    GET /labels?several=null                     | expected true or false
                    GET /labels?set=*                            | expected the name of one label set
                    GET /labels?set=A+b                          | lower-case letters, digits and hyphens
                    GET /uploads?set=damage                      | no parameter 'set'
                    GET /labels/decisions                        | since is ''
                    GET /labels/decisions?since=yesterday        | such as 2026-11-28T10:00:00Z
                    GET /heads?learnedFrom=                      | learnedFrom is empty
                    GET /heads?learnedFrom=cat                   | expected the key of an image
                    GET /images/content                          | key is ''
                    GET /images/history                          | key is ''
                    DELETE /images?key=images/                   | expected the key of an image
                    DELETE /images?key=images/../labels/keep.csv | segment '..'
                    DELETE /images?key=images/%00                | character that S3 does not take
                    GET /%zz                                     | encode it as %25
                    """)
    void refusesWithTheReason(String request, String reason) {
        Call.Reply reply = Call.of(request.strip()).to(HANDLER);
        reply.assertProblem(400);
        assertTrue(reply.detail().contains(reason), reply.detail());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    POST /classify       | {"kee": 1}                                | no field 'key'
                    POST /classify       | {"key": "images/a", "top": 3}             | the field 'top': expected only key
                    POST /classify       | {"key": "images/a", "key": "images/b"}    | a field twice
                    POST /classify       | {"key": "images/a"} {}                    | no JSON object
                    POST /classify       | {"key": 3}                                | expected text
                    POST /uploads        | not json                                  | no JSON object
                    POST /uploads        | []                                        | no JSON object
                    POST /uploads        | {"key": "images/a", "label": ""}          | label has 0 characters
                    POST /uploads        | {"keys": ["images/a"], "label": 1}        | label is 1: expected text
                    POST /uploads        | {"keys": []}                              | list of 1 to 1000 texts
                    POST /uploads        | {"keys": ["images/a"], "key": "images/a"} | has the field 'key'
                    POST /labels         | {"keys": [], "label": "x"}                | 1 to 1000
                    POST /labels         | {"keys": [null], "label": "x"}            | key is 'null'
                    POST /labels         | {"keys": ["images/a"], "label": " "}      | 0 characters
                    POST /names          | {"keys": []}                              | 1 to 100
                    POST /labels/rename  | {"from": "a"}                             | no field 'to'
                    POST /labels/rename  | {"from": "a", "to": "a"}                  | both 'a'
                    POST /images/delete  | {"keys": []}                              | 1 to 1000
                    POST /images/delete  | {"keys": ["images/a", "labels/a"]}        | key is 'labels/a'
                    POST /labels/delete  | {"label": ""}                             | 0 characters
                    PUT /classes         | {"label": "a", "hue": 361}                | whole number from 1 to 360
                    PUT /sets/damage     | {"labelsPerImage": 1}                     | expected text
                    PUT /sets/damage     | {"labelsPerImage": "two"}                 | expected one or several
                    PUT /sets/default    | {"labelsPerImage": "one"}                 | name another
                    PUT /sets/Damage     | {"labelsPerImage": "one"}                 | lower-case letters
                    POST /undo           | {"id": "../heads/latest.json"}            | expected the undo of a change
                    POST /images/find    | {"hashes": []}                            | 1 to 1000
                    POST /images/find    | {"hashes": ["ABC"]}                       | 64 lower-case hexadecimal digits
                    PUT /heads/latest    | {"version": "v1", "force": true}          | expected only version
                    POST /batch          | {"prefix": "labels/"}                     | starts with images/
                    POST /batch          | {"prefix": "images/\\u001a"}               | no control character
                    """)
    void refusesABodyWithTheReason(String route, String body, String reason) {
        String target = route.strip().replaceAll(".* ", "");
        Call.Reply reply = Call.of(route.strip(), target, body.strip()).to(HANDLER);
        reply.assertProblem(400);
        assertTrue(reply.detail().contains(reason), reply.detail());
    }

    @ParameterizedTest
    @ValueSource(ints = {1025, 3007, 400_000})
    void refusesAKeyThatIsTooLongForS3AndNamesItsLength(int bytes) {
        String key = "images/" + "k".repeat(bytes - 7);
        String json = "{\"key\": \"" + key + "\"}";
        for (Call call :
                new Call[] {
                    Call.of("GET /images/content", "/images/content?key=" + key),
                    Call.of("DELETE /images", "/images?key=" + key),
                    Call.of("PUT /images/label", "/images/label?key=" + key, "{\"label\": \"x\"}"),
                    Call.of("POST /uploads", "/uploads", json),
                    Call.of("POST /classify", "/classify", json),
                    Call.of("POST /similar", "/similar", json),
                    Call.of("POST /names", "/names", "{\"keys\": [\"" + key + "\"]}"),
                    Call.of(
                            "POST /labels",
                            "/labels",
                            "{\"keys\": [\"" + key + "\"], \"label\": null}"),
                    Call.of("POST /batch", "/batch", "{\"prefix\": \"" + key + "\"}"),
                    Call.of("GET /heads", "/heads?learnedFrom=" + key)
                }) {
            Call.Reply reply = call.to(HANDLER);
            reply.assertProblem(400);
            assertTrue(reply.detail().contains("has " + bytes + " bytes"), reply.detail());
            assertTrue(reply.detail().length() < 300, "the key is shown in part");
        }
    }

    @Test
    void takesAKeyOf1024BytesAndEveryCharacter() {
        String key = "images/" + "%C3%A9".repeat(508) + "x";
        assertEquals(200, Call.of("DELETE /images", "/images?key=" + key).to(HANDLER).status());
        for (String odd : new String[] {"a+b", "%2B", "..a", "a..", "%E2%82%AC", "%20", "%25zz"}) {
            String target = "/images?key=images/" + odd;
            assertEquals(200, Call.of("DELETE /images", target).to(HANDLER).status(), odd);
        }
    }

    @Test
    void saysWhatIsNotFoundOrNotAllowed() {
        Call.of("GET /nowhere").to(HANDLER).assertProblem(404);
        Call.of("PUT /classify").to(HANDLER).assertProblem(405);
        Call.of("PUT /heads/x", "/heads/x").to(HANDLER).assertProblem(405);
        Call.of("GET /openapixjson").to(HANDLER).assertProblem(404);
        Call.of("GET /heads/none", "/heads/none").to(HANDLER).assertProblem(404);
        Call.of("GET /images/content?key=images/none").to(HANDLER).assertProblem(404);
        Call.of("GET /images/history?key=images/none").to(HANDLER).assertProblem(404);
        Call.of("PUT /images/label", "/images/label?key=images/none", "{\"label\": \"x\"}")
                .to(HANDLER)
                .assertProblem(404);
        Call.of("POST /classify", "/classify", "{\"key\": \"images/none\"}")
                .to(HANDLER)
                .assertProblem(404);
        Call.Reply old =
                new Call("POST /classify", "/classify?coverage=90", TaughtStores.png(Color.RED))
                        .to(HANDLER);
        old.assertProblem(409);
        assertTrue(old.detail().contains("head v1 was trained before"), old.detail());
    }

    @Test
    void saysWhatIsWrongWithAPicture() {
        byte[] red = TaughtStores.png(Color.RED);
        assertEquals(
                "red",
                new Call("POST /classify", "/classify", red)
                        .to(HANDLER)
                        .json()
                        .path("label")
                        .asText());
        new Call("POST /classify", "/classify", Arrays.copyOf(red, 50))
                .to(HANDLER)
                .assertProblem(400);
        new Call("POST /classify", "/classify", new byte[ClassifierHandler.MAX_BODY_BYTES + 1])
                .to(HANDLER)
                .assertProblem(413);
        Call.of("POST /classify", "/classify", "hello").to(HANDLER).assertProblem(415);
        Call.of("POST /classify", "/classify", "").to(HANDLER).assertProblem(400);
    }

    /** As the schedule calls the function once a day. */
    @Test
    void aRequestWithPathAndMethodAloneIsAnswered() {
        var http = new APIGatewayV2HTTPEvent.RequestContext.Http();
        http.setMethod("GET");
        var context = new APIGatewayV2HTTPEvent.RequestContext();
        context.setHttp(http);
        APIGatewayV2HTTPEvent event = new APIGatewayV2HTTPEvent();
        event.setRequestContext(context);
        event.setRawPath("/openapi.json");
        assertEquals(200, HANDLER.handleRequest(event, new RecordedContext()).getStatusCode());
    }

    @Test
    void saysHowToGetAHeadWhileThereIsNone() {
        Ports full = STORES.ports();
        Ports none =
                new Ports(
                        full.features(),
                        full.labels(),
                        full.index(),
                        full.sets(),
                        full.images(),
                        new InMemoryHeadStore(),
                        full.indexFiles(),
                        full.results(),
                        full.links(),
                        full.history(),
                        full.shares(),
                        full.trainer(),
                        full.vectors());
        Call.Reply reply = Call.of("GET /doctor").to(TaughtStores.handler(none));
        reply.assertProblem(503);
        assertTrue(reply.detail().contains("no head was trained yet"), reply.detail());
        assertEquals("", reply.log(), "nobody has to act on it");
        JsonNode status = Call.of("GET /status").to(TaughtStores.handler(none)).json();
        assertTrue(status.path("head").isNull());
        JsonNode queue = Call.of("GET /queue?limit=3").to(TaughtStores.handler(none)).json();
        JsonNode first = queue.at("/images/0");
        assertTrue(first.path("suggestion").isNull() && first.path("probability").isNull());
        assertTrue(first.path("key").asText().startsWith("images/"), queue::toString);
    }
}
