package dev.graft.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.aws.Aws;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Tag;

/** Requests without HTTP are answered as those over HTTP; the contracts hold for both. */
class InProcessTest {
    private static final List<String> EVENTS = new CopyOnWriteArrayList<>();
    private static final byte[] BYTES = "a picture".getBytes(UTF_8);

    private static EmbeddedCloud cloud;
    private static Aws here;
    private static Aws http;
    private static String bucket;
    private static String table;

    @BeforeAll
    static void start() {
        cloud = EmbeddedCloud.inMemory(EVENTS::add);
        here = cloud.aws(cloud.environment());
        http = new Aws(cloud.environment());
        bucket = cloud.environment().get("IMAGES_BUCKET");
        table = cloud.environment().get("TABLE");
    }

    @AfterAll
    static void stop() {
        http.close();
        here.close();
        cloud.close();
    }

    private static void put(S3Client s3, String key) {
        s3.putObject(
                b ->
                        b.bucket(bucket)
                                .key(key)
                                .contentType("image/x-test")
                                .metadata(Map.of("label", "cat")),
                RequestBody.fromBytes(BYTES));
    }

    @Test
    void anObjectIsTheSameByBothWays() {
        put(here.s3(), "images/here.jpg");
        put(http.s3(), "images/http.jpg");
        for (String key : List.of("images/here.jpg", "images/http.jpg")) {
            var byHttp = http.s3().headObject(b -> b.bucket(bucket).key(key));
            var byCall = here.s3().headObject(b -> b.bucket(bucket).key(key));
            assertEquals(byHttp.eTag(), byCall.eTag());
            assertEquals(byHttp.contentLength(), byCall.contentLength());
            assertEquals(byHttp.contentType(), byCall.contentType());
            assertEquals("image/x-test", byCall.contentType());
            assertEquals(byHttp.metadata(), byCall.metadata());
            assertEquals(
                    byHttp.lastModified().getEpochSecond(), byCall.lastModified().getEpochSecond());
            ResponseBytes<GetObjectResponse> read =
                    here.s3().getObjectAsBytes(b -> b.bucket(bucket).key(key));
            assertArrayEquals(BYTES, read.asByteArray());
            assertEquals(byHttp.eTag(), read.response().eTag());
            assertEquals(byHttp.contentLength(), read.response().contentLength());
            assertEquals(Map.of("label", "cat"), read.response().metadata());
        }
    }

    @Test
    void aFileWithoutATypeGetsTheSameOne() {
        here.s3().putObject(b -> b.bucket(bucket).key("images/here"), RequestBody.fromBytes(BYTES));
        http.s3().putObject(b -> b.bucket(bucket).key("images/http"), RequestBody.fromBytes(BYTES));
        assertEquals(
                http.s3().headObject(b -> b.bucket(bucket).key("images/http")).contentType(),
                http.s3().headObject(b -> b.bucket(bucket).key("images/here")).contentType());
    }

    @Test
    void anUploadIsToldWithItsEtag() throws Exception {
        var answer =
                here.s3()
                        .putObject(
                                b -> b.bucket(bucket).key("images/told.jpg"),
                                RequestBody.fromBytes(BYTES));
        String event = EVENTS.stream().filter(e -> e.contains("images/told.jpg")).findFirst().get();
        var record = new ObjectMapper().readTree(event).at("/Records/0");
        assertEquals("ObjectCreated:Put", record.path("eventName").asText());
        assertEquals(answer.eTag(), '"' + record.at("/s3/object/eTag").asText() + '"');
        assertEquals(BYTES.length, record.at("/s3/object/size").asInt());
    }

