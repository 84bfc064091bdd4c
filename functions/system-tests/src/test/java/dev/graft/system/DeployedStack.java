package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.local.LocalStack;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.StackResource;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * The product as the template makes it, on a LocalStack: created and taken down by {@code
 * infra/localstack.py}, reached by AWS's APIs and the address of its classifier alone.
 */
final class DeployedStack implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Region REGION = Region.US_EAST_1;
    private static final String MADE = "Ctrl-C takes it down";

    final String name;
    final S3Client s3;
    final LambdaClient lambda;
    final CloudFormationClient cloudFormation;
    final ApiDocument api;
    final String url;

    final String endpoint;
    private final Process process;
    private final Map<String, StackResource> resources = new TreeMap<>();

    /**
     * Creates the stack; skips the test that asks, loudly, where there is no LocalStack.
     *
     * @param name of the stack
     * @param options of {@code localstack.py} beside those that say where and what
     */
    static DeployedStack create(String name, String... options) throws IOException {
        Optional<String> endpoint = LocalStack.endpoint();
        if (endpoint.isEmpty()) {
            System.err.printf(
                    "%n*** SKIPPED: the deployed stack. There is no LocalStack: python3 infra/localstack.py"
                            + " and -Daws.endpoint=URL, or -Plocalstack where Docker answers ***%n%n");
        }
        assumeTrue(endpoint.isPresent(), "no LocalStack was given");
        return new DeployedStack(endpoint.get(), name, List.of(options));
    }

    private DeployedStack(String endpoint, String name, List<String> options) throws IOException {
        this.endpoint = endpoint;
        this.name = name;
        List<String> command = new ArrayList<>();
        command.addAll(List.of("python3", Repository.file("infra/localstack.py").toString()));
        command.addAll(List.of("--endpoint", endpoint, "--stack", name));
        command.addAll(options);
        this.process = new ProcessBuilder(command).redirectErrorStream(true).start();
        awaitCreation();
        this.s3 = client(S3Client.builder().forcePathStyle(true));
        this.lambda = client(LambdaClient.builder());
        this.cloudFormation = client(CloudFormationClient.builder());
        for (StackResource resource :
                cloudFormation.describeStackResources(b -> b.stackName(name)).stackResources()) {
            resources.put(resource.logicalResourceId(), resource);
        }
        URI given =
                URI.create(
                        lambda.getFunctionUrlConfig(
                                        b ->
                                                b.functionName(physical("ClassifierFunction"))
                                                        .qualifier("live"))
                                .functionUrl());
        String id = given.getHost().replaceAll("[.].*", "");
        this.url =
                "http://%s.lambda-url.%s.localhost:%d"
                        .formatted(id, REGION, URI.create(endpoint).getPort());
        this.api = new ApiDocument(url);
    }

    private void awaitCreation() throws IOException {
        StringBuilder told = new StringBuilder();
        BufferedReader reader = process.inputReader();
        while (told.indexOf(MADE) < 0) {
            String line = reader.readLine();
            assertTrue(line != null, "localstack.py ended: " + told);
            told.append(line).append('\n');
        }
        Thread.ofVirtual().start(() -> readToTheEnd(reader)); // it must not block
    }

    private static void readToTheEnd(BufferedReader reader) {
        try {
            reader.transferTo(Writer.nullWriter());
        } catch (IOException ended) {
            // with the process
        }
    }

    /**
     * Whether LocalStack is the one that {@code localstack.py} starts. Elsewhere all events of S3
     * have the same sequencer, and an alias does not move with an update.
     */
    boolean isOurs() {
        return LocalStack.edition(endpoint).startsWith("jvm-");
    }

    /**
     * The type that curl gives bytes; none where LocalStack is another, which takes them for a form
     * and loses them.
     */
    String typeByCurl() {
        return isOurs() ? "application/x-www-form-urlencoded" : null;
    }

    /** A client of one more service. */
    <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(B builder) {
        return builder.endpointOverride(URI.create(endpoint))
                .region(REGION)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create("test", "test")))
                .httpClientBuilder(
                        UrlConnectionHttpClient.builder().socketTimeout(Duration.ofMinutes(15)))
                .overrideConfiguration(b -> b.apiCallTimeout(Duration.ofMinutes(15)))
                .build();
    }

    Map<String, StackResource> resources() {
        return resources;
    }

    /** What a resource of the template is called in this stack. */
    String physical(String resource) {
        return resources.get(resource).physicalResourceId();
    }

    String bucket() {
        return physical("ImagesBucket");
    }

    void put(String key, byte[] bytes) {
        put(key, bytes, request -> {});
    }

    void put(String key, byte[] bytes, java.util.function.Consumer<PutObjectRequest.Builder> more) {
        PutObjectRequest.Builder request = PutObjectRequest.builder().bucket(bucket()).key(key);
        more.accept(request);
        s3.putObject(request.build(), RequestBody.fromBytes(bytes));
    }

    void delete(String key) {
        s3.deleteObject(b -> b.bucket(bucket()).key(key));
    }

    /** All images that were read, by key, as the API lists them. */
    Map<String, JsonNode> images() {
        Map<String, JsonNode> images = new TreeMap<>();
        String cursor = "";
        do {
            JsonNode page = api.get("/images?limit=200" + cursor).json();
            page.path("images").forEach(image -> images.put(image.path("key").asText(), image));
            cursor = page.path("cursor").isNull() ? "" : "&cursor=" + page.path("cursor").asText();
        } while (!cursor.isEmpty());
        return images;
    }

    JsonNode image(String key) {
        return images().getOrDefault(key, ApiDocument.JSON.missingNode());
    }

    /** Calls the trainer with this event. */
    JsonNode train(String event) throws IOException {
        var answer =
                lambda.invoke(
                        b ->
                                b.functionName(physical("TrainerFunction"))
                                        .payload(
                                                software.amazon.awssdk.core.SdkBytes.fromUtf8String(
                                                        event)));
        String text = answer.payload().asUtf8String();
        assertEquals(null, answer.functionError(), text);
        return ApiDocument.JSON.readTree(text);
    }

    /** Runs a Python program of infra/ against this stack's LocalStack; gives what it printed. */
    String python(String program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(tools() + "/python", infra(program)));
        command.addAll(List.of(arguments));
        return run(command);
    }

    /** Runs a line of a shell that has the command line of AWS; gives what it printed. */
    String shell(String line) throws IOException, InterruptedException {
        return run(List.of("sh", "-c", "PATH=\"%s:$PATH\"; %s".formatted(tools(), line)));
    }

    private String tools() throws IOException, InterruptedException {
        return run(List.of("python3", infra("tools.py"), "localstack")).lines().toList().getLast();
    }

    private static String infra(String file) {
        return Repository.file("infra/" + file).toString();
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .putAll(
                        Map.of(
                                "AWS_ENDPOINT_URL",
                                endpoint,
                                "AWS_DEFAULT_REGION",
                                REGION.id(),
                                "AWS_ACCESS_KEY_ID",
                                "test",
                                "AWS_SECRET_ACCESS_KEY",
                                "test"));
        Process running = builder.start();
        String told = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, running.waitFor(), told);
        return told;
    }

    /** Waits until something is so, at most five minutes. */
    static void until(String what, BooleanSupplier so) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!so.getAsBoolean()) {
            assertTrue(Instant.now().isBefore(end), "not within " + PATIENCE + ": " + what);
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            assertTrue(process.waitFor(2, TimeUnit.MINUTES), "localstack.py did not end");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
