package dev.graft.aws;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.aws.SignedRequests.Answer;
import dev.graft.feature.ConfigurationException;
import dev.graft.feature.Sha256;
import dev.graft.feature.StoreCalls;
import dev.graft.feature.StoreException;
import dev.graft.index.VectorIndex;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Features in Amazon S3 Vectors: one vector index a backbone, cosine, float32, the key of a vector
 * is that of its image. Its requests are made here (Amazon S3 API Reference, Amazon S3 Vectors,
 * 2025-07-15), as they are five. Searches wait for a second or two and are tried once; what is
 * written is tried again while the service is busy. Safe for use by many threads.
 */
final class S3VectorIndex implements VectorIndex {
    private static final Map<String, String> TYPE = Map.of("content-type", "application/json");
    private static final String ARN =
            "arn:[a-z-]+:s3vectors:[a-z0-9-]+:[0-9]{12}:bucket/[a-z0-9.-]+";
    private static final String LABELLED = "labelled";
    private static final String NOT_FOUND = "NotFoundException";
    private static final String CONFLICT = "ConflictException";
    private static final int NAME_CHARACTERS = 40;

    /** The most that one call takes. */
    private static final int AT_ONCE = 500;

    private static final int MOST_BYTES = 20 << 20;

    /** In JSON, with the comma. */
    private static final int MOST_BYTES_A_VALUE = 16;

    /** In JSON, a key of 1,024 characters that are all escaped, and what stands around it. */
    private static final int MOST_BYTES_BESIDE = 7_000;

    private static final int TRIES = 9;
    private static final int FIRST_PAUSE_MILLIS = 100;
    private static final int LONGEST_PAUSE_MILLIS = 5_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SignedRequests patient;
    private final SignedRequests quick;
    private final String bucket;

    /**
     * In a vector bucket.
     *
     * @param patient for what is written
     * @param quick for searches: whoever waits for them has others
     * @param bucket ARN
     * @throws ConfigurationException if it is none
     */
    S3VectorIndex(SignedRequests patient, SignedRequests quick, String bucket) {
        if (!bucket.matches(ARN)) {
            throw new ConfigurationException(
                    "VECTOR_BUCKET is '%s': expected the ARN of a vector bucket, such as arn:aws:s3vectors:eu-central-1:123456789012:bucket/name"
                            .formatted(bucket));
        }
        this.patient = patient;
        this.quick = quick;
        this.bucket = bucket;
    }

    private record Data(float[] float32) {}

    private record Item(
            String key,
            Data data,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Boolean> metadata) {}

    private record Put(String indexArn, List<Item> vectors) {}

    private record Delete(String indexArn, List<String> keys) {}

    private record Index(String indexArn) {}

    private record Create(
            String vectorBucketArn,
            String indexName,
            String dataType,
            int dimension,
            String distanceMetric) {}

    private record Query(
            String indexArn,
            int topK,
            Data queryVector,
            boolean returnDistance,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Map<String, Boolean>> filter) {}

    @Override
    public String name() {
        return "s3vectors";
    }

    @Override
    public String place() {
        return bucket;
    }

    /** Within 3 to 63 of a-z, 0-9, dot and hyphen, whatever the text of an identity is. */
    private static String indexName(String backbone) {
        String hash = Sha256.of(backbone.getBytes(StandardCharsets.UTF_8));
        return "features-" + hash.substring(0, NAME_CHARACTERS);
    }

    private String arn(String backbone) {
        return bucket + "/index/" + indexName(backbone);
    }

    @Override
    public void put(String backbone, List<Vector> images) {
        int width = images.getFirst().feature().length;
        int fit = MOST_BYTES / (width * MOST_BYTES_A_VALUE + MOST_BYTES_BESIDE);
        List<Callable<Boolean>> calls = new ArrayList<>();
        for (List<Vector> some : parts(images, Math.clamp(fit, 1, AT_ONCE))) {
            List<Item> items = some.stream().map(S3VectorIndex::item).toList();
            calls.add(() -> put(backbone, width, items));
        }
        StoreCalls.concurrently(calls);
    }

    private static Item item(Vector image) {
        return new Item(
                image.key(),
                new Data(image.feature()),
                image.labelled() ? Map.of(LABELLED, true) : Map.of());
    }

