package dev.graft.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the local product's HTTP endpoint takes from strangers. */
class EndpointTest {
    private static Served served;

    @BeforeAll
    static void start() {
        served = Served.with(Map.of());
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    @Test
    void aPageOfAnotherSiteIsRefused() throws IOException {
        String host = served.endpoint().url().substring("http://".length());
        String port = host.substring(host.indexOf(':'));
        assertEquals(200, status("Host: " + host));
        assertEquals(200, status("Host: localhost" + port, "Origin: http://localhost" + port));
        assertEquals(403, status("Host: " + host, "Origin: http://evil.example"));
        assertEquals(403, status("Host: " + host, "Origin: null"));
        assertEquals(403, status("Host: evil.example" + port), "a name that means 127.0.0.1");
    }

    @Test
    void requestsThatAreHalfSentStandInNobodysWay() throws IOException {
        URI url = URI.create(served.endpoint().url());
        List<Socket> senders = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                Socket sender = new Socket(url.getHost(), url.getPort());
                senders.add(sender);
                String half =
                        "POST /classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n"
                                + (i % 2 == 0 ? "" : "\r\nabc");
                sender.getOutputStream().write(half.getBytes(UTF_8));
            }
            assertEquals(200, status("Host: localhost"));
            Socket foreign = senders.getFirst();
            foreign.getOutputStream().write("Origin: null\r\n\r\n".getBytes(UTF_8));
            foreign.setSoTimeout(5_000);
            String refused = new String(foreign.getInputStream().readNBytes(12), UTF_8);
            assertEquals("HTTP/1.1 403", refused, "before the body");
        } finally {
            for (Socket sender : senders) {
                sender.close();
            }
        }
    }

    private static int status(String... headers) throws IOException {
        URI url = URI.create(served.endpoint().url());
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            String request = "GET /openapi.json HTTP/1.1\r\n" + String.join("\r\n", headers);
            String end = "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write((request + end).getBytes(UTF_8));
            byte[] answer = socket.getInputStream().readAllBytes();
            return Integer.parseInt(new String(answer, 9, 3, UTF_8));
        }
    }
}
