package dev.graft.aws;

import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/** Writing an object, whatever breaks on the way. */
final class S3Write {
    private static final int CALLS = 5;

    private S3Write() {}

    /**
     * Writes an object. What the SDK gave up without an answer is tried anew: the S3 on one machine
     * breaks one of about a thousand writes off, at each of the SDK's own attempts, and takes the
     * next call.
     *
     * @param body that can be read again
     * @throws software.amazon.awssdk.core.exception.SdkException if S3 refuses or never answers
     */
    static void put(S3Client client, PutObjectRequest request, RequestBody body) {
        for (int call = 1; ; call++) {
            try {
                client.putObject(request, body);
                return;
            } catch (SdkClientException e) {
                if (call == CALLS || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
            }
        }
    }
}
