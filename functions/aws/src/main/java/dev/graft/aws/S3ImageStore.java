package dev.graft.aws;

import dev.graft.feature.ImageFile;
import dev.graft.feature.ImageStore;
import dev.graft.feature.LabelSet;
import dev.graft.feature.StoreException;
import dev.graft.feature.StoredObject;
import dev.graft.image.UnreadableImageException;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.TaggingDirective;

/** Images in a bucket of S3; one request to read each, two if the object has tags. */
public final class S3ImageStore implements ImageStore {
    private final S3Client client;
    private final String bucket;

    /** Reads images of this bucket. */
    public S3ImageStore(S3Client client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    @Override
    public Optional<ImageFile> read(String key, long maxBytes) {
        try (ResponseInputStream<GetObjectResponse> body =
                client.getObject(b -> b.bucket(bucket).key(key))) {
            GetObjectResponse head = body.response();
            if (head.contentLength() > maxBytes) {
                body.abort();
                throw new UnreadableImageException(
                        UnreadableImageException.Reason.TOO_LARGE,
                        "%s has %d bytes, expected at most %d: store a smaller file"
                                .formatted(key, head.contentLength(), maxBytes));
            }
            byte[] bytes = body.readAllBytes();
            boolean tagged = head.tagCount() != null && head.tagCount() > 0;
            Map<String, String> tags = tagged ? tags(key) : Map.of();
            Map<String, String> metadata = new HashMap<>(head.metadata());
            metadata.replaceAll((name, value) -> EncodedWords.decoded(value));
            StoredObject object = object(key, head.eTag(), head.lastModified());
            return Optional.of(ImageFile.of(object, bytes, tags, metadata));
        } catch (NoSuchKeyException none) {
            return Optional.empty();
        } catch (SdkException e) {
            throw Failure.of(operation(key), e);
        } catch (IOException e) {
            throw new StoreException(
                    "could not " + operation(key) + ": the connection broke, try again", e);
        }
    }

    @Override
    public Optional<StoredObject> find(String key) {
        try {
            HeadObjectResponse head = client.headObject(b -> b.bucket(bucket).key(key));
            return Optional.of(object(key, head.eTag(), head.lastModified()));
        } catch (NoSuchKeyException none) {
            return Optional.empty();
        } catch (SdkException e) {
            throw Failure.of(operation(key), e);
        }
    }

    @Override
    public List<StoredObject> list(String prefix, String after) {
        var request = ListObjectsV2Request.builder().bucket(bucket).prefix(prefix);
        if (!after.isEmpty()) {
            request.startAfter(after);
        }
        try {
            return client.listObjectsV2(request.build()).contents().stream()
                    .map(found -> object(found.key(), found.eTag(), found.lastModified()))
                    .toList();
        } catch (SdkException e) {
            throw Failure.of("list " + prefix + " in bucket " + bucket, e);
        }
    }

    private static StoredObject object(String key, @Nullable String etag, Instant modified) {
        return new StoredObject(key, etag == null ? "" : etag.replace("\"", ""), modified);
    }

    @Override
    public void putThumbnail(String key, byte[] jpeg) {
        String thumbnail = ImageStore.thumbnail(key);
        try {
            client.putObject(
                    b -> b.bucket(bucket).key(thumbnail).contentType("image/jpeg"),
                    RequestBody.fromBytes(jpeg));
        } catch (SdkException e) {
            throw Failure.of("write the thumbnail of " + key + " in bucket " + bucket, e);
        }
    }

    @Override
    public boolean copy(String from, String to) {
        try {
            client.copyObject(
                    b ->
                            b.sourceBucket(bucket)
                                    .sourceKey(from)
                                    .destinationBucket(bucket)
                                    .destinationKey(to));
            return true;
        } catch (NoSuchKeyException none) {
            return false;
        } catch (SdkException e) {
            throw Failure.of("copy %s to %s in bucket %s".formatted(from, to, bucket), e);
        }
    }

    /** The type of the file is all that is kept of its metadata. */
    @Override
    public boolean copy(String from, String to, LabelSet set, String label) {
        try {
            String type = client.headObject(b -> b.bucket(bucket).key(from)).contentType();
            client.copyObject(
                    b ->
                            b.sourceBucket(bucket)
                                    .sourceKey(from)
                                    .destinationBucket(bucket)
                                    .destinationKey(to)
                                    .metadataDirective(MetadataDirective.REPLACE)
                                    .taggingDirective(TaggingDirective.REPLACE)
                                    .contentType(type)
                                    .metadata(labelled(set, label)));
            return true;
        } catch (NoSuchKeyException none) {
            return false;
        } catch (SdkException e) {
            throw Failure.of("copy %s to %s in bucket %s".formatted(from, to, bucket), e);
        }
    }

    /** Metadata that {@link #read} takes for a label. */
    static Map<String, String> labelled(LabelSet set, String label) {
        Map<String, String> metadata = new HashMap<>(ImageFile.metadata(set, label));
        metadata.replaceAll((name, value) -> EncodedWords.encoded(value));
        return metadata;
    }

    @Override
    public void delete(List<String> keys) {
        String operation = "delete %d images in bucket %s".formatted(keys.size(), bucket);
        List<ObjectIdentifier> objects =
                keys.stream()
                        .filter(key -> !hasControls(key))
                        .map(key -> ObjectIdentifier.builder().key(key).build())
                        .toList();
        try {
            keys.stream()
                    .filter(S3ImageStore::hasControls)
                    .forEach(key -> client.deleteObject(b -> b.bucket(bucket).key(key)));
            if (objects.isEmpty()) {
                return;
            }
            var answer =
                    client.deleteObjects(
                            b -> b.bucket(bucket).delete(d -> d.objects(objects).quiet(true)));
            if (!answer.errors().isEmpty()) {
                throw new StoreException(
                        "could not %s: %s of %s, try again"
                                .formatted(
                                        operation,
                                        answer.errors().getFirst().code(),
                                        answer.errors().getFirst().key()),
                        null);
            }
        } catch (SdkException e) {
            throw Failure.of(operation, e);
        }
    }

    /** Whether XML 1.0, in which a request names many keys, cannot hold a key. */
    private static boolean hasControls(String key) {
        return key.chars().anyMatch(c -> Character.isISOControl(c) || c >= 0xfffe);
    }

    private Map<String, String> tags(String key) {
        return client.getObjectTagging(b -> b.bucket(bucket).key(key)).tagSet().stream()
                .collect(Collectors.toMap(Tag::key, Tag::value));
    }

    private String operation(String key) {
        return "read " + key + " in bucket " + bucket;
    }
}
