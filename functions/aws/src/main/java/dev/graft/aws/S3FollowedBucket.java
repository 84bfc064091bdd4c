package dev.graft.aws;

import dev.graft.feature.ImageStore;
import dev.graft.ingest.FollowedBucket;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** A bucket of S3 that is followed; one request for each object, which S3 itself copies. */
public final class S3FollowedBucket implements FollowedBucket {
    private final S3Client client;
    private final String name;
    private final String images;

    /**
     * Follows one bucket.
     *
     * @param name of it
     * @param images name of the images bucket
     */
    public S3FollowedBucket(S3Client client, String name, String images) {
        this.client = client;
        this.name = name;
        this.images = images;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void copy(String key) {
        String image = ImageStore.PREFIX + key;
        try {
            client.copyObject(
                    b ->
                            b.sourceBucket(name)
                                    .sourceKey(key)
                                    .destinationBucket(images)
                                    .destinationKey(image));
        } catch (NoSuchKeyException gone) {
            delete(image);
        } catch (SdkException e) {
            throw Failure.of("copy %s of bucket %s to the images".formatted(key, name), e);
        }
    }

    private void delete(String image) {
        try {
            client.deleteObject(b -> b.bucket(images).key(image));
        } catch (SdkException e) {
            throw Failure.of("delete %s in bucket %s".formatted(image, images), e);
        }
    }
}
