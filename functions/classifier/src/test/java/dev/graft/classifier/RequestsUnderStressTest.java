package dev.graft.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.feature.ImageStore;
import dev.graft.library.Links;
import dev.graft.testing.InMemoryLinks;
import java.awt.Color;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests made from the document and spoiled: values of every kind in parameters, bodies, paths,
 * headers and keys. Each gets a status that the document has for it and a problem that says nothing
 * of the code behind; none is 500, and no object outside {@code images/} is touched. {@code
 * -Pstress} sends a hundred times as many, from {@code -Dstress.seed}.
 */
class RequestsUnderStressTest {
    private static final int REQUESTS = Boolean.getBoolean("stress") ? 50_000 : 500;

    /** What neither a status nor a key nor a value that was sent can bring into an answer. */
    private static final List<String> INSIDE =
            List.of("Exception", "software.amazon", "dev.graft", "com.fasterxml", "\\tat ");

    private static final List<String> TEXTS =
            List.of(
                    "",
                    " ",
                    "images/red/00.png",
                    "images/blue/03.png",
                    "images/none.png",
                    "images/",
                    "images//",
                    "images/../heads/latest.json",
                    "images/%2e%2e/labels/a.csv",
                    "../images/a",
                    "labels/a.csv",
                    "heads/latest.json",
                    "results/batch/x",
                    "images/\u0000",
                    "images/\uD800",
                    "images/e\u0301.png",
                    "\uFEFFimages/a",
                    "red",
                    "blue",
                    "a+b",
                    "=HYPERLINK(\"http://evil.example\")",
                    "<script>alert(1)</script>",
                    "{{7*7}}",
                    "' OR 1=1 --",
                    "v1",
                    "v2",
                    "latest.json",
                    "..",
                    "%",
                    "%zz",
                    "null",
                    "true",
                    "0",
                    "-1",
                    "1",
                    "2",
                    "99999999999999999999",
                    "1e400",
                    "NaN",
                    "\r\nset-cookie: a=b",
                    "\u202Egnp.a/segami",
                    "k".repeat(5_000));

