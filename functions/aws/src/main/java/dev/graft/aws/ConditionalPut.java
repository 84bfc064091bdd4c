package dev.graft.aws;

import java.util.Arrays;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Writes an object only where nobody else wrote it since it was read. */
final class ConditionalPut {
    private ConditionalPut() {}

    /** The condition that the object is still this one; that there is none, if empty. */
    static PutObjectRequest.Builder inPlaceOf(
            Optional<String> etag, PutObjectRequest.Builder request) {
        return etag.map(request::ifMatch).orElseGet(() -> request.ifNoneMatch("*"));
    }

    /**
     * Writes; false if the request's condition does not hold. A write whose answer was lost is sent
     * again by the client and then meets what it wrote itself: that is no conflict.
     */
    static boolean put(S3Client client, PutObjectRequest request, byte[] bytes) {
        String operation = "write " + request.key() + " in bucket " + request.bucket();
        try {
            client.putObject(request, RequestBody.fromBytes(bytes));
            return true;
        } catch (S3Exception e) {
            boolean moved = e.statusCode() == 412 || e.statusCode() == 409;
            boolean gone = e.statusCode() == 404 && request.ifMatch() != null;
            if (moved || gone) {
                return holds(client, request, bytes);
            }
            throw Failure.of(operation, e);
        } catch (SdkException e) {
            throw Failure.of(operation, e);
        }
    }

    private static boolean holds(S3Client client, PutObjectRequest request, byte[] bytes) {
        try {
            byte[] there =
                    client.getObjectAsBytes(b -> b.bucket(request.bucket()).key(request.key()))
                            .asByteArrayUnsafe();
            return Arrays.equals(there, bytes);
        } catch (NoSuchKeyException none) {
            return false;
        } catch (SdkException e) {
            throw Failure.of("read " + request.key() + " in bucket " + request.bucket(), e);
        }
    }
}
