package dev.graft.local;

import dev.graft.aws.Aws;
import dev.graft.aws.ImageTable;
import dev.graft.feature.StoreException;
import java.nio.file.Path;
import java.util.List;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** What the deployment template and the users of a stack do, for the S3 of one machine. */
public final class Buckets {
    private Buckets() {}

    /** Creates what is missing of some buckets and a table. */
    static void createMissing(Aws aws, List<String> buckets, String table) {
        for (String bucket : buckets) {
            try {
                aws.s3().headBucket(b -> b.bucket(bucket));
            } catch (NoSuchBucketException missing) {
                aws.s3().createBucket(b -> b.bucket(bucket));
            }
        }
        ImageTable.create(aws.dynamoDb(), table);
    }

    /**
     * Writes an object again that has no ETag, as in a folder of S3Proxy that was copied without
     * the attributes of its files: without one, a conditional write cannot replace it.
     */
    static void giveEtag(S3Client s3, String bucket, String key) {
        try {
            ResponseBytes<GetObjectResponse> object =
                    s3.getObjectAsBytes(b -> b.bucket(bucket).key(key));
            if (object.response().eTag() == null) {
                s3.putObject(
                        b -> b.bucket(bucket).key(key),
                        RequestBody.fromBytes(object.asByteArray()));
            }
        } catch (NoSuchKeyException none) {
            // nothing to replace
        }
    }

    /**
     * Uploads a file as an object.
     *
     * @throws StoreException if S3 does not take it
     */
    public static void put(S3Client s3, String bucket, String key, Path file) {
        try {
            s3.putObject(b -> b.bucket(bucket).key(key), file);
        } catch (SdkException e) {
            throw new StoreException("could not upload %s to bucket %s".formatted(key, bucket), e);
        }
    }

    /**
     * Copies an object with its tags and metadata.
     *
     * @throws StoreException if S3 does not
     */
    static void copy(S3Client s3, String bucket, String from, String to) {
        try {
            s3.copyObject(
                    b ->
                            b.sourceBucket(bucket)
                                    .sourceKey(from)
                                    .destinationBucket(bucket)
                                    .destinationKey(to));
        } catch (SdkException e) {
            throw new StoreException(
                    "could not copy %s to %s in bucket %s".formatted(from, to, bucket), e);
        }
    }
}
