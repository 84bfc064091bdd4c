package dev.graft.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graft.head.HeadStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Heads in a bucket of S3. {@code heads/latest.json} is {@code {"version": …}}; it moves by a
 * conditional write ({@code If-Match}), so two who promote at once cannot both succeed.
 *
 * <p>A version that was never promoted has a mark, an empty file under {@value #UNUSED}. Who
 * promotes takes the mark away first and looks for {@code head.json} after it; who deletes a
 * version deletes {@code head.json} first and looks for the mark after it. So one of the two at
 * least sees the other.
 */
public final class S3HeadStore implements HeadStore {
    private static final String FOLDER = "heads/";
    private static final String LATEST = FOLDER + "latest.json";
    private static final String SETTINGS = FOLDER + "settings.json";
    private static final String CLASSES = FOLDER + "classes.json";
    private static final String COMPLETE = "head.json";
    private static final String UNUSED = "unused/";
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final S3Client client;
    private final String bucket;

    /** Keeps heads in this bucket. */
    public S3HeadStore(S3Client client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    @Override
    public Optional<Pointer> latest() {
        return get(LATEST)
                .flatMap(
                        file ->
                                version(file.asByteArrayUnsafe())
                                        .map(
                                                version ->
                                                        new Pointer(
                                                                version,
                                                                file.response().eTag(),
                                                                file.response().lastModified())));
    }

    /** Empty if the file is none that {@link #promote} wrote. */
    private static Optional<String> version(byte[] json) {
        try {
            JsonNode version = JSON.readTree(json).path("version");
            return Optional.ofNullable(version.textValue())
                    .filter(name -> VERSION.matcher(name).matches());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public List<String> versions() {
        return versions(FOLDER, "/" + COMPLETE);
    }

    @Override
    public List<String> neverUsed() {
        return versions(UNUSED, "");
    }

    /** The versions between these in the keys of the bucket, the one stored last first. */
    private List<String> versions(String folder, String ending) {
        try {
            return client
                    .listObjectsV2Paginator(b -> b.bucket(bucket).prefix(folder))
                    .contents()
                    .stream()
                    .filter(object -> object.key().endsWith(ending))
                    .sorted(
                            Comparator.comparing(S3Object::lastModified)
                                    .thenComparing(S3Object::key)
                                    .reversed())
                    .map(object -> object.key().substring(folder.length()))
                    .map(name -> name.substring(0, name.length() - ending.length()))
                    .filter(name -> VERSION.matcher(name).matches())
                    .toList();
        } catch (SdkException e) {
            throw Failure.of("list the heads in bucket " + bucket, e);
        }
    }

    @Override
    public Optional<byte[]> read(String version, String file) {
        return VERSION.matcher(version).matches()
                ? get(key(version, file)).map(ResponseBytes::asByteArrayUnsafe)
                : Optional.empty();
    }

    @Override
    public void save(String version, Map<String, byte[]> files) {
        if (!VERSION.matcher(version).matches() || !files.containsKey(COMPLETE)) {
            throw new IllegalArgumentException(
                    "head '%s' of %s: expected a version of letters, digits, dots and dashes, and %s among its files"
                            .formatted(version, files.keySet(), COMPLETE));
        }
        if (exists(key(version, COMPLETE))) {
            throw there(version);
        }
        files.forEach(
                (file, bytes) -> {
                    if (!file.equals(COMPLETE)) {
                        put(PutObjectRequest.builder().key(key(version, file)), bytes);
                    }
                });
        if (!put(
                PutObjectRequest.builder().key(key(version, COMPLETE)).ifNoneMatch("*"),
                files.get(COMPLETE))) {
            throw there(version);
        }
        put(PutObjectRequest.builder().key(UNUSED + version), new byte[0]);
    }

    @Override
    public boolean delete(String version) {
        if (!VERSION.matcher(version).matches() || !exists(UNUSED + version)) {
            return false;
        }
        Optional<byte[]> card = read(version, COMPLETE);
        erase(key(version, COMPLETE));
        if (!exists(UNUSED + version)) { // promoted at this moment
            card.ifPresent(
                    bytes -> put(PutObjectRequest.builder().key(key(version, COMPLETE)), bytes));
            return false;
        }
        try {
            client.listObjectsV2(b -> b.bucket(bucket).prefix(key(version, ""))).contents().stream()
                    .forEach(object -> erase(object.key()));
        } catch (SdkException e) {
            throw Failure.of("list head " + version + " in bucket " + bucket, e);
        }
        erase(UNUSED + version);
        return true;
    }

    private void erase(String key) {
        try {
            client.deleteObject(b -> b.bucket(bucket).key(key));
        } catch (SdkException e) {
            throw Failure.of("delete " + key + " in bucket " + bucket, e);
        }
    }

    @Override
    public boolean promote(String version, Optional<Pointer> expected) {
        if (!VERSION.matcher(version).matches() || !exists(key(version, COMPLETE))) {
            throw none(version);
        }
        erase(UNUSED + version);
        if (!exists(key(version, COMPLETE))) {
            throw none(version);
        }
        Optional<String> etag = expected.map(Pointer::etag).or(this::unreadablePointer);
        return put(
                ConditionalPut.inPlaceOf(etag, PutObjectRequest.builder().key(LATEST)),
                JSON.createObjectNode()
                        .put("version", version)
                        .toString()
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** The ETag of a pointer that names no version, so that a promotion can replace it. */
    private Optional<String> unreadablePointer() {
        return get(LATEST)
                .filter(file -> version(file.asByteArrayUnsafe()).isEmpty())
                .map(file -> file.response().eTag());
    }

    @Override
    public Optional<Settings> settings() {
        return settings(SETTINGS);
    }

    @Override
    public Optional<Settings> classes() {
        return settings(CLASSES);
    }

    private Optional<Settings> settings(String key) {
        return get(key).map(file -> new Settings(file.asByteArrayUnsafe(), file.response().eTag()));
    }

    @Override
    public boolean replaceSettings(byte[] json, Optional<Settings> expected) {
        return replace(SETTINGS, json, expected);
    }

    @Override
    public boolean replaceClasses(byte[] json, Optional<Settings> expected) {
        return replace(CLASSES, json, expected);
    }

    private boolean replace(String key, byte[] json, Optional<Settings> expected) {
        var request = PutObjectRequest.builder().key(key);
        return put(ConditionalPut.inPlaceOf(expected.map(Settings::etag), request), json);
    }

    private boolean exists(String key) {
        try {
            client.headObject(b -> b.bucket(bucket).key(key));
            return true;
        } catch (NoSuchKeyException none) {
            return false;
        } catch (SdkException e) {
            throw Failure.of("look for " + key + " in bucket " + bucket, e);
        }
    }

    private Optional<ResponseBytes<GetObjectResponse>> get(String key) {
        try {
            return Optional.of(client.getObjectAsBytes(b -> b.bucket(bucket).key(key)));
        } catch (NoSuchKeyException none) {
            return Optional.empty();
        } catch (SdkException e) {
            throw Failure.of("read " + key + " in bucket " + bucket, e);
        }
    }

    private boolean put(PutObjectRequest.Builder request, byte[] bytes) {
        return ConditionalPut.put(client, request.bucket(bucket).build(), bytes);
    }

    private static String key(String version, String file) {
        return FOLDER + version + "/" + file;
    }

    private static IllegalArgumentException none(String version) {
        return new IllegalArgumentException(
                "there is no head '" + version + "': choose one that was saved");
    }

    private static IllegalStateException there(String version) {
        return new IllegalStateException(
                "head " + version + " is there already, and versions never change");
    }
}
