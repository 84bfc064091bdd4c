package dev.graft.aws;

import dev.graft.feature.ImageFile;
import dev.graft.feature.ImageStore;
import dev.graft.feature.StoreException;
import dev.graft.image.UnreadableImageException;
import java.io.IOException;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.Tag;

/** Images in a bucket of S3; one request for each, two if the object has tags. */
public final class S3ImageStore implements ImageStore {
    /** Name of the object tag and of the user metadata that hold a label. */
    private static final String LABEL = "label";

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
            Optional<String> tag = tagged ? tagLabel(key) : Optional.empty();
            Optional<String> metadata = Optional.ofNullable(head.metadata().get(LABEL));
            return Optional.of(new ImageFile(key, bytes, tag, metadata));
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
    public void delete(String key) {
        try {
            client.deleteObject(b -> b.bucket(bucket).key(key));
        } catch (SdkException e) {
            throw Failure.of("delete " + key + " in bucket " + bucket, e);
        }
    }

    private Optional<String> tagLabel(String key) {
        return client.getObjectTagging(b -> b.bucket(bucket).key(key)).tagSet().stream()
                .filter(tag -> tag.key().equals(LABEL))
                .map(Tag::value)
                .findFirst();
    }

    private String operation(String key) {
        return "read " + key + " in bucket " + bucket;
    }
}
