package dev.graft.local;

import java.util.function.Function;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.CreateTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
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
import software.amazon.awssdk.services.dynamodb.model.UpdateTimeToLiveRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateTimeToLiveResponse;
import software.amazon.awssdk.services.dynamodb.waiters.DynamoDbWaiter;
import software.amazon.dynamodb.services.local.server.DynamoDBRequestHandler;

/**
 * Requests to a DynamoDB Local of this process, without HTTP: what its server does with a request
 * after it has read it is done by the caller, which takes a small part of the time. A request that
 * is refused, and has changed nothing, is sent over HTTP, whose client knows the exception of each
 * refusal. Safe for use by many threads.
 */
final class InProcessDynamoDb implements DynamoDbClient {
    private final DynamoDbClient http;
    private final DynamoDBRequestHandler requests;
    private final String keyId;
    private final String region;

    private InProcessDynamoDb(
            DynamoDbClient http, DynamoDBRequestHandler requests, String keyId, String region) {
        this.http = http;
        this.requests = requests;
        this.keyId = keyId;
        this.region = region;
    }

    /**
     * What comes before a client of the same DynamoDB.
     *
     * @param requests takes what its server has read
     * @param keyId access key of the client
     * @param region of the client
     */
    static UnaryOperator<DynamoDbClient> before(
            DynamoDBRequestHandler requests, String keyId, String region) {
        return http -> new InProcessDynamoDb(http, requests, keyId, region);
    }

    /** What the server does with a kind of request. */
    private interface Answering<Q, A> {
        A answer(String keyId, String region, Q request);
    }

    private <Q, A> A answer(Q request, Answering<Q, A> here, Function<Q, A> overHttp) {
        try {
            return here.answer(keyId, region, request);
        } catch (DynamoDbException refused) {
            return overHttp.apply(request);
        }
    }

    @Override
    public QueryResponse query(QueryRequest request) {
        return answer(request, requests::query, http::query);
    }

    @Override
    public ScanResponse scan(ScanRequest request) {
        return answer(request, requests::scan, http::scan);
    }

    @Override
    public GetItemResponse getItem(GetItemRequest request) {
        return answer(request, requests::getItem, http::getItem);
    }

    @Override
    public BatchGetItemResponse batchGetItem(BatchGetItemRequest request) {
        return answer(request, requests::batchGetItem, http::batchGetItem);
    }

    @Override
    public PutItemResponse putItem(PutItemRequest request) {
        return answer(request, requests::putItem, http::putItem);
    }

    @Override
    public UpdateItemResponse updateItem(UpdateItemRequest request) {
        return answer(request, requests::updateItem, http::updateItem);
    }

    @Override
    public DeleteItemResponse deleteItem(DeleteItemRequest request) {
        return answer(request, requests::deleteItem, http::deleteItem);
    }

    @Override
    public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
        return answer(request, requests::transactWriteItems, http::transactWriteItems);
    }

    @Override
    public CreateTableResponse createTable(CreateTableRequest request) {
        return http.createTable(request);
    }

    @Override
    public DescribeTableResponse describeTable(DescribeTableRequest request) {
        return http.describeTable(request);
    }

    @Override
    public UpdateTimeToLiveResponse updateTimeToLive(UpdateTimeToLiveRequest request) {
        return http.updateTimeToLive(request);
    }

    @Override
    public DynamoDbWaiter waiter() {
        return http.waiter();
    }

    @Override
    public String serviceName() {
        return http.serviceName();
    }

    @Override
    public void close() {
        http.close();
    }
}
