package dev.graft.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.regions.Region;

/** The signatures are those of the SDK's signer. */
class SignedRequestsTest {
    private static final Instant NOW = Instant.parse("2026-11-30T01:02:03.456Z");
    private static final AwsCredentials KEYS =
            AwsSessionCredentials.create("key", "se/cr+et", "to/ken==");

    private static String signature(
            String service, String method, URI uri, Map<String, String> headers, byte[] body)
            throws IOException {
        var requests =
                new SignedRequests(
                        service,
                        () -> uri,
                        Region.EU_CENTRAL_1,
                        StaticCredentialsProvider.create(KEYS),
                        Duration.ZERO,
                        Duration.ZERO);
        return requests.signed(method, uri, headers, body, NOW).get("authorization");
    }

    private static String signatureOfTheSdk(
            String service, String method, URI uri, Map<String, String> headers, byte[] body) {
        SdkHttpRequest.Builder request =
                SdkHttpRequest.builder().method(SdkHttpMethod.fromValue(method)).uri(uri);
        headers.forEach(request::putHeader);
        boolean twice = !service.equals("s3");
        return AwsV4HttpSigner.create()
                .sign(
                        r ->
                                r.identity(KEYS)
                                        .request(request.build())
                                        .payload(() -> new ByteArrayInputStream(body))
                                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                                        .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-central-1")
                                        .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, twice)
                                        .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, twice)
                                        .putProperty(
                                                AwsV4HttpSigner.SIGNING_CLOCK,
                                                Clock.fixed(NOW, ZoneOffset.UTC)))
                .request()
                .firstMatchingHeader("Authorization")
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"heads/latest.json", "a+b c/ü~猫/%41.-_*'():=@&$,;!"})
    void ofS3(String key) throws IOException {
        for (String host :
                new String[] {"https://b.s3.eu-central-1.amazonaws.com", "http://a:81/b"}) {
            URI uri = URI.create(host + "/" + SignedRequests.encoded(key));
            Map<String, String> headers = Map.of("range", "bytes=0-9");
            assertEquals(
                    signatureOfTheSdk("s3", "GET", uri, headers, new byte[0]),
                    signature("s3", "GET", uri, headers, new byte[0]));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "dynamodb, https://dynamodb.eu-central-1.amazonaws.com/",
        "dynamodb, http://127.0.0.1:8000/",
        "dynamodb, https://host:443/",
        "lambda, https://host/2015-03-31/functions/arn:aws:lambda:eu-central-1:1:function:a/invocations"
    })
    void ofOthers(String service, URI uri) throws IOException {
        byte[] body = "{\"Limit\": 1}".getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers =
                Map.of("content-type", "application/x-amz-json-1.0", "x-amz-target", "Query");
        assertEquals(
                signatureOfTheSdk(service, "POST", uri, headers, body),
                signature(service, "POST", uri, headers, body));
    }
}
