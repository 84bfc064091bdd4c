package dev.graft.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How phones are told the way in. */
class PhonesTest {
    private final Phones phones = new Phones("abc123", 8080);

    @Test
    void theTerminalSaysTheAddressWithTheToken() {
        List<String> addresses = phones.addresses();
        String told = phones.told();
        for (String address : addresses) {
            assertTrue(address.matches("http://[0-9.]+:8080/\\?token=abc123"), address);
            assertTrue(told.contains(address), told);
        }
        if (addresses.isEmpty()) {
            assertTrue(told.contains("This machine has no network"), told);
        } else if (System.out.charset().newEncoder().canEncode('\u2588')) {
            assertTrue(told.contains(QrCode.of(addresses.getFirst()).halfBlocks()), told);
        }
    }

    @Test
    void thePageAloneOffersIt() {
        assertEquals(
                "<html data-phone=\"phone\" lang=\"en\">", offered("text/html; charset=utf-8"));
        assertEquals("<html lang=\"en\">", offered("application/json"));
    }

    private static String offered(String type) {
        APIGatewayV2HTTPResponse response =
                APIGatewayV2HTTPResponse.builder()
                        .withHeaders(Map.of("content-type", type))
                        .withBody("<html lang=\"en\">")
                        .build();
        return Phones.offered(response).getBody();
    }
}
