package dev.graft.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * A client of DynamoDB for a process that starts: it asks what changed (the simplest of queries) by
 * requests of its own until anything else is asked for, or anything but items is answered. From
 * then on the SDK's client does all, which takes 0.5 CPU seconds to load. It has what the stores
 * ask for. Safe for use by many threads.
 */
final class LightDynamoDb implements DynamoDbClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> QUERY =
            Map.of(
                    "content-type", "application/x-amz-json-1.0",
                    "x-amz-target", "DynamoDB_20120810.Query");

    private final OnDemand<DynamoDbClient> client;
    private final Optional<SignedRequests> requests;

    /**
     * Nothing is sent yet.
     *
     * @param client makes the SDK's
     * @param requests empty where the SDK's client is to do all
     */
    LightDynamoDb(Supplier<DynamoDbClient> client, Optional<SignedRequests> requests) {
        this.client = new OnDemand<>(client);
        this.requests = requests;
    }

    /** The SDK's client, made now if it was not. */
    DynamoDbClient sdk() {
        return client.get();
    }

    /** Whether the SDK's client was needed. */
    boolean isMade() {
        return client.isMade();
    }

    @Override
    public QueryResponse query(QueryRequest request) {
        if (!client.isMade() && requests.isPresent() && isPlain(request)) {
            try {
                Optional<QueryResponse> response = answer(requests.get(), json(request));
                if (response.isPresent()) {
                    return response.get();
                }
            } catch (IOException e) {
                // the client tries again, and says what is the matter
            }
        }
        return sdk().query(request);
    }

    /** Whether {@link #json} says all of it. */
    private static boolean isPlain(QueryRequest request) {
        QueryRequest plain =
                QueryRequest.builder()
                        .tableName(request.tableName())
                        .indexName(request.indexName())
                        .keyConditionExpression(request.keyConditionExpression())
                        .expressionAttributeNames(request.expressionAttributeNames())
                        .expressionAttributeValues(request.expressionAttributeValues())
                        .limit(request.limit())
                        .build();
        return plain.equals(request)
                && request.indexName() != null
                && request.limit() != null
                && request.expressionAttributeValues().values().stream()
                        .allMatch(value -> value.s() != null);
    }

    /** Amazon DynamoDB API Reference, "Query". */
    private static byte[] json(QueryRequest request) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        json.put("TableName", request.tableName()).put("IndexName", request.indexName());
        json.put("KeyConditionExpression", request.keyConditionExpression());
        json.put("Limit", request.limit());
        ObjectNode names = json.putObject("ExpressionAttributeNames");
        request.expressionAttributeNames().forEach(names::put);
        ObjectNode values = json.putObject("ExpressionAttributeValues");
        request.expressionAttributeValues()
                .forEach((name, value) -> values.putObject(name).put("S", value.s()));
        return JSON.writeValueAsBytes(json);
    }

    /** Empty if it is not understood here. */
    private static Optional<QueryResponse> answer(SignedRequests requests, byte[] query)
            throws IOException {
        HttpURLConnection answer = requests.send("POST", requests.at("/"), QUERY, query);
        try (InputStream content = SignedRequests.content(answer)) {
            JsonNode json = JSON.readTree(content);
            List<Map<String, AttributeValue>> items = new ArrayList<>();
            boolean understood = answer.getResponseCode() == 200 && json.path("Items").isArray();
            for (JsonNode item : json.path("Items")) {
                understood &= read(item, items);
            }
            QueryResponse.Builder response = QueryResponse.builder().items(items);
            if (json.has("LastEvaluatedKey")) {
                List<Map<String, AttributeValue>> last = new ArrayList<>();
                understood &= read(json.path("LastEvaluatedKey"), last);
                last.forEach(response::lastEvaluatedKey);
            }
            return understood ? Optional.of(response.build()) : Optional.empty();
        }
    }

    /** Adds an item; false if it has a value of a type that is not understood here. */
    private static boolean read(JsonNode json, List<Map<String, AttributeValue>> to) {
        Map<String, AttributeValue> item = new HashMap<>();
        for (var named : json.properties()) {
            JsonNode value = named.getValue();
            if (value.has("S")) {
                item.put(named.getKey(), AttributeValue.fromS(value.path("S").asText()));
            } else if (value.has("N")) {
                item.put(named.getKey(), AttributeValue.fromN(value.path("N").asText()));
            } else if (value.has("SS")) {
                List<String> texts = new ArrayList<>();
                value.path("SS").forEach(text -> texts.add(text.asText()));
                item.put(named.getKey(), AttributeValue.fromSs(texts));
            } else {
                return false;
            }
        }
        to.add(item);
        return true;
    }

    @Override
    public GetItemResponse getItem(GetItemRequest request) {
        return sdk().getItem(request);
    }

    @Override
    public BatchGetItemResponse batchGetItem(BatchGetItemRequest request) {
        return sdk().batchGetItem(request);
    }

    @Override
    public ScanResponse scan(ScanRequest request) {
        return sdk().scan(request);
    }

    @Override
    public PutItemResponse putItem(PutItemRequest request) {
        return sdk().putItem(request);
    }

    @Override
    public UpdateItemResponse updateItem(UpdateItemRequest request) {
        return sdk().updateItem(request);
    }

    @Override
    public DeleteItemResponse deleteItem(DeleteItemRequest request) {
        return sdk().deleteItem(request);
    }

    @Override
    public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
        return sdk().transactWriteItems(request);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        client.close();
    }
}
