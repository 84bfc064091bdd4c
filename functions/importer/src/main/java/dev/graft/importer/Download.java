package dev.graft.importer;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Reads what HTTP addresses have. What may pass by itself is tried again: a connection that breaks,
 * and the status codes by which a service says so, after the time that it asks for ({@code
 * Retry-After}). Safe for use by many threads.
 */
final class Download implements AutoCloseable {
    private static final int TRIES = 7;
    private static final int TRIES_WITHOUT_RESPONSE = 3;
    private static final Duration CONNECT = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient pictures = client(HttpClient.Redirect.NORMAL);

    /** A key is sent to nobody else, so that a redirection is an error. */
    private final HttpClient withKey = client(HttpClient.Redirect.NEVER);

    private final Waiting waiting;
    private final Consumer<String> told;

    /**
     * With the ways to wait and to tell of it.
     *
     * @param told takes a sentence before each wait
     */
    Download(Waiting waiting, Consumer<String> told) {
        this.waiting = waiting;
        this.told = told;
    }

    /** Waits, in a test without doing so. */
    @FunctionalInterface
    interface Waiting {
        void pause(Duration time) throws InterruptedException;
    }

    /** An address answered with a status that will stay. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1;
        private final int status;

        Refused(int status, String message) {
            super(message);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    private static HttpClient client(HttpClient.Redirect redirect) {
        return HttpClient.newBuilder().connectTimeout(CONNECT).followRedirects(redirect).build();
    }

    /** A picture, see {@link Bytes}. */
    byte[] picture(URI uri) throws IOException, InterruptedException {
        return get(pictures, HttpRequest.newBuilder(uri).build());
    }

    /** What an API gives to who has this key. */
    byte[] withKey(URI uri, Map<String, String> headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        headers.forEach(request::header);
        return get(withKey, request.build());
    }

    private record Reply(int status, byte[] body, String retryAfter) {}

    private byte[] get(HttpClient client, HttpRequest request)
            throws IOException, InterruptedException {
        for (int tried = 1; ; tried++) {
            Duration wait = Duration.ofSeconds(1L << tried - 1);
            String why;
            try {
                Reply reply = once(client, request);
                if (reply.status == 200) {
                    return reply.body;
                }
                why = "%s answers with status %d".formatted(shown(request.uri()), reply.status);
                if (!PASSING.contains(reply.status) || tried == TRIES) {
                    throw new Refused(reply.status, why);
                }
                wait = asked(reply.retryAfter, wait);
            } catch (Refused e) {
                throw e;
            } catch (IOException e) {
                why = "%s does not answer (%s)".formatted(shown(request.uri()), e);
                if (tried == TRIES_WITHOUT_RESPONSE) {
                    throw new IOException(why, e);
                }
            }
            if (wait.compareTo(Duration.ofSeconds(5)) > 0) {
                told.accept("%s; tried again in %d s".formatted(why, wait.toSeconds()));
            }
            waiting.pause(wait);
        }
    }

    /** Without its query, which may hold a signature. */
    private static String shown(URI uri) {
        return uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath();
    }

    private static Duration asked(String retryAfter, Duration otherwise) {
        Duration asked = otherwise;
        if (retryAfter.matches("[0-9]{1,6}")) {
            asked = Duration.ofSeconds(Long.parseLong(retryAfter));
        } else if (!retryAfter.isEmpty()) {
            try {
                var time = ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME);
                asked = Duration.between(ZonedDateTime.now(time.getZone()), time);
            } catch (DateTimeParseException e) {
                return otherwise;
            }
        }
        Duration least = asked.compareTo(Duration.ZERO) > 0 ? asked : otherwise;
        return least.compareTo(LONGEST_WAIT) < 0 ? least : LONGEST_WAIT;
    }

    /** The time-out of a request of the JDK ends with the headers; this one is for all of it. */
    private Reply once(HttpClient client, HttpRequest request)
            throws IOException, InterruptedException {
        Future<Reply> reply = threads.submit(() -> send(client, request));
        try {
            return reply.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            reply.cancel(true);
            throw new IOException("no end within " + PATIENCE.toMinutes() + " minutes", e);
        } catch (InterruptedException e) {
            reply.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException failed -> throw failed;
                case RuntimeException failed -> throw failed;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    private static Reply send(HttpClient client, HttpRequest request)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> response =
                client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream in = response.body()) {
            byte[] body = in.readNBytes(Bytes.MOST + 1);
            if (body.length > Bytes.MOST) {
                throw FileTree.tooLarge();
            }
            String retryAfter = response.headers().firstValue("Retry-After").orElse("");
            return new Reply(response.statusCode(), body, retryAfter.strip());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        pictures.shutdownNow();
        withKey.shutdownNow();
    }
}
