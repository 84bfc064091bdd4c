package dev.graft.aws;

import dev.graft.feature.LabelSet;
import dev.graft.library.Links;
import java.util.HashMap;
import java.util.Map;
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

    /** S3 checks the metadata, which are part of the signature. */
    @Override
    public Put toWrite(String key, LabelSet set, String label) {
        Map<String, String> metadata = S3ImageStore.labelled(set, label);
        var signed =
                presigner
                        .get()
                        .presignPutObject(
                                b ->
                                        b.signatureDuration(GOOD_FOR)
                                                .putObjectRequest(
                                                        p ->
                                                                p.bucket(bucket)
                                                                        .key(key)
                                                                        .metadata(metadata)));
        Map<String, String> headers = new HashMap<>();
        metadata.forEach((name, value) -> headers.put("x-amz-meta-" + name, value));
        return new Put(signed.url().toString(), headers);
    }

    @Override
    public String uri(String key) {
        return "s3://" + bucket + "/" + key;
    }
}