    private final Set<String> touched = new TreeSet<>();
    private final ClassifierHandler handler = TaughtStores.handler(watched(new TaughtStores()));
    private Random random = new Random();

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4})
    void everyRequestIsAnsweredAsTheDocumentSays(long seed) throws IOException {
        random = new Random(5 * Long.getLong("stress.seed", 1) + seed);
        JsonNode document = Call.JSON.readTree(Page.text("openapi.json"));
        List<String[]> operations = new ArrayList<>();
        for (var path : document.path("paths").properties()) {
            path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                            method -> operations.add(new String[] {path.getKey(), method}));
        }
        Map<String, Integer> statuses = new HashMap<>();
        for (int i = 0; i < REQUESTS; i++) {
            String[] one = operations.get(random.nextInt(operations.size()));
            JsonNode path = document.path("paths").path(one[0]);
            JsonNode operation = path.path(one[1]);
            APIGatewayV2HTTPEvent event = event(document, one[0], one[1], operation);
            String method = event.getRequestContext().getHttp().getMethod();
            JsonNode sent = path.path(method.toLowerCase(Locale.ROOT));
            int status = check(event, sent.isMissingNode() ? operation : sent);
            statuses.merge(one[0] + " " + status / 100, 1, Integer::sum);
        }
        assertTrue(statuses.size() > operations.size(), "too few came through: " + statuses);
        for (String key : touched) {
            assertTrue(key.startsWith("images/") || key.startsWith("results/"), key);
            assertFalse(key.contains("/../"), key);
        }
    }

    private int check(APIGatewayV2HTTPEvent event, JsonNode operation) throws IOException {
        RecordedContext context = new RecordedContext();
        APIGatewayV2HTTPResponse response = handler.handleRequest(event, context);
        int status = response.getStatusCode();
        String told =
                event.getRequestContext().getHttp().getMethod()
                        + (" " + event.getRawPath() + "?" + event.getRawQueryString())
                        + (" " + event.getBody() + " -> " + status + " " + response.getBody());
        boolean documented = operation.path("responses").has("" + status);
        assertTrue(documented && status != 500 || Set.of(404, 405).contains(status), told);
        assertEquals("", context.log().replaceAll("(?m)^.*\"_aws\".*\n", ""), told);
        if (status >= 400) {
            JsonNode problem = Call.JSON.readTree(response.getBody());
            assertEquals("application/problem+json", response.getHeaders().get("content-type"));
            assertEquals(status, problem.path("status").asInt(), told);
            String detail = problem.path("detail").asText();
            assertTrue(detail.length() > 10 && detail.length() < 800, told);
            INSIDE.forEach(text -> assertFalse(response.getBody().contains(text), told));
        }
        return status;
    }

    private APIGatewayV2HTTPEvent event(
            JsonNode document, String path, String method, JsonNode operation) {
        var http = new APIGatewayV2HTTPEvent.RequestContext.Http();
        http.setMethod(
                rarely()
                        ? any("GET", "PUT", "", "get", "BREW", "DELETE")
                        : method.toUpperCase(Locale.ROOT));
        var context = new APIGatewayV2HTTPEvent.RequestContext();
        context.setHttp(http);
        APIGatewayV2HTTPEvent event = new APIGatewayV2HTTPEvent();
        event.setRequestContext(context);
        String found = path.replace("{version}", rarely() ? sent(text()) : any("v1", "v2"));
        event.setRawPath(rarely() ? found + any("/", "//", "/..", "%2f", "\u0000", "?") : found);
        event.setRawQueryString(query(document, operation));
        event.setHeaders(
                Map.of(
                        "content-type",
                        any("application/json", "image/png", "", "x".repeat(9_000))));
        byte[] body =
                operation.has("requestBody") || rarely() ? body(document, operation) : new byte[0];
        event.setIsBase64Encoded(random.nextInt(3) > 0);
        event.setBody(
                event.getIsBase64Encoded()
                        ? Base64.getEncoder().encodeToString(body)
                        : rarely() ? null : new String(body, StandardCharsets.UTF_8));
        return event;
    }

    private String query(JsonNode document, JsonNode operation) {
        List<String> pairs = new ArrayList<>();
        for (JsonNode entry : operation.path("parameters")) {
            JsonNode parameter = resolved(document, entry);
            boolean required = parameter.path("required").asBoolean();
            if (parameter.path("in").asText().equals("query")
                    && (required || random.nextBoolean())) {
                String value = value(resolved(document, parameter.path("schema"))).toString();
                pairs.add(parameter.path("name").asText() + "=" + (rarely() ? value : sent(value)));
            }
        }
        if (rarely()) {
            pairs.add(any("a", "=", "&&", "limit=3", "%", "key=images/a", "\uD800=1", "a=b=c"));
        }
        return rarely() && pairs.isEmpty() ? null : String.join("&", pairs);
    }

    private byte[] body(JsonNode document, JsonNode operation) {
        JsonNode content = resolved(document, operation.path("requestBody")).path("content");
        JsonNode schema = resolved(document, content.path("application/json").path("schema"));
        if (random.nextInt(8) == 0) {
            byte[] png = TaughtStores.png(Color.RED);
            return random.nextBoolean() ? png : Arrays.copyOf(png, random.nextInt(png.length));
        }
        if (random.nextInt(8) == 0) {
            return any(
                            "[".repeat(100_000),
                            "{\"key\":".repeat(3_000),
                            "{\"keys\": [" + "\"images/a\",".repeat(1_200) + "\"images/b\"]}",
                            "{\"key\": 1" + "0".repeat(5_000) + "}",
                            "{\"label\": \"\\ud800\", \"key\": \"images/a\"}",
                            "{\"key\": \"images/a\", \"key\": \"images/b\"}",
                            "\u0000",
                            "null",
                            "[]",
                            "{}",
                            "{\"__proto__\": {}}",
                            "\uFEFF{\"key\": \"images/red/00.png\"}",
                            "{\"" + "f".repeat(9_000) + "\": 1}")
                    .getBytes(StandardCharsets.UTF_8);
        }
        Map<String, Object> object = new HashMap<>();
        for (var property : schema.path("properties").properties()) {
            if (!rarely()) {
                object.put(property.getKey(), value(resolved(document, property.getValue())));
            }
        }
        byte[] json = Call.JSON.valueToTree(object).toString().getBytes(StandardCharsets.UTF_8);
        if (rarely()) {
            json[random.nextInt(json.length)] = (byte) random.nextInt(256);
        }
        return json;
    }

    /** Often as the schema says. */
    private Object value(JsonNode schema) {
        if (rarely()) {
            return random.nextBoolean() ? text() : List.of(Map.of("a", text()), random.nextInt());
        }
        return switch (schema.path("type").asText()) {
            case "integer", "number" -> random.nextInt(12);
            case "boolean" -> random.nextBoolean();
            case "array" -> random.ints(1 + random.nextInt(3)).mapToObj(i -> text()).toList();
            default -> text();
        };
    }

    private String text() {
        return random.nextBoolean()
                ? any("images/red/00.png", "images/red/01.png", "images/new.png", "red", "v2")
                : TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private static String sent(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private boolean rarely() {
        return random.nextInt(10) == 0;
    }

    private String any(String... texts) {
        return texts[random.nextInt(texts.length)];
    }

    private static JsonNode resolved(JsonNode document, JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }

    /** Notes the key of every object that is read, deleted or linked. */
    private Ports watched(TaughtStores stores) {
        Ports ports = stores.ports();
        return new Ports(
                ports.features(),
                ports.labels(),
                ports.index(),
                ports.sets(),
                noting(ImageStore.class, ports.images()),
                ports.heads(),
                ports.indexFiles(),
                ports.results(),
                noting(Links.class, new InMemoryLinks()),
                ports.history(),
                ports.shares(),
                ports.trainer(),
                ports.vectors());
    }

    private <T> T noting(Class<T> type, T real) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> {
                            if (arguments != null && arguments[0] instanceof String key) {
                                touched.add(key);
                            }
                            try {
                                return method.invoke(real, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        }));
    }
}
