package dev.graft.aws;

import dev.graft.feature.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.regions.Region;

/**
 * Sends requests to a service of AWS without the SDK's client of it, each once: for services whose
 * client is not at hand, and for a start that cannot wait for one. Signed by Signature Version 4
 * (AWS IAM User Guide, "Create a signed AWS API request"). Safe for use by many threads.
 *
 * @param service as it is called in signatures
 * @param endpoint gives the address of the service, asked for with each request
 * @param connect how long it may take until a connection is there
 * @param patience how long it may take until the next part of an answer is there
 */
record SignedRequests(
        String service,
        Supplier<URI> endpoint,
        Region region,
        AwsCredentialsProvider credentials,
        Duration connect,
        Duration patience) {
    private static final String ERROR = "x-amzn-errortype";
    private static final String UNRESERVED = "-._~/";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /**
     * What came back.
     *
     * @param error name of the exception, such as {@code NotFoundException}; empty text for none
     */
    record Answer(int status, String error, byte[] body) {}

    /**
     * Posts one request.
     *
     * @param path begins with a slash
     * @param headers in lower case
     * @throws IOException if no answer came
     */
    Answer post(String path, Map<String, String> headers, byte[] body) throws IOException {
        HttpURLConnection connection = send("POST", at(path), headers, body);
        try (InputStream content = content(connection)) {
            // behind a colon some services say where the exception is described
            String error = Objects.requireNonNullElse(connection.getHeaderField(ERROR), "");
            return new Answer(
                    connection.getResponseCode(), error.split(":", 2)[0], content.readAllBytes());
        }
    }

    /** The address of a path of the service, which begins with a slash. */
    URI at(String path) {
        return URI.create(endpoint.get().toString().replaceFirst("/$", "") + path);
    }

    /**
     * Sends one request.
     *
     * @param uri without a query
     * @param headers in lower case
     * @return with the beginning of an answer, whose {@link #content} is to be closed
     * @throws IOException if no answer came
     */
    HttpURLConnection send(String method, URI uri, Map<String, String> headers, byte[] body)
            throws IOException {
        var connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setConnectTimeout((int) connect.toMillis());
        connection.setReadTimeout((int) patience.toMillis());
        connection.setInstanceFollowRedirects(false);
        connection.setRequestMethod(method);
        signed(method, uri, headers, body, Instant.now()).forEach(connection::setRequestProperty);
        if (body.length > 0) {
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(body.length);
            connection.getOutputStream().write(body);
        }
        connection.getResponseCode();
        return connection;
    }

    /** The body of an answer, of an error too. */
    static InputStream content(HttpURLConnection connection) throws IOException {
        InputStream content =
                connection.getResponseCode() < 400
                        ? connection.getInputStream()
                        : connection.getErrorStream();
        return content == null ? InputStream.nullInputStream() : content;
    }

    /** The headers with those of a signature; that of the host is signed, and sent by itself. */
    Map<String, String> signed(
            String method, URI uri, Map<String, String> headers, byte[] body, Instant now)
            throws MalformedURLException {
        AwsCredentials keys = credentials.resolveCredentials();
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString().replaceAll("[-:]", "");
        String date = time.substring(0, 8);
        String hash = Sha256.of(body);
        SortedMap<String, String> all = new TreeMap<>(headers);
        all.put("x-amz-content-sha256", hash);
        all.put("x-amz-date", time);
        if (keys instanceof AwsSessionCredentials session) {
            all.put("x-amz-security-token", session.sessionToken());
        }
        boolean usual = uri.getPort() == uri.toURL().getDefaultPort();
        SortedMap<String, String> told = new TreeMap<>(all);
        told.put("host", usual ? uri.getHost() : uri.getRawAuthority());
        StringBuilder request = new StringBuilder(method + "\n" + path(uri) + "\n\n");
        told.forEach((name, value) -> request.append(name + ":" + value + "\n"));
        String names = String.join(";", told.keySet());
        request.append("\n" + names + "\n" + hash);
        List<String> scope = List.of(date, region.id(), service, "aws4_request");
        byte[] key = bytes("AWS4" + keys.secretAccessKey());
        for (String part : scope) {
            key = hmac(key, part);
        }
        String toSign =
                "AWS4-HMAC-SHA256\n%s\n%s\n%s"
                        .formatted(
                                time,
                                String.join("/", scope),
                                Sha256.of(bytes(request.toString())));
        all.put(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s"
                        .formatted(
                                keys.accessKeyId(),
                                String.join("/", scope),
                                names,
                                HexFormat.of().formatHex(hmac(key, toSign))));
        return all;
    }

    /** Each service but S3 wants what is encoded encoded once more. */
    private String path(URI uri) {
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return service.equals("s3") ? path : encoded(path);
    }

    /** A path as S3 wants it in a URI: its slashes stay. */
    static String encoded(String path) {
        StringBuilder encoded = new StringBuilder();
        for (byte one : bytes(path)) {
            boolean stays =
                    one >= 0 && (Character.isLetterOrDigit(one) || UNRESERVED.indexOf(one) >= 0);
            encoded.append(stays ? "" + (char) one : "%" + HEX.toHexDigits(one));
        }
        return encoded.toString();
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(bytes(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("each Java platform has HmacSHA256", e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
