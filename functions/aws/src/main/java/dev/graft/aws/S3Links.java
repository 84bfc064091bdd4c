package dev.graft.aws;

import dev.graft.library.Links;
import java.util.function.Supplier;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Presigned links to the objects of a bucket of S3. */
public final class S3Links implements Links {
    private final Supplier<S3Presigner> presigner;
    private final String bucket;

    S3Links(Supplier<S3Presigner> presigner, String bucket) {
        this.presigner = presigner;
        this.bucket = bucket;
    }

    @Override
    public String toRead(String key) {
        return presigner
                .get()
                .presignGetObject(
                        b ->
                                b.signatureDuration(GOOD_FOR)
                                        .getObjectRequest(g -> g.bucket(bucket).key(key)))
                .url()
                .toString();
    }

    @Override
    public String toWrite(String key) {
        return presigner
                .get()
                .presignPutObject(
                        b ->
                                b.signatureDuration(GOOD_FOR)
                                        .putObjectRequest(p -> p.bucket(bucket).key(key)))
                .url()
                .toString();
    }

    @Override
    public String uri(String key) {
        return "s3://" + bucket + "/" + key;
    }
}
