package dev.graft.aws;

import java.time.Duration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * Presigned links to the objects of a bucket: whoever has one may use it until it expires. Signing
 * sends nothing. Safe for use by many threads.
 */
public final class S3Links {
    /** How long a link is good. */
    public static final Duration GOOD_FOR = Duration.ofHours(1);

    private final S3Presigner presigner;
    private final String bucket;

    S3Links(S3Presigner presigner, String bucket) {
        this.presigner = presigner;
        this.bucket = bucket;
    }

    /** To read an object, whether it is there or not. */
    public String toRead(String key) {
        return presigner
                .presignGetObject(
                        b ->
                                b.signatureDuration(GOOD_FOR)
                                        .getObjectRequest(g -> g.bucket(bucket).key(key)))
                .url()
                .toString();
    }

    /** To write an object with one PUT. */
    public String toWrite(String key) {
        return presigner
                .presignPutObject(
                        b ->
                                b.signatureDuration(GOOD_FOR)
                                        .putObjectRequest(p -> p.bucket(bucket).key(key)))
                .url()
                .toString();
    }
}
