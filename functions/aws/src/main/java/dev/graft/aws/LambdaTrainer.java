package dev.graft.aws;

import dev.graft.feature.RefusedException;
import dev.graft.feature.StoreException;
import dev.graft.training.Trainer;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/**
 * A function of Lambda that trains, called asynchronously. Its one request is made here, as the
 * client of Lambda would add 3 MB to the classifier's zip. Safe for use by many threads.
 */
final class LambdaTrainer implements Trainer {
    private static final String SERVICE = "lambda";
    private static final String NO_EVENT = "{}";
    private static final int ACCEPTED = 202;
    private static final int THROTTLED = 429;

    private final SdkHttpClient http;
    private final Place place;
    private final String function;

    /**
     * Where Lambda is.
     *
     * @param endpoint empty for that of the region
     */
    record Place(Optional<URI> endpoint, Region region, AwsCredentialsProvider credentials) {
        private URI uri() {
            return endpoint.orElseGet(
                    () ->
                            URI.create(
                                    "https://%s.%s.%s"
                                            .formatted(
                                                    SERVICE,
                                                    region.id(),
                                                    PartitionMetadata.of(region).dnsSuffix())));
        }
    }

    /** With the name of the function. */
    LambdaTrainer(SdkHttpClient http, Place place, String function) {
        this.http = http;
        this.place = place;
        this.function = function;
    }

    @Override
    public void start() {
        String failed = "could not start the training in function " + function + ": Lambda ";
        int status;
        try {
            status = http.prepareRequest(signed()).call().httpResponse().statusCode();
        } catch (IOException | SdkException e) {
            throw new StoreException(failed + "did not answer, try again", e);
        }
        if (status == THROTTLED || status >= 500) {
            throw new StoreException(failed + "answered " + status + ", try again", null);
        }
        if (status != ACCEPTED) {
            throw new RefusedException(
                    failed
                            + "answered "
                            + status
                            + ", the function must be there and the role needs lambda:InvokeFunction on it",
                    null);
        }
    }

    private HttpExecuteRequest signed() {
        SdkHttpRequest request =
                SdkHttpRequest.builder()
                        .method(SdkHttpMethod.POST)
                        .uri(
                                place.uri()
                                        .resolve(
                                                "/2015-03-31/functions/"
                                                        + function
                                                        + "/invocations"))
                        .putHeader("x-amz-invocation-type", "Event")
                        .putHeader("content-length", "" + NO_EVENT.length())
                        .build();
        ContentStreamProvider event = ContentStreamProvider.fromUtf8String(NO_EVENT);
        SignedRequest signed =
                AwsV4HttpSigner.create()
                        .sign(
                                r ->
                                        r.identity(place.credentials().resolveCredentials())
                                                .request(request)
                                                .payload(event)
                                                .putProperty(
                                                        AwsV4HttpSigner.SERVICE_SIGNING_NAME,
                                                        SERVICE)
                                                .putProperty(
                                                        AwsV4HttpSigner.REGION_NAME,
                                                        place.region().id()));
        return HttpExecuteRequest.builder()
                .request(signed.request())
                .contentStreamProvider(event)
                .build();
    }
}
