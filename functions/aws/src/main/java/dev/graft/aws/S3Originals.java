package dev.graft.aws;

import dev.graft.feature.StoreException;
import java.io.IOException;
import java.util.Map;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Pictures in any bucket that the user may read, in any region, with the credentials and the region
 * that the AWS command line would take. Safe for use by many threads.
 */
public final class S3Originals implements AutoCloseable {
    private final S3Client client;

    /**
     * Prepares the connection; nothing is sent yet.
     *
     * @param environment variables as {@link System#getenv()} gives them
     */
    public S3Originals(Map<String, String> environment) {
        this.client =
                S3Client.builder()
                        .httpClientBuilder(UrlConnectionHttpClient.builder())
                        .credentialsProvider(Aws.credentials(environment))
                        .region(region(environment))
                        .crossRegionAccessEnabled(Aws.endpoint(environment, "S3").isEmpty())
                        .applyMutation(
                                builder ->
                                        Aws.endpoint(environment, "S3")
                                                .ifPresent(
                                                        endpoint ->
                                                                builder.endpointOverride(endpoint)
                                                                        .forcePathStyle(true)))
                        .build();
    }

    /** Any will do to begin with, as S3 tells where the bucket is. */
    private static Region region(Map<String, String> environment) {
        String said = environment.getOrDefault("AWS_REGION", "");
        try {
            return said.isBlank()
                    ? new DefaultAwsRegionProviderChain().getRegion()
                    : Region.of(said);
        } catch (SdkClientException none) {
            return Region.US_EAST_1;
        }
    }

    /**
     * Begins to read an object.
     *
     * @param most bytes that are read; one more tells that there are more
     * @throws StoreException if it cannot be read; says why
     */
    public byte[] read(String bucket, String key, int most) {
        try (ResponseInputStream<GetObjectResponse> body =
                client.getObject(b -> b.bucket(bucket).key(key))) {
            byte[] bytes = body.readNBytes(most + 1);
            if (bytes.length > most) {
                body.abort();
            }
            return bytes;
        } catch (SdkException e) {
            throw new StoreException(
                    "s3://%s/%s cannot be read (%s): check your credentials and that they may read it"
                            .formatted(bucket, key, e.getMessage()),
                    e);
        } catch (IOException e) {
            throw new StoreException(
                    "s3://%s/%s cannot be read: the connection broke".formatted(bucket, key), e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
