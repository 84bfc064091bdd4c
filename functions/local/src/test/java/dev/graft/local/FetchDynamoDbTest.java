package dev.graft.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.Sha256;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchDynamoDbTest {
    private static final byte[] CONTENT = "a library".getBytes(UTF_8);

    @TempDir private Path folder;

    private FetchDynamoDb from(URI source) {
        return new FetchDynamoDb(source, Sha256.of(CONTENT), folder.resolve("lib.jar"));
    }

    @Test
    void theFileThatIsNamedIsTheOneOfTheBuild() throws IOException {
        Path used =
                Arrays.stream(
                                System.getProperty("java.class.path")
                                        .split(java.io.File.pathSeparator))
                        .map(Path::of)
                        .filter(file -> file.getFileName().toString().startsWith("DynamoDBLocal"))
                        .findFirst()
                        .orElseThrow();
        assertEquals(used.getFileName().toString(), FetchDynamoDb.NAME);
        assertEquals(Sha256.of(used), FetchDynamoDb.SHA256);
    }

    @Test
    void theRightFileGetsItsName() throws IOException {
        Path source = Files.write(folder.resolve("source"), CONTENT);
        from(source.toUri()).run();
        assertEquals(-1, Files.mismatch(source, folder.resolve("lib.jar")));
    }

    @Test
    void anotherFileIsRefusedAndAllThatIsLeftIsTheSentence() throws IOException {
        Path source = Files.writeString(folder.resolve("source"), "another");
        String message = refused(source.toUri());
        assertTrue(message.contains(" it has SHA-256 " + Sha256.of(source)), message);
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void whereNothingAnswersTheSentenceSaysWhatToPutWhere() {
        String message = refused(folder.resolve("nowhere").toUri());
        String expected =
                "put that file, of SHA-256 %s, at %s"
                        .formatted(Sha256.of(CONTENT), folder.resolve("lib.jar"));
        assertTrue(message.endsWith(expected), message);
        assertFalse(Files.exists(folder.resolve("lib.jar")));
    }

    private String refused(URI source) {
        return assertThrows(IllegalArgumentException.class, () -> from(source).run()).getMessage();
    }
}