    private static <T> List<List<T>> parts(List<T> all, int size) {
        List<List<T>> parts = new ArrayList<>();
        for (int i = 0; i < all.size(); i += size) {
            parts.add(all.subList(i, Math.min(i + size, all.size())));
        }
        return parts;
    }

    /** Makes the index where there is none, which may take a moment to show. */
    private boolean put(String backbone, int width, List<Item> items) {
        Put put = new Put(arn(backbone), items);
        Answer answer = send(patient, TRIES, "PutVectors", put, backbone);
        for (int tried = 1; answer.error().equals(NOT_FOUND) && tried < TRIES; tried++) {
            create(backbone, width);
            answer = send(patient, TRIES, "PutVectors", put, backbone);
            if (answer.error().equals(NOT_FOUND)) {
                pause(tried);
            }
        }
        expectFound(answer, "PutVectors", backbone);
        return true;
    }

    private void create(String backbone, int width) {
        var index = new Create(bucket, indexName(backbone), "float32", width, "cosine");
        Answer answer = send(patient, TRIES, "CreateIndex", index, backbone);
        expectFound(answer, "CreateIndex", backbone);
    }

    private void expectFound(Answer answer, String operation, String backbone) {
        if (answer.error().equals(NOT_FOUND)) {
            throw failure(operation, backbone, exception(answer));
        }
    }

    @Override
    public void delete(String backbone, List<String> keys) {
        StoreCalls.concurrently(
                parts(keys, AT_ONCE).stream()
                        .<Callable<Answer>>map(
                                some ->
                                        () ->
                                                send(
                                                        patient,
                                                        TRIES,
                                                        "DeleteVectors",
                                                        new Delete(arn(backbone), some),
                                                        backbone))
                        .toList());
    }

    @Override
    public void drop(String backbone) {
        send(patient, TRIES, "DeleteIndex", new Index(arn(backbone)), backbone);
    }

    @Override
    public List<Found> nearest(String backbone, float[] feature, int count, Which which) {
        Query query =
                new Query(
                        arn(backbone),
                        count,
                        new Data(feature),
                        true,
                        which == Which.LABELLED ? Map.of(LABELLED, Map.of("$eq", true)) : Map.of());
        Answer answer = send(quick, 1, "QueryVectors", query, backbone);
        if (answer.error().equals(NOT_FOUND)) {
            return List.of();
        }
        try {
            List<Found> found = new ArrayList<>();
            for (JsonNode vector : JSON.readTree(answer.body()).path("vectors")) {
                double similarity = 1 - vector.path("distance").asDouble(2);
                String key = vector.path("key").asText();
                found.add(new Found(key, Math.clamp(similarity, -1, 1)));
            }
            return found;
        } catch (IOException e) {
            throw failure("QueryVectors", backbone, SdkClientException.create("no JSON", e));
        }
    }

    /** Sends a request; what is answered if a thing is not there, or is there already, is given. */
    private Answer send(
            SignedRequests requests, int tries, String operation, Object request, String backbone) {
        byte[] json = json(request);
        for (int tried = 1; ; tried++) {
            SdkException failed;
            boolean passes = true;
            try {
                Answer answer = requests.post("/" + operation, TYPE, json);
                if (answer.status() == 200
                        || answer.error().equals(NOT_FOUND)
                        || answer.error().equals(CONFLICT)) {
                    return answer;
                }
                failed = exception(answer);
                passes = answer.status() >= 500 || answer.status() == 429 || answer.status() == 408;
            } catch (IOException e) {
                failed = SdkClientException.create("no answer", e);
            } catch (SdkException e) {
                failed = e;
            }
            if (!passes || tried >= tries) {
                throw failure(operation, backbone, failed);
            }
            pause(tried);
        }
    }

    private static byte[] json(Object request) {
        try {
            return JSON.writeValueAsBytes(request);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records always become JSON", e);
        }
    }

    private static AwsServiceException exception(Answer answer) {
        return AwsServiceException.builder()
                .message(new String(answer.body(), StandardCharsets.UTF_8))
                .statusCode(answer.status())
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(answer.error()).build())
                .build();
    }

    private StoreException failure(String operation, String backbone, SdkException cause) {
        return Failure.of(operation + " of " + arn(backbone), cause);
    }

    /** Twice as long each time, and never as long as others do. */
    private static void pause(int tried) {
        int millis = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << (tried - 1));
        try {
            Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextInt(millis / 2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted while a service was busy", e);
        }
    }
}
