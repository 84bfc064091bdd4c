package dev.graft.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers as the documents of Amazon S3 Vectors say that it does (Amazon S3 API Reference, version
 * 2025-07-15, and User Guide, limitations), five operations of it. It is not the service, and was
 * never compared with it.
 */
public final class VectorServer implements AutoCloseable {
    /** Its vector bucket. */
    public static final String BUCKET =
            "arn:aws:s3vectors:eu-central-1:123456789012:bucket/graft-vectors";

    private static final int MOST_BYTES = 20 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Index(int dimension, Map<String, JsonNode> vectors) {}

    /** What is wrong with a request. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
        private final int status;

        Refused(int status, String name) {
            super(name);
            this.status = status;
        }
    }

    private final HttpServer server;
    private final Map<String, Index> indexes = new HashMap<>();

    /** Operations in the order they came, the refused ones too. */
    public final List<String> asked = new ArrayList<>();

    /** The last request. */
    public JsonNode request = JSON.nullNode();

    /** Signature of it. */
    public String signature = "";

    /** So many requests are refused as too many. */
    public final AtomicInteger busy = new AtomicInteger();

    /** Status of every answer; 0 for what is right. */
    public int broken;

    /** Milliseconds before each answer. */
    public int slow;

    /** Listens on a free port of this machine. */
    public VectorServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
    }

    /** The keys of the vectors of all indexes, in order. */
    public synchronized SortedSet<String> keys() {
        SortedSet<String> keys = new TreeSet<>();
        indexes.values().forEach(index -> keys.addAll(index.vectors().keySet()));
        return keys;
    }

    /** Where it listens. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String operation = exchange.getRequestURI().getPath().substring(1);
        int status = 200;
        byte[] answer;
        try {
            Thread.sleep(slow);
            answer = JSON.writeValueAsBytes(answer(operation, exchange, body));
        } catch (Refused e) {
            status = e.status;
            exchange.getResponseHeaders().add("x-amzn-errortype", String.valueOf(e.getMessage()));
            answer = "{\"message\":\"secret words of the service\"}".getBytes();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        exchange.getResponseHeaders().add("content-type", "application/json");
        exchange.sendResponseHeaders(status, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private synchronized JsonNode answer(String operation, HttpExchange exchange, byte[] body)
            throws Refused, IOException {
        asked.add(operation);
        signature = String.valueOf(exchange.getRequestHeaders().getFirst("authorization"));
        expect(exchange.getRequestMethod().equals("POST"), 405, "UnknownOperationException");
        expect(broken == 0, broken, broken == 403 ? "AccessDeniedException" : "Broken");
        expect(busy.getAndDecrement() <= 0, 429, "TooManyRequestsException");
        valid(body.length <= MOST_BYTES);
        valid("application/json".equals(exchange.getRequestHeaders().getFirst("content-type")));
        request = JSON.readTree(body);
        return switch (operation) {
            case "CreateIndex" -> create();
            case "DeleteIndex" -> delete();
            case "PutVectors" -> put();
            case "DeleteVectors" -> deleteVectors();
            case "QueryVectors" -> query();
            default -> throw new Refused(404, "UnknownOperationException");
        };
    }

    private static void expect(boolean holds, int status, String name) throws Refused {
        if (!holds) {
            throw new Refused(status, name);
        }
    }

    private static void valid(boolean holds) throws Refused {
        expect(holds, 400, "ValidationException");
    }

    private String name() throws Refused {
        String arn = request.path("indexArn").asText();
        valid(arn.matches("\\Q" + BUCKET + "\\E/index/[a-z0-9][a-z0-9-.]{1,61}[a-z0-9]"));
        return arn.substring(arn.lastIndexOf('/') + 1);
    }

    private Index index() throws Refused {
        Index index = indexes.get(name());
        expect(index != null, 404, "NotFoundException");
        return index;
    }

    private JsonNode create() throws Refused {
        expect(BUCKET.equals(request.path("vectorBucketArn").asText()), 404, "NotFoundException");
        String name = request.path("indexName").asText();
        int dimension = request.path("dimension").asInt();
        valid(name.matches("[a-z0-9][a-z0-9-.]{1,61}[a-z0-9]"));
        valid(dimension >= 1 && dimension <= 4096);
        valid(request.path("dataType").asText().equals("float32"));
        valid(request.path("distanceMetric").asText().equals("cosine"));
        expect(!indexes.containsKey(name), 409, "ConflictException");
        indexes.put(name, new Index(dimension, new LinkedHashMap<>()));
        return JSON.createObjectNode().put("indexArn", BUCKET + "/index/" + name);
    }

    private JsonNode delete() throws Refused {
        index();
        indexes.remove(name());
        return JSON.createObjectNode();
    }

    private JsonNode put() throws Refused {
        Index index = index();
        JsonNode vectors = request.path("vectors");
        valid(!vectors.isEmpty() && vectors.size() <= 500);
        for (JsonNode vector : vectors) {
            String key = vector.path("key").asText();
            valid(!key.isEmpty() && key.length() <= 1024);
            float[] values = values(vector.path("data"), index);
            valid(product(values, values) > 0);
        }
        vectors.forEach(vector -> index.vectors().put(vector.path("key").asText(), vector));
        return JSON.createObjectNode();
    }

    private JsonNode deleteVectors() throws Refused {
        Index index = index();
        JsonNode keys = request.path("keys");
        valid(!keys.isEmpty() && keys.size() <= 500);
        keys.forEach(key -> index.vectors().remove(key.asText()));
        return JSON.createObjectNode();
    }

    private JsonNode query() throws Refused {
        Index index = index();
        int count = request.path("topK").asInt();
        valid(count >= 1 && count <= 100);
        float[] asked = values(request.path("queryVector"), index);
        boolean labelled = request.at("/filter/labelled/$eq").asBoolean();
        valid(!request.has("filter") || labelled);
        List<ObjectNode> found = new ArrayList<>();
        for (JsonNode vector : index.vectors().values()) {
            if (!labelled || vector.at("/metadata/labelled").asBoolean()) {
                float[] values = values(vector.path("data"), index);
                double lengths = Math.sqrt(product(values, values) * product(asked, asked));
                ObjectNode one = JSON.createObjectNode();
                if (request.path("returnDistance").asBoolean()) {
                    one.put("distance", (float) (1 - product(values, asked) / lengths));
                }
                found.add(one.put("key", vector.path("key").asText()));
            }
        }
        found.sort(Comparator.comparingDouble(one -> one.path("distance").asDouble()));
        ArrayNode best = JSON.createArrayNode();
        found.stream().limit(count).forEach(best::add);
        ObjectNode answer = JSON.createObjectNode().put("distanceMetric", "cosine");
        answer.set("vectors", best);
        return answer;
    }

    private static float[] values(JsonNode data, Index index) throws Refused {
        JsonNode numbers = data.path("float32");
        valid(data.size() == 1 && numbers.size() == index.dimension());
        float[] values = new float[numbers.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) numbers.get(i).asDouble();
            valid(Float.isFinite(values[i]));
        }
        return values;
    }

    private static double product(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
