package dev.graft.local;

import dev.graft.aws.Aws;
import dev.graft.aws.Format1;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
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
 * <p>Unlike Amazon's, this S3 keeps no object tags (a request that brings some is refused), and a
 * label in the metadata must be ASCII.
 */
public final class EmbeddedCloud implements Cloud {
    private static final String IMAGES_BUCKET = "graft-images";
    private static final String HEADS_BUCKET = "graft-heads";
    private static final String TABLE = "graft";
    private static final String FORMAT_1 = "graft-features";
    private static final String REGION = "us-east-1";
    private static final String KEY = "graft";
    private static final String SECRET = "graft-on-this-machine";

    /** Lets a page of this machine send pictures through links that the classifier signed. */
    private static final CrossOriginResourceSharing LOCAL_PAGES =
            new CrossOriginResourceSharing(
                    List.of("http://127\\.0\\.0\\.1:[0-9]+"),
                    List.of("PUT"),
                    List.of("Content-Type"),
                    List.of(),
                    "");

    private final NotifyingBlobStore images;
    private final S3Proxy s3;
    private final EmbeddedDynamoDb dynamoDb;

    private EmbeddedCloud(Optional<Path> folder, Consumer<String> s3Events) {
        this.dynamoDb = new EmbeddedDynamoDb(folder.map(path -> created(path.resolve("dynamodb"))));
        BlobStore blobs =
                folder.<BlobStore>map(
                                path ->
                                        new FilesystemNio2BlobStore(
                                                created(path.resolve("s3")).toString()))
                        .orElseGet(TransientNio2BlobStore::new);
        this.images = new NotifyingBlobStore(blobs, IMAGES_BUCKET, REGION, s3Events);
        this.s3 =
                S3Proxy.builder()
                        .blobStore(images)
                        .endpoint(URI.create("http://127.0.0.1:0"))
                        .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, KEY, SECRET)
                        .corsRules(LOCAL_PAGES)
                        .build();
        WholeRequest.of(s3);
        try {
            s3.start();
        } catch (Exception e) {
            throw new IllegalStateException("could not start S3 on this machine", e);
        }
        try (Aws aws = new Aws(environment())) {
            aws.createMissing(IMAGES_BUCKET, HEADS_BUCKET, TABLE);
            aws.giveEtag(HEADS_BUCKET, "heads/latest.json");
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
     */
    public static EmbeddedCloud in(Path folder, Consumer<String> s3Events) {
        return new EmbeddedCloud(Optional.of(folder), s3Events);
    }

    @Override
    public Map<String, String> environment() {
        return Map.of(
                "AWS_REGION", REGION,
                "AWS_ACCESS_KEY_ID", KEY,
                "AWS_SECRET_ACCESS_KEY", SECRET,
                "AWS_ENDPOINT_URL_S3", "http://127.0.0.1:" + s3.getPort(),
                "AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:" + dynamoDb.port(),
                "IMAGES_BUCKET", IMAGES_BUCKET,
                "HEADS_BUCKET", HEADS_BUCKET,
                "TABLE", TABLE);
    }

    @Override
    public void tellAgain(String imageKey) {
        images.created("Put", IMAGES_BUCKET, imageKey);
    }

    @Override
    public void close() {
        try (dynamoDb) {
            s3.stop();
        } catch (Exception e) {
            throw new IllegalStateException("could not stop S3 on this machine", e);
        }
    }

    private static Path created(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "cannot make the data folder " + folder + ": choose one that can be written",
                    e);
        }
    }
}
