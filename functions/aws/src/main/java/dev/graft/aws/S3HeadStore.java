package dev.graft.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.feature.LabelSet;
import dev.graft.feature.StoreException;
import dev.graft.head.HeadStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Heads in a bucket of S3. {@code heads/latest.json} is {@code {"version": …, "change": …}},
 * without a version where no head is in use; it moves by a conditional write ({@code If-Match}), so
 * two who promote at once cannot both succeed.
 *
 * <p>A version that was never promoted has a mark, an empty file under {@value #UNUSED}. Who
 * promotes takes the mark away first and looks for {@code head.json} after it; who deletes a
 * version deletes {@code head.json} first and looks for the mark after it. So one of the two at
 * least sees the other. Who deletes a version that was promoted gives it a mark first and then
 * writes the pointer anew, so that a promotion which looked for the mark before does not succeed.
 */
public final class S3HeadStore implements HeadStore {
    private static final String HEADS = "heads/";
    private static final String LATEST = "latest.json";
    private static final String SETTINGS = "settings.json";
    private static final String CLASSES = "classes.json";
    private static final String COMPLETE = "head.json";
    private static final String UNUSED = "unused/";
    private static final int TRIES = 20;
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final S3Client client;
    private final String bucket;
    private final String folder;
    private final String unused;

    /** Keeps heads in this bucket. */
    public S3HeadStore(S3Client client, String bucket) {
        this(client, bucket, LabelSet.DEFAULT);
    }

    private S3HeadStore(S3Client client, String bucket, LabelSet set) {
        this.client = client;
        this.bucket = bucket;
        this.folder = HEADS + set.folder();
        this.unused = UNUSED + set.folder();
    }

    @Override
    public HeadStore in(LabelSet set) {
        return new S3HeadStore(client, bucket, set);
    }

    @Override
    public SortedSet<LabelSet> sets() {
        return SetFolders.in(client, bucket, HEADS);
    }

    @Override
    public Optional<Pointer> latest() {
        return get(folder + LATEST).flatMap(S3HeadStore::pointer);
    }

    /** Empty if the file is none that {@link #promote} wrote. */
    private static Optional<Pointer> pointer(ResponseBytes<GetObjectResponse> file) {
        try {
            JsonNode json = JSON.readTree(file.asByteArrayUnsafe());
            GetObjectResponse stored = file.response();
            String moved = json.path("moved").asText(stored.lastModified().toString());
            return Optional.ofNullable(json.path("version").textValue())
                    .filter(name -> VERSION.matcher(name).matches())
                    .map(version -> new Pointer(version, stored.eTag(), Instant.parse(moved)));
        } catch (IOException | DateTimeParseException e) {
            return Optional.empty();
        }
    }

    @Override
    public List<String> versions() {
        return versions(folder, "/" + COMPLETE);
    }

    @Override
    public List<String> neverUsed() {
        return versions(unused, "");
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
        put(PutObjectRequest.builder().key(unused + version), new byte[0]);
    }

    @Override
    public boolean delete(String version) {
        if (!VERSION.matcher(version).matches() || !exists(unused + version)) {
            return false;
        }
        Optional<byte[]> card = read(version, COMPLETE);
        erase(key(version, COMPLETE));
        if (!exists(unused + version)) { // promoted at this moment
            card.ifPresent(
                    bytes -> put(PutObjectRequest.builder().key(key(version, COMPLETE)), bytes));
            return false;
        }
        names(key(version, "")).forEach(this::erase);
        erase(unused + version);
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
    public boolean deleteOutOfUse(String version) {
        if (!VERSION.matcher(version).matches() || names(key(version, "")).isEmpty()) {
            return false;
        }
        for (int i = 0; i < TRIES; i++) {
            var stored = get(folder + LATEST);
            Optional<Pointer> pointer = stored.flatMap(S3HeadStore::pointer);
            if (pointer.filter(inUse -> inUse.version().equals(version)).isPresent()) {
                return false;
            }
            put(PutObjectRequest.builder().key(unused + version), new byte[0]);
            if (move(stored.map(file -> file.response().eTag()), pointer)) {
                return delete(version);
            }
        }
        throw new StoreException(
                "could not delete head %s in bucket %s: others promoted heads %d times meanwhile, try again"
                        .formatted(version, bucket, TRIES),
                null);
    }

    @Override
    public boolean retire(Pointer expected) {
        return move(Optional.of(expected.etag()), Optional.empty());
    }

    @Override
    public SortedMap<String, List<String>> files() {
        return names(folder).stream()
                .map(key -> key.substring(folder.length()))
                .filter(name -> !name.startsWith(LabelSet.FOLDER))
                .map(name -> name.split("/", 2))
                .filter(parts -> parts.length == 2 && VERSION.matcher(parts[0]).matches())
                .collect(
                        Collectors.groupingBy(
                                parts -> parts[0],
                                TreeMap::new,
                                Collectors.mapping(parts -> parts[1], Collectors.toList())));
    }

    private List<String> names(String prefix) {
        try {
            return client
                    .listObjectsV2Paginator(b -> b.bucket(bucket).prefix(prefix))
                    .contents()
                    .stream()
                    .map(S3Object::key)
                    .toList();
        } catch (SdkException e) {
            throw Failure.of("list the heads in bucket " + bucket, e);
        }
    }

    @Override
    public boolean promote(String version, Optional<Pointer> expected) {
        Optional<String> etag = expected.map(Pointer::etag).or(this::unreadablePointer);
        if (!VERSION.matcher(version).matches() || !exists(key(version, COMPLETE))) {
            throw none(version);
        }
        erase(unused + version);
        if (!exists(key(version, COMPLETE))) {
            throw none(version);
        }
        return write(etag, JSON.createObjectNode().put("version", version));
    }

    /** Writes the pointer anew, to the same head, so that nobody moves it who read it before. */
    private boolean move(Optional<String> etag, Optional<Pointer> to) {
        ObjectNode json = JSON.createObjectNode();
        to.ifPresent(
                inUse ->
                        json.put("version", inUse.version())
                                .put("moved", inUse.moved().toString()));
        return write(etag, json);
    }

    /** An ETag is a hash of the contents, so that each write has contents of its own. */
    private boolean write(Optional<String> etag, ObjectNode json) {
        json.put("change", UUID.randomUUID().toString());
        return put(
                ConditionalPut.inPlaceOf(etag, PutObjectRequest.builder().key(folder + LATEST)),
                json.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** The ETag of a pointer that names no version, so that a promotion can replace it. */
    private Optional<String> unreadablePointer() {
        return get(folder + LATEST)
                .filter(file -> pointer(file).isEmpty())
                .map(file -> file.response().eTag());
    }

    @Override
    public Optional<Settings> settings() {
        return settings(folder + SETTINGS);
    }

    @Override
    public Optional<Settings> classes() {
        return settings(folder + CLASSES);
    }

    private Optional<Settings> settings(String key) {
        return get(key).map(file -> new Settings(file.asByteArrayUnsafe(), file.response().eTag()));
    }

    @Override
    public boolean replaceSettings(byte[] json, Optional<Settings> expected) {
        return replace(folder + SETTINGS, json, expected);
    }

    @Override
    public boolean replaceClasses(byte[] json, Optional<Settings> expected) {
        return replace(folder + CLASSES, json, expected);
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

    private String key(String version, String file) {
        return folder + version + "/" + file;
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
