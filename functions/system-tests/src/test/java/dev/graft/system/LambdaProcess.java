package dev.graft.system;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A function as Lambda runs it: an unpacked zip in a JVM of its own, driven by AWS's runtime
 * interface client, which asks a Runtime API that is served here for events. The class path holds
 * that client alone; it loads the zip by a class loader of its own from the folder it is started
 * in. Source: AWS Lambda Developer Guide, "Using the Lambda runtime API", version 2018-06-01.
 *
 * <p>Under SnapStart the function finds no keys in its environment but the address of an endpoint
 * that hands them out, as there ("Lambda SnapStart", "credentials").
 */
final class LambdaProcess implements AutoCloseable {
    private static final String API = "/2018-06-01/runtime/";
    private static final String CREDENTIALS = "/2021-04-23/credentials";
    private static final String TOKEN = "of-this-test";
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /**
     * What came back.
     *
     * @param body the answer, or the error as the runtime reports it
     * @param failed whether it is an error
     */
    record Answer(String body, boolean failed) {}

    private record Event(String body, Duration timeout) {}

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private final String handler;
    private final String heap;
    private final Path log;
    private final long start = System.nanoTime();
    private final HttpServer server;
    private final Process process;
    private long coldNanos;
    private long warmNanos;
    private int warmUnits;

    /**
     * Starts it; its first event finds it cold.
     *
     * @param task the unpacked zip
     * @param handler class name of the handler
     * @param environment of the function, in addition to what Lambda sets; {@code
     *     AWS_LAMBDA_INITIALIZATION_TYPE} is {@code snap-start} for SnapStart
     * @param heap such as {@code -Xmx512m}
     */
    LambdaProcess(Path task, String handler, Map<String, String> environment, String heap)
            throws IOException {
        this.handler = handler;
        this.heap = heap;
        this.log = Files.createTempFile("function", ".log");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(API, this::serve);
        server.createContext(CREDENTIALS, exchange -> handOut(exchange, environment));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        var command = new java.util.ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(heap);
        // as Lambda does
        command.add("-XX:+UseSerialGC");
        if (!isSnapStart(environment)) {
            command.add(JavaProcess.C1);
        }
        command.add("-cp");
        command.add(runtimeClient());
        command.add("com.amazonaws.services.lambda.runtime.api.client.AWSLambda");
        command.add(handler);
        var builder = new ProcessBuilder(command).directory(task.toFile());
        builder.redirectErrorStream(true);
        builder.redirectOutput(log.toFile());
        builder.environment().clear();
        builder.environment().putAll(lambdaEnvironment(task, handler));
        builder.environment().putAll(environment);
        if (isSnapStart(environment)) {
            hideTheKeys(builder.environment());
        }
        process = builder.start();
    }

    private static boolean isSnapStart(Map<String, String> environment) {
        return environment.getOrDefault("AWS_LAMBDA_INITIALIZATION_TYPE", "").equals("snap-start");
    }

    private void hideTheKeys(Map<String, String> environment) {
        environment.remove("AWS_ACCESS_KEY_ID");
        environment.remove("AWS_SECRET_ACCESS_KEY");
        environment.put(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                "http://127.0.0.1:" + server.getAddress().getPort() + CREDENTIALS);
        environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", TOKEN);
    }

    private static void handOut(HttpExchange exchange, Map<String, String> environment)
            throws IOException {
        try (exchange) {
            boolean known = TOKEN.equals(exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] keys =
                    """
                    {"AccessKeyId": "%s", "SecretAccessKey": "%s", "Expiration": "%s"}
                    """
                            .formatted(
                                    environment.get("AWS_ACCESS_KEY_ID"),
                                    environment.get("AWS_SECRET_ACCESS_KEY"),
                                    Instant.now().plus(Duration.ofHours(1)))
                            .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(known ? 200 : 403, known ? keys.length : -1);
            if (known) {
                exchange.getResponseBody().write(keys);
            }
        }
    }

