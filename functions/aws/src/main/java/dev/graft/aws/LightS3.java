package dev.graft.aws;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectTaggingRequest;
import software.amazon.awssdk.services.s3.model.GetObjectTaggingResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * A client of S3 for a process that starts: it gets objects by requests of its own until anything
 * else is asked for, or anything but an object or {@code NoSuchKey} is answered. From then on the
 * SDK's client does all, which takes 0.5 CPU seconds to load. It has what the stores ask for. Safe
 * for use by many threads.
 */
final class LightS3 implements S3Client {
    private static final String METADATA = "x-amz-meta-";

    private final OnDemand<S3Client> client;
    private final Optional<SignedRequests> requests;
    private final boolean pathStyle;

    /**
     * Nothing is sent yet.
     *
     * @param client makes the SDK's
     * @param requests empty where the SDK's client is to do all
     * @param pathStyle whether the bucket stands in the path, and not before the host
     */
    LightS3(Supplier<S3Client> client, Optional<SignedRequests> requests, boolean pathStyle) {
        this.client = new OnDemand<>(client);
        this.requests = requests;
        this.pathStyle = pathStyle;
    }

    /** The SDK's client, made now if it was not. */
    S3Client sdk() {
        return client.get();
    }

    /** Whether the SDK's client was needed. */
    boolean isMade() {
        return client.isMade();
    }

    @Override
    public <T> T getObject(
            GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
        if (!client.isMade() && requests.isPresent() && isPlain(request)) {
            try {
                HttpURLConnection answer = get(requests.get(), request);
                if (answer.getResponseCode() / 100 == 2) {
                    InputStream content = SignedRequests.content(answer);
                    return transformer.transform(
                            response(answer),
                            AbortableInputStream.create(content, answer::disconnect));
                }
                if (saysNoSuchKey(answer)) {
                    throw NoSuchKeyException.builder().message("no such key").build();
                }
            } catch (IOException | RetryableException e) {
                // the client tries again, and says what is the matter
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("a transformer of the SDK fails otherwise", e);
            }
        }
        return sdk().getObject(request, transformer);
    }

    /** Whether {@link #get} says all of it. */
    private static boolean isPlain(GetObjectRequest request) {
        return request.equals(
                GetObjectRequest.builder()
                        .bucket(request.bucket())
                        .key(request.key())
                        .range(request.range())
                        .build());
    }

    private HttpURLConnection get(SignedRequests requests, GetObjectRequest request)
            throws IOException {
        String path = "/" + SignedRequests.encoded(request.key());
        URI uri = requests.at(pathStyle ? "/" + request.bucket() + path : path);
        if (!pathStyle) {
            uri = URI.create(uri.toString().replaceFirst("://", "://" + request.bucket() + "."));
        }
        return requests.send(
                "GET",
                uri,
                request.range() == null ? Map.of() : Map.of("range", request.range()),
                new byte[0]);
    }

    private static boolean saysNoSuchKey(HttpURLConnection answer) throws IOException {
        try (InputStream content = SignedRequests.content(answer)) {
            String told = new String(content.readAllBytes(), StandardCharsets.UTF_8);
            return told.contains("<Code>NoSuchKey</Code>");
        }
    }

    /** With what the stores look at. */
    private static GetObjectResponse response(HttpURLConnection answer) {
        Map<String, String> metadata = new HashMap<>();
        answer.getHeaderFields()
                .forEach(
                        (name, values) -> {
                            String lower = name == null ? "" : name.toLowerCase(Locale.ROOT);
                            if (lower.startsWith(METADATA)) {
                                metadata.put(lower.substring(METADATA.length()), values.getFirst());
                            }
                        });
        return GetObjectResponse.builder()
                .eTag(answer.getHeaderField("etag"))
                .lastModified(Instant.ofEpochMilli(answer.getLastModified()))
                .contentLength(answer.getContentLengthLong())
                .contentRange(answer.getHeaderField("content-range"))
                .tagCount((int) answer.getHeaderFieldLong("x-amz-tagging-count", 0))
                .metadata(metadata)
                .build();
    }

    @Override
    public HeadObjectResponse headObject(HeadObjectRequest request) {
        return sdk().headObject(request);
    }

    @Override
    public ListObjectsV2Response listObjectsV2(ListObjectsV2Request request) {
        return sdk().listObjectsV2(request);
    }

    @Override
    public GetObjectTaggingResponse getObjectTagging(GetObjectTaggingRequest request) {
        return sdk().getObjectTagging(request);
    }

    @Override
    public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
        return sdk().putObject(request, body);
    }

    @Override
    public CopyObjectResponse copyObject(CopyObjectRequest request) {
        return sdk().copyObject(request);
    }

    @Override
    public DeleteObjectResponse deleteObject(DeleteObjectRequest request) {
        return sdk().deleteObject(request);
    }

    @Override
    public DeleteObjectsResponse deleteObjects(DeleteObjectsRequest request) {
        return sdk().deleteObjects(request);
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
