package dev.graft.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.utils.IoUtils;

/**
 * Objects of an S3Proxy of this process that are read and written without HTTP, which takes a small
 * part of the time. Whatever is not the plain reading or writing of an object under its key, and
 * what fails, is sent over HTTP, whose server and client know every option and the exception of
 * each refusal. Safe for use by many threads.
 */
final class InProcessS3 extends DelegatingS3Client {
    private final NotifyingBlobStore objects;
    private final LongPredicate hasRoom;

    private InProcessS3(S3Client http, NotifyingBlobStore objects, LongPredicate hasRoom) {
        super(http);
        this.objects = objects;
        this.hasRoom = hasRoom;
    }

    /**
     * What comes before a client of the same S3.
     *
     * @param objects that it keeps
     * @param hasRoom whether so many bytes may be written
     */
    static UnaryOperator<S3Client> before(NotifyingBlobStore objects, LongPredicate hasRoom) {
        return http -> new InProcessS3(http, objects, hasRoom);
    }

    @Override
    public HeadObjectResponse headObject(HeadObjectRequest request) {
        var plain = HeadObjectRequest.builder().bucket(request.bucket()).key(request.key()).build();
        return here(request.equals(plain) && isPath(request.key()), () -> head(request))
                .orElseGet(() -> super.headObject(request));
    }

    @Override
    public <R> R getObject(
            GetObjectRequest request, ResponseTransformer<GetObjectResponse, R> transformer) {
        var plain = GetObjectRequest.builder().bucket(request.bucket()).key(request.key()).build();
        var found = here(request.equals(plain) && isPath(request.key()), () -> open(request));
        return found.isPresent()
                ? read(found.get(), transformer)
                : super.getObject(request, transformer);
    }

    @Override
    public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
        var plain =
                PutObjectRequest.builder()
                        .bucket(request.bucket())
                        .key(request.key())
                        .contentType(request.contentType())
                        .metadata(request.hasMetadata() ? request.metadata() : null);
        long length = body.optionalContentLength().orElse(-1L);
        boolean isPlain = request.equals(plain.build()) && length >= 0 && hasRoom.test(length);
        if (request.contentType() == null) {
            plain.contentType(body.contentType());
        }
        return here(isPlain, () -> put(plain.contentLength(length).build(), body))
                .orElseGet(() -> super.putObject(request, body));
    }

    /** What would be taken for another key is for HTTP, which refuses it. */
    private static boolean isPath(@Nullable String key) {
        return key != null && !S3Requests.hasDots(key);
    }

    /** What is done here, unless it fails; empty where that, or anything else, is for HTTP. */
    private static <R> Optional<R> here(boolean isPlain, Supplier<@Nullable R> operation) {
        try {
            return isPlain ? Optional.ofNullable(operation.get()) : Optional.empty();
        } catch (RuntimeException failed) {
            return Optional.empty();
        }
    }

    private @Nullable HeadObjectResponse head(HeadObjectRequest request) {
        HeadObjectResponse found = objects.blobMetadata(request);
        return found == null ? null : found.toBuilder().eTag(quoted(found.eTag())).build();
    }

    /** An object that is there, open. */
    private record Found(GetObjectResponse response, InputStream bytes) {}

    private @Nullable Found open(GetObjectRequest request) {
        AtomicInteger tags = new AtomicInteger();
        NotifyingBlobStore.REQUEST.set(
                new NotifyingBlobStore.TagsOfRequest(Optional.empty(), tags::set));
        try {
            var object = objects.getBlob(request);
            return object == null
                    ? null
                    : new Found(
                            object.response().toBuilder()
                                    .eTag(quoted(object.response().eTag()))
                                    .tagCount(tags.get())
                                    .build(),
                            object);
        } finally {
            NotifyingBlobStore.REQUEST.remove();
        }
    }

    private static <R> R read(Found found, ResponseTransformer<GetObjectResponse, R> transformer) {
        boolean isLeftOpen = false;
        try {
            R result =
                    transformer.transform(
                            found.response(), AbortableInputStream.create(found.bytes()));
            isLeftOpen = transformer.needsConnectionLeftOpen();
            return result;
        } catch (SdkException e) {
            throw e;
        } catch (Exception e) {
            throw SdkClientException.create("could not read the object", e);
        } finally {
            if (!isLeftOpen) {
                IoUtils.closeQuietlyV2(found.bytes(), null);
            }
        }
    }

    /** As in a header. */
    private static @Nullable String quoted(@Nullable String etag) {
        return etag == null || etag.startsWith("\"") ? etag : '"' + etag + '"';
    }

    private PutObjectResponse put(PutObjectRequest request, RequestBody body) {
        try (InputStream bytes = body.contentStreamProvider().newStream()) {
            PutObjectResponse answer = objects.putBlob(request, bytes);
            return answer.toBuilder().eTag(quoted(answer.eTag())).build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
