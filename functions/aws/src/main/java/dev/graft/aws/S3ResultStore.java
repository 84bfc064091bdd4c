package dev.graft.aws;

import dev.graft.library.ResultStore;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Files for people under {@link #FOLDER} of the images bucket. */
public final class S3ResultStore implements ResultStore {
    private final S3Client client;
    private final String bucket;

    /** Keeps files in this bucket. */
    public S3ResultStore(S3Client client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    @Override
    public Optional<byte[]> read(String name) {
        try {
            return Optional.of(
                    client.getObjectAsBytes(b -> b.bucket(bucket).key(FOLDER + name))
                            .asByteArrayUnsafe());
        } catch (NoSuchKeyException none) {
            return Optional.empty();
        } catch (SdkException e) {
            throw Failure.of("read " + FOLDER + name + " in bucket " + bucket, e);
        }
    }

    @Override
    public void write(String name, byte[] bytes, String type) {
        try {
            client.putObject(
                    b -> b.bucket(bucket).key(FOLDER + name).contentType(type),
                    RequestBody.fromBytes(bytes));
        } catch (SdkException e) {
            throw Failure.of("write " + FOLDER + name + " in bucket " + bucket, e);
        }
    }

    @Override
    public void delete(String name) {
        try {
            client.deleteObject(b -> b.bucket(bucket).key(FOLDER + name));
        } catch (SdkException e) {
            throw Failure.of("delete " + FOLDER + name + " in bucket " + bucket, e);
        }
    }

    @Override
    public List<String> keys(String prefix, String after, int limit) {
        var request = ListObjectsV2Request.builder().bucket(bucket).prefix(prefix).maxKeys(limit);
        if (!after.isEmpty()) {
            request.startAfter(after);
        }
        try {
            return client.listObjectsV2(request.build()).contents().stream()
                    .map(S3Object::key)
                    .toList();
        } catch (SdkException e) {
            throw Failure.of("list " + prefix + " in bucket " + bucket, e);
        }
    }
}
