package dev.graft.local;

import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** S3 and DynamoDB of LocalStack in a container, if Maven's profile {@code localstack} is on. */
public final class LocalStack {
    /** The last that asks for no token. */
    private static final String IMAGE = "localstack/localstack:4.14.0";

    private static final int PORT = 4566;

    private LocalStack() {}

    static boolean asked() {
        return Boolean.getBoolean("localstack");
    }

    /** Whether the tests can run: everywhere, unless they should use a container and cannot. */
    public static boolean notAskedOrThere() {
        return !asked() || DockerClientFactory.instance().isDockerAvailable();
    }

    /** Starts it; the end of the tests ends it. */
    @SuppressWarnings("resource")
    static String start() {
        var container =
                new GenericContainer<>(DockerImageName.parse(IMAGE))
                        .withEnv("SERVICES", "s3,dynamodb")
                        .withExposedPorts(PORT);
        container.start();
        return "http://" + container.getHost() + ":" + container.getMappedPort(PORT);
    }
}
