package dev.graft.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A LocalStack: in a container, if Maven's profile {@code localstack} is on, or at {@code
 * -Daws.endpoint}.
 */
public final class LocalStack {
    /** The last that asks for no token. */
    private static final String IMAGE = "localstack/localstack:4.14.0";

    private static final int PORT = 4566;
    private static final String DOCKER = "/var/run/docker.sock";

    private static Optional<String> started = Optional.empty();

    private LocalStack() {}

    static boolean asked() {
        return Boolean.getBoolean("localstack");
    }

    /** Whether the tests can run: everywhere, unless they should use a container and cannot. */
    public static boolean notAskedOrThere() {
        return !asked() || DockerClientFactory.instance().isDockerAvailable();
    }

    /** Where a LocalStack answers; empty if none was asked for, or none is there. */
    public static Optional<String> endpoint() {
        if (asked()) {
            return notAskedOrThere() ? Optional.of(start()) : Optional.empty();
        }
        String given = System.getProperty("aws.endpoint", "");
        return Optional.of(given).filter(endpoint -> !endpoint.isEmpty() && answers(endpoint));
    }

    private static boolean answers(String endpoint) {
        return !edition(endpoint).isEmpty();
    }

    /**
     * What a LocalStack calls itself: {@code jvm-x86_64} or {@code jvm-arm64} where {@code
     * infra/localstack.py} started it; empty where none answers.
     */
    public static String edition(String endpoint) {
        var request = HttpRequest.newBuilder(URI.create(endpoint + "/_localstack/info")).build();
        try (var http = HttpClient.newHttpClient()) {
            String info = http.send(request, BodyHandlers.ofString()).body();
            Matcher edition = Pattern.compile("\"edition\": *\"([^\"]+)\"").matcher(info);
            return edition.find() ? edition.group(1) : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    /** Starts it, once for all tests; their end ends it. Its functions are containers beside it. */
    @SuppressWarnings("resource")
    static synchronized String start() {
        if (started.isEmpty()) {
            var container =
                    new GenericContainer<>(DockerImageName.parse(IMAGE))
                            .withEnv("LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT", "60")
                            .withEnv("LAMBDA_RETRY_BASE_DELAY", "5")
                            .withEnv("CFN_IGNORE_UNSUPPORTED_RESOURCE_TYPES", "1")
                            .withEnv("DISABLE_CORS_CHECKS", "1")
                            .withEnv("DISABLE_CUSTOM_CORS_S3", "1")
                            .withFileSystemBind(DOCKER, DOCKER, BindMode.READ_WRITE)
                            .withExposedPorts(PORT);
            container.start();
            started =
                    Optional.of(
                            "http://" + container.getHost() + ":" + container.getMappedPort(PORT));
        }
        return started.get();
    }
}
