package dev.graft.local;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.graft.aws.Aws;
import dev.graft.aws.Format1;
import dev.graft.feature.Sha256;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.gaul.s3proxy.CrossOriginResourceSharing;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;

/**
 * S3 and DynamoDB inside this process, each with its real HTTP API on a port of the loopback
 * address: S3Proxy and AWS's DynamoDB Local. The buckets and the table are made if they are
 * missing, and every change in the images bucket tells its S3 event. Safe for use by many threads.
 *
 * <p>Unlike Amazon's, this S3 takes no object tags with an upload in parts (they can be given when
 * it is complete), and a label in the metadata must be ASCII.
 */
public final class EmbeddedCloud implements Cloud {
    private static final String IMAGES_BUCKET = "graft-images";
    private static final String HEADS_BUCKET = "graft-heads";
    private static final String TABLE = "graft";
    private static final String FORMAT_1 = "graft-features";
    private static final String REGION = "us-east-1";

    /** Lets a page of this machine send pictures through links that the classifier signed. */
    private static final CrossOriginResourceSharing LOCAL_PAGES =
            new CrossOriginResourceSharing(
                    List.of("http://" + Door.HERE),
                    List.of("PUT"),
                    List.of("*"), // it knows no x-amz-meta-*
                    List.of(),
                    "");

    private final Optional<DataFolder> folder;
    private final String keyId;
    private final String secret;
    private final NotifyingBlobStore objects;
    private final S3Proxy s3;
    private final EmbeddedDynamoDb dynamoDb;

    private EmbeddedCloud(Optional<DataFolder> folder, Consumer<String> s3Events) {
        this.folder = folder;
        this.secret = folder.map(DataFolder::secret).orElseGet(DataFolder::newSecret);
        // DynamoDB Local checks no signature, so the name of the key has to be a secret too
        this.keyId = "graft" + Sha256.of(secret.getBytes(US_ASCII)).substring(0, 20);
        this.dynamoDb = new EmbeddedDynamoDb(folder.map(data -> data.folder("dynamodb")), keyId);
        BlobStore blobs =
                folder.<BlobStore>map(
                                data -> new FilesystemNio2BlobStore(data.folder("s3").toString()))
                        .orElseGet(TransientNio2BlobStore::new);
        this.objects = new NotifyingBlobStore(blobs, IMAGES_BUCKET, REGION, s3Events);
        this.s3 =
                S3Proxy.builder()
                        .blobStore(objects)
                        .endpoint(URI.create("http://127.0.0.1:0"))
                        .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, keyId, secret)
                        .corsRules(LOCAL_PAGES)
                        .build();
        S3Requests.of(s3, objects, folder);
        try {
            s3.start();
        } catch (Exception e) {
            throw new IllegalStateException("could not start S3 on this machine", e);
        }
        try (Aws aws = new Aws(environment())) {
            Buckets.createMissing(aws, List.of(IMAGES_BUCKET, HEADS_BUCKET), TABLE);
            Buckets.giveEtag(aws.s3(), HEADS_BUCKET, "heads/latest.json");
            move(aws.format1(FORMAT_1, TABLE));
        }
    }

    /** What an earlier version left in the folder; goes on where a move was killed. */
    private static void move(Format1 earlier) {
        Format1.Progress progress;
        do {
            progress =
                    earlier.move(
                            Instant.MAX,
                            moved ->
                                    System.out.printf(
                                            Locale.ROOT,
                                            "moving the data of an earlier version: %,d done%n",
                                            moved));
        } while (!progress.complete());
    }

    /**
     * Starts with everything in memory.
     *
     * @param s3Events takes each event of the images bucket as the JSON that Lambda gets; called on
     *     the thread that answers the upload, so it should hand the work on
     */
    public static EmbeddedCloud inMemory(Consumer<String> s3Events) {
        return new EmbeddedCloud(Optional.empty(), s3Events);
    }

    /**
     * Starts with everything in files, and goes on with what an earlier run left there.
     *
     * @param folder where; made if it is missing
     * @param s3Events as for {@link #inMemory}
     * @throws IllegalArgumentException if it cannot be written, is in use or has no room
     */
    public static EmbeddedCloud in(Path folder, Consumer<String> s3Events) {
        return new EmbeddedCloud(Optional.of(new DataFolder(folder)), s3Events);
    }

    @Override
    public Map<String, String> environment() {
        return Map.of(
                "AWS_REGION", REGION,
                "AWS_ACCESS_KEY_ID", keyId,
                "AWS_SECRET_ACCESS_KEY", secret,
                "AWS_ENDPOINT_URL_S3", "http://127.0.0.1:" + s3.getPort(),
                "AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:" + dynamoDb.port(),
                "IMAGES_BUCKET", IMAGES_BUCKET,
                "HEADS_BUCKET", HEADS_BUCKET,
                "TABLE", TABLE);
    }

    /** Without HTTP where that makes no difference. */
    @Override
    public Aws aws(Map<String, String> environment) {
        return new Aws(
                environment,
                InProcessS3.before(objects, this::hasRoom),
                InProcessDynamoDb.before(dynamoDb.requests(), keyId, REGION));
    }

    private boolean hasRoom(long bytes) {
        return folder.isEmpty() || folder.get().full(bytes) == null;
    }

    @Override
    public void close() {
        try (AutoCloseable _ = folder.isPresent() ? folder.get() : () -> {};
                dynamoDb) {
            s3.stop();
        } catch (Exception e) {
            throw new IllegalStateException("could not stop S3 on this machine", e);
        }
    }
}
