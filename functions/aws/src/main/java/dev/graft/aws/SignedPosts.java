package dev.graft.aws;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.regions.Region;

/**
 * Sends requests to a service of AWS whose own client is not at hand. Safe for use by many threads.
 *
 * @param service as it is called in signatures
 * @param endpoint gives the address of the service, asked for with each request
 */
record SignedPosts(
        SdkHttpClient http,
        String service,
        Supplier<URI> endpoint,
        Region region,
        AwsCredentialsProvider credentials) {
    private static final String ERROR = "x-amzn-errortype";

    /**
     * What came back.
     *
     * @param error name of the exception, such as {@code NotFoundException}; empty text for none
     */
    record Answer(int status, String error, byte[] body) {}

    /**
     * Sends one request, once.
     *
     * @param path begins with a slash
     * @param headers in lower case
     * @throws IOException if no answer came
     */
    Answer post(String path, Map<String, String> headers, byte[] body) throws IOException {
        HttpExecuteResponse response =
                http.prepareRequest(signed(endpoint.get().resolve(path), headers, body)).call();
        try (InputStream content =
                response.responseBody()
                        .<InputStream>map(stream -> stream)
                        .orElseGet(InputStream::nullInputStream)) {
            // behind a colon some services say where the exception is described
            String error = response.httpResponse().firstMatchingHeader(ERROR).orElse("");
            return new Answer(
                    response.httpResponse().statusCode(),
                    error.split(":", 2)[0],
                    content.readAllBytes());
        }
    }

    private HttpExecuteRequest signed(URI uri, Map<String, String> headers, byte[] body) {
        SdkHttpRequest.Builder request =
                SdkHttpRequest.builder()
                        .method(SdkHttpMethod.POST)
                        .uri(uri)
                        .putHeader("content-length", "" + body.length);
        headers.forEach(request::putHeader);
        ContentStreamProvider content = () -> new ByteArrayInputStream(body);
        SignedRequest signed =
                AwsV4HttpSigner.create()
                        .sign(
                                r ->
                                        r.identity(credentials.resolveCredentials())
                                                .request(request.build())
                                                .payload(content)
                                                .putProperty(
                                                        AwsV4HttpSigner.SERVICE_SIGNING_NAME,
                                                        service)
                                                .putProperty(
                                                        AwsV4HttpSigner.REGION_NAME, region.id()));
        return HttpExecuteRequest.builder()
                .request(signed.request())
                .contentStreamProvider(content)
                .build();
    }
}