    private Map<String, String> lambdaEnvironment(Path task, String handler) {
        var environment = new HashMap<String, String>();
        environment.put("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + server.getAddress().getPort());
        environment.put("AWS_LAMBDA_FUNCTION_NAME", "function");
        environment.put("AWS_LAMBDA_FUNCTION_VERSION", "1");
        environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        environment.put("AWS_EXECUTION_ENV", "AWS_Lambda_java25");
        environment.put("LAMBDA_TASK_ROOT", task.toString());
        environment.put("_HANDLER", handler);
        environment.put("LANG", "en_US.UTF-8");
        return environment;
    }

    /** Sends an event and waits for what becomes of it. */
    Answer invoke(String event) throws InterruptedException {
        return invoke(event, PATIENCE);
    }

    /** Sends an event, and ends the process as Lambda does if no answer comes in time. */
    Answer invoke(String event, Duration timeout) throws InterruptedException {
        events.add(new Event(event, timeout));
        Instant end = Instant.now().plus(timeout);
        while (Instant.now().isBefore(end)) {
            Answer answer = answers.poll(100, TimeUnit.MILLISECONDS);
            if (answer != null) {
                return answer;
            }
            if (!process.isAlive()) {
                throw new IllegalStateException(
                        "the runtime ended with " + process.exitValue() + "\n" + log());
            }
        }
        process.destroyForcibly().waitFor();
        return new Answer("timed out after " + timeout + "\n" + log(), true);
    }

    /** The answer to an event that must not fail. */
    String answer(String event) throws InterruptedException {
        Answer answer = invoke(event);
        if (coldNanos == 0) {
            coldNanos = System.nanoTime() - start;
        }
        if (answer.failed()) {
            throw new AssertionError(answer.body() + "\n" + log());
        }
        return answer.body();
    }

    /** The same, counted as so many units of warm work. */
    String warm(String event, int units) throws InterruptedException {
        long before = System.nanoTime();
        String answer = answer(event);
        warmNanos += System.nanoTime() - before;
        warmUnits += units;
        return answer;
    }

    /** Prints what was measured. */
    void report() throws IOException {
        System.out.printf(
                "%s %s: cold %d ms, warm %.1f ms, peak %d MB%n",
                handler.substring(handler.lastIndexOf('.') + 1),
                heap,
                coldNanos / 1_000_000,
                warmNanos / 1e6 / warmUnits,
                peakMemory() / 1_000_000);
    }

    /** What it wrote so far. */
    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean runs() {
        return process.isAlive();
    }

    /** Most memory that the process ever held, in bytes. */
    long peakMemory() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        server.stop(0);
        log.toFile().delete();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath().substring(API.length());
            if (path.equals("invocation/next")) {
                Event next = events.take();
                byte[] event = next.body().getBytes(StandardCharsets.UTF_8);
                var headers = exchange.getResponseHeaders();
                long deadline = System.currentTimeMillis() + next.timeout().toMillis();
                headers.add(
                        "Lambda-Runtime-Aws-Request-Id", java.util.UUID.randomUUID().toString());
                headers.add("Lambda-Runtime-Deadline-Ms", Long.toString(deadline));
                headers.add(
                        "Lambda-Runtime-Invoked-Function-Arn",
                        "arn:aws:lambda:us-east-1:123456789012:function:function");
                headers.add("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, event.length);
                exchange.getResponseBody().write(event);
            } else if (path.equals("restore/next")) {
                exchange.sendResponseHeaders(200, -1);
            } else {
                byte[] body = exchange.getRequestBody().readAllBytes();
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(202, -1);
                answers.add(
                        new Answer(
                                new String(body, StandardCharsets.UTF_8), path.endsWith("error")));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The jars that Lambda's own image holds, from the class path of the tests. */
    static String runtimeClient() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(jar -> jar.matches(".*/(aws-lambda-java-[crs]|utils-lite-)[^/]*[.]jar"))
                .collect(Collectors.joining(":"));
    }
}
