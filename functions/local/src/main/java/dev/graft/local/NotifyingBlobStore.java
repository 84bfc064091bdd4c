package dev.graft.local;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.feature.ImageStore;
import dev.graft.feature.Sha256;
import dev.graft.ingest.LabelIngest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * Keeps object tags, and tells what happens under {@code images/} and {@code labels/} of one bucket
 * as S3 does, each change after it was made: Amazon S3 User Guide, "Event message structure",
 * version 2.1. (The blob stores of S3Proxy speak in the AWS SDK's requests, hence the imports.)
 */
final class NotifyingBlobStore extends ForwardingBlobStore {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** A file name has at most 255, of which the store takes 37 while it writes. */
    private static final int MAX_NAME_BYTES = 218;

    /** W3C XML 1.0, section 2.2: a list of keys could not hold them. */
    private static final Pattern NOT_IN_XML =
            Pattern.compile(
                    "[^\\t\\n\\r\\x{20}-\\x{d7ff}\\x{e000}-\\x{fffd}\\x{10000}-\\x{10ffff}]");

    /** Holds the tags of each object that has some, by {@link #place}. */
    private static final String TAGS = "graft-tags";

    /**
     * What S3Proxy does not hand on of the request that this thread answers.
     *
     * @param given tags of the object that it stores; empty where it gives none
     * @param count takes how many tags the object has that it asks for
     */
    record TagsOfRequest(Optional<ObjectTags> given, IntConsumer count) {}

    static final ThreadLocal<TagsOfRequest> REQUEST =
            ThreadLocal.withInitial(() -> new TagsOfRequest(Optional.empty(), count -> {}));

    private final String bucket;
    private final String region;
    private final Consumer<String> events;
    private final Object conditional = new Object();
    private final Walk walk = new Walk();

    /** Counts from the time, so that a later run goes on above an earlier one. */
    private final AtomicLong sequencer = new AtomicLong(System.currentTimeMillis() << 20);

    NotifyingBlobStore(BlobStore delegate, String bucket, String region, Consumer<String> events) {
        super(delegate);
        this.bucket = bucket;
        this.region = region;
        this.events = events;
        if (!delegate.containerExists(TAGS)) {
            delegate.createContainer(TAGS);
        }
    }

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
        return walk.page(request, super::list);
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream body) {
        requirePath(request.key());
        walk.changed();
        PutObjectResponse answer;
        try {
            answer = put(request, body);
        } catch (RuntimeException e) {
            throw ofPath(request.key(), e);
        }
        keep(request.bucket(), request.key(), REQUEST.get().given().orElse(ObjectTags.NONE));
        created("Put", request.bucket(), request.key());
        return answer;
    }

    /**
     * Refuses a key that S3 takes and that cannot be the path of a file below the bucket's folder:
     * it would become another key, or could not be listed.
     */
    private static void requirePath(String key) {
        for (String name : key.split("/", -1)) {
            boolean tooLong = name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES;
            if (name.equals(".")
                    || name.equals("..")
                    || tooLong
                    || NOT_IN_XML.matcher(name).find()) {
                throw S3Exceptions.invalidArgument(
                        "on one machine a key is the path of a file: '%s' in it is . or .., has more than %d bytes or a control character; choose another key"
                                .formatted(
                                        NOT_IN_XML.matcher(name).replaceAll("?"), MAX_NAME_BYTES));
            }
        }
    }

    /**
     * The failure in our words where a key and the folder of another one are in each other's way.
     */
    private static RuntimeException ofPath(String key, RuntimeException e) {
        boolean isInTheWay =
                e.getCause() instanceof FileSystemException file
                        && List.of("Is a directory", "Not a directory")
                                .contains(String.valueOf(file.getReason()));
        return isInTheWay
                ? S3Exceptions.invalidArgument(
                        "on one machine a key is the path of a file: '%s' is a folder of other keys, or another key is one of its folders; choose another key"
                                .formatted(key))
                : e;
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
        requirePath(request.destinationKey());
        ObjectTags tags =
                REQUEST.get()
                        .given()
                        .orElseGet(() -> tags(request.sourceBucket(), request.sourceKey()));
        walk.changed();
        CopyObjectResponse answer = super.copyBlob(request);
        keep(request.destinationBucket(), request.destinationKey(), tags);
        created("Copy", request.destinationBucket(), request.destinationKey());
        return answer;
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        requirePath(upload.blobName());
        walk.changed();
        CompleteMultipartUploadResponse answer = super.completeMultipartUpload(upload, request);
        keep(upload.containerName(), upload.blobName(), ObjectTags.NONE);
        created("CompleteMultipartUpload", upload.containerName(), upload.blobName());
        return answer;
    }

    @Override
    public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
        // numbered before it is gone, so that an upload that comes meanwhile has a higher number
        ObjectNode object = object(request.key());
        walk.changed();
        DeleteObjectResponse answer = super.removeBlob(request);
        keep(request.bucket(), request.key(), ObjectTags.NONE);
        if (watched(request.bucket(), request.key())) {
            tell("ObjectRemoved:Delete", object);
        }
        return answer;
    }

    @Override
    public HeadObjectResponse blobMetadata(HeadObjectRequest request) {
        REQUEST.get().count().accept(tags(request.bucket(), request.key()).count());
        return super.blobMetadata(request);
    }

    @Override
    public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
        REQUEST.get().count().accept(tags(request.bucket(), request.key()).count());
        return super.getBlob(request);
    }

    /** Tags of an object. */
    ObjectTags tags(String in, String key) {
        try (ResponseInputStream<GetObjectResponse> kept =
                delegate().getBlob(TAGS, place(in, key))) {
            return kept == null
                    ? ObjectTags.NONE
                    : ObjectTags.ofHeader(new String(kept.readAllBytes(), US_ASCII));
        } catch (NoSuchKeyException none) {
            return ObjectTags.NONE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives an object that is there these tags instead of those it has. */
    void tag(String in, String key, ObjectTags tags) {
        keep(in, key, tags);
        if (watched(in, key)) {
            ObjectNode object = JSON.createObjectNode().put("key", encoded(key));
            tell("ObjectTagging:" + (tags.count() == 0 ? "Delete" : "Put"), object);
        }
    }

    private void keep(String in, String key, ObjectTags tags) {
        walk.changed();
        if (tags.count() == 0) {
            delegate().removeBlob(TAGS, place(in, key));
        } else {
            byte[] text = tags.header().getBytes(US_ASCII);
            PutObjectRequest request =
                    PutObjectRequest.builder()
                            .bucket(TAGS)
                            .key(place(in, key))
                            .contentLength((long) text.length)
                            .build();
            delegate().putBlob(request, new ByteArrayInputStream(text));
        }
    }

    /** A hash, as a file cannot lie where the folder of other keys is. */
    private static String place(String in, String key) {
        return Sha256.of((in + "/" + key).getBytes(StandardCharsets.UTF_8));
    }

    /** The prefixes that the deployment's notifications name. */
    private boolean watched(String in, String key) {
        return in.equals(bucket)
                && (key.startsWith(ImageStore.PREFIX) || key.startsWith(LabelIngest.PREFIX));
    }

    /** Tells of an object that is there, if it is watched. */
    private void created(String how, String in, String key) {
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
        object.put("key", encoded(key));
        object.put("sequencer", "%016X".formatted(sequencer.incrementAndGet()));
        return object;
    }

    private static String encoded(String key) {
        return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/");
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
        one.putObject("responseElements")
                .put("x-amz-request-id", object.path("sequencer").asText());
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
