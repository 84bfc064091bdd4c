package dev.graft.aws;

import dev.graft.feature.LabelSet;
import dev.graft.index.IndexStore;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Files under {@code index/} in the heads bucket. */
public final class S3IndexStore implements IndexStore {
    private static final String FOLDER = "index/";
    private static final int NOTHING_LEFT = 416;

    private final S3Client client;
    private final String bucket;
    private final String folder;

    /** Keeps files in this bucket. */
    public S3IndexStore(S3Client client, String bucket) {
        this(client, bucket, LabelSet.DEFAULT);
    }

    private S3IndexStore(S3Client client, String bucket, LabelSet set) {
        this.client = client;
        this.bucket = bucket;
        this.folder = FOLDER + set.folder();
    }

    @Override
    public IndexStore in(LabelSet set) {
        return new S3IndexStore(client, bucket, set);
    }

    @Override
    public SortedSet<LabelSet> sets() {
        return SetFolders.in(client, bucket, FOLDER);
    }

    @Override
    public Optional<Part> read(String name, long from, int length) {
        String range = "bytes=%d-%d".formatted(from, from + length - 1);
        try {
            ResponseBytes<GetObjectResponse> part =
                    client.getObjectAsBytes(b -> b.bucket(bucket).key(folder + name).range(range));
            return Optional.of(
                    new Part(part.asByteArrayUnsafe(), part.response().eTag(), size(part)));
        } catch (NoSuchKeyException none) {
            return Optional.empty();
        } catch (S3Exception e) {
            if (e.statusCode() == NOTHING_LEFT) {
                return Optional.empty();
            }
            throw Failure.of("read " + folder + name + " in bucket " + bucket, e);
        } catch (SdkException e) {
            throw Failure.of("read " + folder + name + " in bucket " + bucket, e);
        }
    }

    /** Behind the slash of {@code bytes 0-7/200}. */
    private static long size(ResponseBytes<GetObjectResponse> part) {
        String range = part.response().contentRange();
        return range == null
                ? part.response().contentLength()
                : Long.parseLong(range.substring(range.indexOf('/') + 1));
    }

    @Override
    public void write(String name, byte[] bytes) {
        try {
            client.putObject(
                    b -> b.bucket(bucket).key(folder + name),
                    RequestBody.fromContentProvider(
                            () -> new ByteArrayInputStream(bytes),
                            bytes.length,
                            "application/octet-stream"));
        } catch (SdkException e) {
            throw Failure.of("write " + folder + name + " in bucket " + bucket, e);
        }
    }

    @Override
    public boolean replace(String name, Optional<String> etag, byte[] bytes) {
        var request = PutObjectRequest.builder().bucket(bucket).key(folder + name);
        return ConditionalPut.put(client, ConditionalPut.inPlaceOf(etag, request).build(), bytes);
    }

    @Override
    public List<String> names() {
        try {
            return client
                    .listObjectsV2Paginator(b -> b.bucket(bucket).prefix(folder))
                    .contents()
                    .stream()
                    .map(object -> object.key().substring(folder.length()))
                    .filter(name -> !name.startsWith(LabelSet.FOLDER))
                    .toList();
        } catch (SdkException e) {
            throw Failure.of("list " + folder + " in bucket " + bucket, e);
        }
    }

    @Override
    public void delete(String name) {
        try {
            client.deleteObject(b -> b.bucket(bucket).key(folder + name));
        } catch (SdkException e) {
            throw Failure.of("delete " + folder + name + " in bucket " + bucket, e);
        }
    }
}
