package dev.graft.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.graft.feature.RefusedException;
import dev.graft.feature.StoreException;
import dev.graft.training.Trainer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that answers as Lambda does, see its API reference, Invoke. */
class LambdaTrainerTest {
    /** What was sent. */
    private record Sent(String target, String type, String signature, String body) {}

    private final BlockingQueue<Sent> sent = new LinkedBlockingQueue<>();
    private HttpServer lambda;
    private int status = 202;

    @BeforeEach
    void start() throws IOException {
        lambda = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        lambda.createContext("/", this::answer);
        lambda.start();
    }

    @AfterEach
    void stop() {
        lambda.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        var headers = exchange.getRequestHeaders();
        byte[] body = exchange.getRequestBody().readAllBytes();
        sent.add(
                new Sent(
                        exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                        headers.getFirst("x-amz-invocation-type"),
                        headers.getFirst("authorization"),
                        new String(body, StandardCharsets.UTF_8)));
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private void start(String endpoint) {
        Map<String, String> environment =
                Map.of(
                        "AWS_REGION", "eu-central-1",
                        "AWS_ACCESS_KEY_ID", "key",
                        "AWS_SECRET_ACCESS_KEY", "secret",
                        "AWS_ENDPOINT_URL", endpoint);
        try (Aws aws = new Aws(environment)) {
            Trainer trainer = aws.trainer("trainer-7");
            trainer.start();
        }
    }

    private void startHere() {
        start("http://127.0.0.1:" + lambda.getAddress().getPort());
    }

    @Test
    void callsTheFunctionAsynchronouslyWithASignature() throws InterruptedException {
        startHere();
        Sent call = sent.take();
        assertEquals("POST /2015-03-31/functions/trainer-7/invocations", call.target());
        assertEquals("Event", call.type());
        assertEquals("{}", call.body());
        assertTrue(
                call.signature()
                        .matches(".*Credential=key/\\d{8}/eu-central-1/lambda/aws4_request.*"),
                call.signature());
        assertTrue(
                call.signature().matches(".*SignedHeaders=[^,]*x-amz-invocation-type.*"),
                call.signature());
    }

    @Test
    void saysWhetherToTryAgainOrWhoMustAct() {
        status = 429;
        var busy = assertThrows(StoreException.class, this::startHere);
        assertFalse(busy instanceof RefusedException, "it passes");
        assertTrue(busy.getMessage().contains("answered 429, try again"), busy.getMessage());
        status = 403;
        var refused = assertThrows(RefusedException.class, this::startHere);
        assertTrue(refused.getMessage().contains("lambda:InvokeFunction"), refused.getMessage());
        lambda.stop(0);
        var gone = assertThrows(StoreException.class, this::startHere);
        assertTrue(gone.getMessage().contains("did not answer"), gone.getMessage());
    }
}
