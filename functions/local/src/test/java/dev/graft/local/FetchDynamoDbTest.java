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
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
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

    @Test
    void itIsFetchedFromTheRepositoryThatTheReleaseWasBuiltFrom() throws IOException {
        release(Map.of(FetchDynamoDb.REPOSITORY, "https://maven.example/all"));
        String source = FetchDynamoDb.source(folder).toString();
        assertEquals(
                "https://maven.example/all/software/amazon/dynamodb/DynamoDBLocal/3.3.1/"
                        + FetchDynamoDb.NAME,
                source);
    }

    @Test
    void aReleaseThatNamesNoneIsToBeUnpackedAgain() throws IOException {
        release(Map.of());
        var e = assertThrows(IllegalArgumentException.class, () -> FetchDynamoDb.source(folder));
        assertTrue(e.getMessage().endsWith("unpack the release again"), e.getMessage());
    }

    private void release(Map<String, String> attributes) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.forEach(manifest.getMainAttributes()::putValue);
        Path jar = Files.createDirectories(folder.resolve("lib")).resolve("graft.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    }

    private String refused(URI source) {
        return assertThrows(IllegalArgumentException.class, () -> from(source).run()).getMessage();
    }
}
