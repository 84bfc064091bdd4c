package dev.graft.aws;

import dev.graft.feature.NetworkStore;
import dev.graft.feature.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Networks under {@code networks/} in the heads bucket. */
public final class S3NetworkStore implements NetworkStore {
    private static final String FOLDER = "networks/";

    private final S3Client client;
    private final String bucket;

    /** Keeps networks in this bucket. */
    public S3NetworkStore(S3Client client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    /**
     * {@inheritDoc} Asks for one byte: a HEAD would cost as much, and a function that starts would
     * have to load the types of another request and response for it.
     */
    @Override
    public boolean has(String identity) {
        try {
            client.getObjectAsBytes(b -> b.bucket(bucket).key(key(identity)).range("bytes=0-0"));
            return true;
        } catch (NoSuchKeyException none) {
            return false;
        } catch (SdkException e) {
            throw Failure.of("look for " + key(identity) + " in bucket " + bucket, e);
        }
    }

    @Override
    public void keep(String identity, Path network) {
        if (has(identity)) {
            return;
        }
        try {
            client.putObject(b -> b.bucket(bucket).key(key(identity)), network);
        } catch (SdkException e) {
            throw Failure.of("write " + key(identity) + " in bucket " + bucket, e);
        }
    }

    @Override
    public boolean copy(String identity, Path to) {
        try (var object = client.getObject(b -> b.bucket(bucket).key(key(identity)))) {
            Files.copy(object, to, StandardCopyOption.REPLACE_EXISTING);
            return true;
        } catch (NoSuchKeyException none) {
            return false;
        } catch (SdkException e) {
            throw Failure.of("read " + key(identity) + " in bucket " + bucket, e);
        } catch (IOException e) {
            throw new StoreException("could not copy " + key(identity) + " to " + to, e);
        }
    }

    private static String key(String identity) {
        return FOLDER + identity + ".onnx";
    }
}