    @Test
    void tagsAreCounted() {
        here.s3()
                .putObject(
                        b -> b.bucket(bucket).key("images/tagged.jpg").tagging("label=dog"),
                        RequestBody.fromBytes(BYTES));
        for (Aws aws : List.of(here, http)) {
            try (var object = aws.s3().getObject(b -> b.bucket(bucket).key("images/tagged.jpg"))) {
                assertEquals(1, object.response().tagCount());
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
        assertEquals(
                List.of(Tag.builder().key("label").value("dog").build()),
                here.s3()
                        .getObjectTagging(b -> b.bucket(bucket).key("images/tagged.jpg"))
                        .tagSet());
    }

    @Test
    void conditionsHold() {
        put(here.s3(), "images/one.jpg");
        var refused =
                assertThrows(
                        S3Exception.class,
                        () ->
                                here.s3()
                                        .putObject(
                                                b ->
                                                        b.bucket(bucket)
                                                                .key("images/one.jpg")
                                                                .ifNoneMatch("*"),
                                                RequestBody.fromBytes(BYTES)));
        assertEquals(412, refused.statusCode());
    }

    @Test
    void whatIsNotThereIsRefusedByItsName() {
        assertThrows(
                NoSuchKeyException.class,
                () -> here.s3().getObject(b -> b.bucket(bucket).key("images/none.jpg")));
        assertThrows(
                NoSuchKeyException.class,
                () -> here.s3().headObject(b -> b.bucket(bucket).key("images/none.jpg")));
        assertThrows(
                NoSuchBucketException.class,
                () ->
                        here.s3()
                                .putObject(
                                        b -> b.bucket("none").key("images/none.jpg"),
                                        RequestBody.fromBytes(BYTES)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"images/../images/one.jpg", "images/a/..", "../images/one.jpg"})
    void aKeyThatLeavesItsFolderIsRefused(String key) {
        put(here.s3(), "images/one.jpg");
        List<Runnable> ways =
                List.of(
                        () -> put(here.s3(), key),
                        () -> here.s3().headObject(b -> b.bucket(bucket).key(key)),
                        () -> here.s3().getObjectAsBytes(b -> b.bucket(bucket).key(key)));
        for (Runnable way : ways) {
            assertEquals(400, assertThrows(S3Exception.class, way::run).statusCode());
        }
    }

    @Test
    void aConditionOfTheTableThatFailsHasItsException() {
        Map<String, AttributeValue> item =
                Map.of(
                        "key", AttributeValue.fromS("images/item"),
                        "part", AttributeValue.fromS("test"));
        here.dynamoDb().putItem(b -> b.tableName(table).item(item));
        assertThrows(
                ConditionalCheckFailedException.class,
                () ->
                        here.dynamoDb()
                                .putItem(
                                        b ->
                                                b.tableName(table)
                                                        .item(item)
                                                        .conditionExpression(
                                                                "attribute_not_exists(part)")));
        var write =
                TransactWriteItem.builder()
                        .put(
                                p ->
                                        p.tableName(table)
                                                .item(item)
                                                .conditionExpression("attribute_not_exists(part)"))
                        .build();
        var canceled =
                assertThrows(
                        TransactionCanceledException.class,
                        () -> here.dynamoDb().transactWriteItems(b -> b.transactItems(write)));
        assertEquals("ConditionalCheckFailed", canceled.cancellationReasons().getFirst().code());
        assertEquals(
                item,
                http.dynamoDb().getItem(b -> b.tableName(table).key(item)).item(),
                "written without HTTP, read over it");
    }

    @Test
    void everyOperationIsThere() {
        var tables = here.dynamoDb().listTables().tableNames();
        assertEquals(http.dynamoDb().listTables().tableNames(), tables);
        assertTrue(tables.contains(table));
        assertEquals(
                table,
                here.dynamoDb()
                        .waiter()
                        .waitUntilTableExists(b -> b.tableName(table))
                        .matched()
                        .response()
                        .get()
                        .table()
                        .tableName());
        assertEquals(
                http.dynamoDb().scanPaginator(b -> b.tableName(table)).items().stream().count(),
                here.dynamoDb().scanPaginator(b -> b.tableName(table)).items().stream().count());
        assertEquals("dynamodb", here.dynamoDb().serviceName());
    }

    @Test
    void aRequestThatTheTableRefusesIsRefusedInItsWords() {
        var byCall =
                assertThrows(
                        DynamoDbException.class,
                        () -> here.dynamoDb().getItem(b -> b.tableName(table).key(Map.of())));
        var byHttp =
                assertThrows(
                        DynamoDbException.class,
                        () -> http.dynamoDb().getItem(b -> b.tableName(table).key(Map.of())));
        assertEquals(byHttp.getClass(), byCall.getClass());
        assertTrue(byCall.awsErrorDetails().errorMessage().length() > 0);
        assertEquals(
                byHttp.awsErrorDetails().errorMessage(), byCall.awsErrorDetails().errorMessage());
    }
}
