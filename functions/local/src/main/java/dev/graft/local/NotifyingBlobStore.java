package dev.graft.local;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.feature.ImageStore;
import dev.graft.ingest.LabelIngest;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * Tells what happens under {@code images/} and {@code labels/} of one bucket as S3 does, each
 * change after it was made: Amazon S3 User Guide, "Event message structure", version 2.1. (The blob
 * stores of S3Proxy speak in the AWS SDK's requests, hence the imports.)
 */
final class NotifyingBlobStore extends ForwardingBlobStore {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String bucket;
    private final String region;
    private final Consumer<String> events;
    private final Object conditional = new Object();

    /** Counts from the time, so that a later run goes on above an earlier one. */
    private final AtomicLong sequencer = new AtomicLong(System.currentTimeMillis() << 20);

    NotifyingBlobStore(BlobStore delegate, String bucket, String region, Consumer<String> events) {
        super(delegate);
        this.bucket = bucket;
        this.region = region;
        this.events = events;
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream body) {
        PutObjectResponse answer = put(request, body);
        created("Put", request.bucket(), request.key());
        return answer;
    }

    /**
     * Looks and writes at once, as S3 does: S3Proxy compares {@code If-Match} before it reads the
     * body, so that several of those who race would win.
     */
    private PutObjectResponse put(PutObjectRequest request, InputStream body) {
        if (request.ifMatch() == null) {
            return super.putBlob(request, body);
        }
        synchronized (conditional) {
            HeadObjectResponse there =
                    delegate().blobMetadataIfPresent(request.bucket(), request.key());
            if (there == null || !unquoted(there.eTag()).equals(unquoted(request.ifMatch()))) {
                throw S3Exceptions.preconditionFailed(null);
            }
            return super.putBlob(request, body);
        }
    }

    @Override
    public CopyObjectResponse copyBlob(CopyObjectRequest request) {
        CopyObjectResponse answer = super.copyBlob(request);
        created("Copy", request.destinationBucket(), request.destinationKey());
        return answer;
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        CompleteMultipartUploadResponse answer = super.completeMultipartUpload(upload, request);
        created("CompleteMultipartUpload", upload.containerName(), upload.blobName());
        return answer;
    }

    @Override
    public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
        DeleteObjectResponse answer = super.removeBlob(request);
        if (watched(request.bucket(), request.key())) {
            tell("ObjectRemoved:Delete", object(request.key()));
        }
        return answer;
    }

    /** The prefixes that the deployment's notifications name. */
    private boolean watched(String in, String key) {
        return in.equals(bucket)
                && (key.startsWith(ImageStore.PREFIX) || key.startsWith(LabelIngest.PREFIX));
    }

    /** Tells of an object that is there, if it is watched. */
    void created(String how, String in, String key) {
        if (!watched(in, key)) {
            return;
        }
        HeadObjectResponse stored = delegate().blobMetadataIfPresent(in, key);
        if (stored != null) {
            ObjectNode object = object(key);
            object.put("size", stored.contentLength());
            object.put("eTag", unquoted(stored.eTag()));
            tell("ObjectCreated:" + how, object);
        }
    }

    /** Empty where there is none, as in a data folder that was copied without its attributes. */
    private static String unquoted(@Nullable String etag) {
        return etag == null ? "" : etag.replace("\"", "");
    }

    private ObjectNode object(String key) {
        ObjectNode object = JSON.createObjectNode();
        object.put("key", URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/"));
        object.put("sequencer", "%016X".formatted(sequencer.incrementAndGet()));
        return object;
    }

    private void tell(String event, ObjectNode object) {
        ObjectNode message = JSON.createObjectNode();
        ObjectNode one = message.putArray("Records").addObject();
        one.put("eventVersion", "2.1");
        one.put("eventSource", "aws:s3");
        one.put("awsRegion", region);
        one.put("eventTime", Instant.now().toString());
        one.put("eventName", event);
        one.putObject("userIdentity").put("principalId", "graft");
        one.putObject("requestParameters").put("sourceIPAddress", "127.0.0.1");
        one.putObject("responseElements").put("x-amz-request-id", object.get("sequencer").asText());
        ObjectNode s3 = one.putObject("s3");
        s3.put("s3SchemaVersion", "1.0");
        s3.put("configurationId", "images");
        ObjectNode where = s3.putObject("bucket");
        where.put("name", bucket);
        where.putObject("ownerIdentity").put("principalId", "graft");
        where.put("arn", "arn:aws:s3:::" + bucket);
        s3.set("object", object);
        events.accept(message.toString());
    }
}
