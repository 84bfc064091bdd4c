package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.local.LocalStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The stack with the packages for arm64: upload, train, verify, classify. Needs a LocalStack that
 * {@code localstack.py --arm64} started; functions that are emulated take a second for each image.
 */
class DeployedArm64Test {
    private static final Path SAMPLES = Repository.file("functions/local/samples");
    private static final List<String> CLASSES = List.of("bolt", "gear");
    private static final int EACH = 8;
    private static final String ARM64 = "jvm-arm64";

    @BeforeAll
    static void assumeArm64() {
        boolean there = LocalStack.endpoint().map(LocalStack::edition).equals(Optional.of(ARM64));
        if (!there) {
            System.err.printf(
                    "%n*** SKIPPED: the stack on arm64. There is no LocalStack with arm64: python3"
                            + " infra/localstack.py --arm64 and -Daws.endpoint=URL ***%n%n");
        }
        assumeTrue(there, "no LocalStack with arm64 was given");
    }

    @Test
    void learnsVerifiesAndClassifies() throws IOException {
        try (var stack = DeployedStack.create("graft-arm64", "--arm64")) {
            for (String name : CLASSES) {
                for (int i = 0; i < EACH; i++) {
                    stack.put("images/%s/%d.jpg".formatted(name, i), sample(name, i));
                }
            }
            DeployedStack.until(
                    "all images read", () -> stack.images().size() == CLASSES.size() * EACH);
            JsonNode trained = stack.train("{}");
            assertEquals("Trained", trained.path("outcome").asText(), trained::toString);
            JsonNode verified = stack.train("{\"verify\": \"latest\"}");
            assertEquals("Same", verified.path("outcome").asText(), verified::toString);
            for (String name : CLASSES) {
                JsonNode answer =
                        stack.api.send("POST", "/classify", null, sample(name, 30)).json();
                assertEquals(name, answer.path("label").asText(), answer::toString);
            }
        }
    }

    private static byte[] sample(String name, int number) throws IOException {
        return Files.readAllBytes(SAMPLES.resolve("%s/%02d.jpg".formatted(name, number)));
    }
}
