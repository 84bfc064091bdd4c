package dev.graft.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.backbone.Backbones;
import dev.graft.importer.CustomVisionServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From what somebody has elsewhere to a right answer. */
class ImportCommandTest {
    private static final List<String> CLASSES = List.of("bolt", "gear", "key");
    private static final Syntax RELEASE = new CommandLine(Path.of("home"));
    private static final Syntax MAVEN = new MavenProperties();

    @TempDir private Path folder;

    private final List<String> told = new ArrayList<>();

    private static Path sample(String label, int number) {
        return Path.of("samples", label, "%02d.jpg".formatted(number));
    }

    /** The samples of the classes in turn; the untagged are of other pictures. */
    private static byte[] image(int number) {
        try {
            int which = number < 10_000 ? number / CLASSES.size() : number - 10_000 + 30;
            return Files.readAllBytes(sample(CLASSES.get(number % CLASSES.size()), which));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int imported(String source, Path into, Map<String, String> environment)
            throws InterruptedException {
        String[] arguments = {"import", source, "--into", into.toString()};
        return ImportCommand.parse(RELEASE, arguments)
                .orElseThrow()
                .run(RELEASE, environment, told::add);
    }

    @Test
    void aProjectOfCustomVisionBecomesAHeadThatAnswers() throws Exception {
        Path into = folder.resolve("pets");
        try (CustomVisionServer server =
                        new CustomVisionServer(45, CLASSES, ImportCommandTest::image);
                LocalProduct product =
                        new LocalProduct(
                                Optional.empty(), Backbones.ofUser().resolve(""), Map.of())) {
            Map<String, String> environment = new HashMap<>(product.environment());
            environment.put("VISION_TRAINING_KEY", CustomVisionServer.KEY);
            assertEquals(0, imported(server.project(), into, environment), told::toString);
            assertTrue(told.contains("next, on this machine: --images " + into), told::toString);
            new Sync(new PictureFolder(into), new Origins(Optional.empty()), Removal.ASK, () -> {})
                    .to(product);
            assertEquals(47, product.index().counts().images());
            Map<String, String> outcome = product.train();
            assertTrue(product.heads().latest().isPresent(), outcome::toString);
            try (HttpEndpoint endpoint = product.serve(0);
                    HttpClient client = HttpClient.newHttpClient()) {
                var request =
                        HttpRequest.newBuilder(URI.create(endpoint.url() + "/classify"))
                                .POST(HttpRequest.BodyPublishers.ofFile(sample("gear", 35)))
                                .build();
                String body = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
                assertTrue(body.matches("(?s).*\"label\"\\s*:\\s*\"gear\".*"), body);
            }
            manifest(product, environment);
        }
    }

    /** A manifest whose pictures are in S3 alone. */
    private void manifest(LocalProduct product, Map<String, String> environment) throws Exception {
        product.put("images/elsewhere/a b.jpg", sample("bolt", 39));
        String job =
                "\"j\": 0, \"j-metadata\": {\"class-name\": \"bolt\", \"type\": \"groundtruth/image-classification\"}";
        String bucket = environment.get("IMAGES_BUCKET");
        Path file = folder.resolve("manifest/output.manifest");
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                """
                {"source-ref": "s3://%1$s/images/elsewhere/a b.jpg", %2$s}
                {"source-ref": "s3://%1$s/images/elsewhere/none.jpg", %2$s}
                """
                        .formatted(bucket, job));
        Path into = folder.resolve("from S3");
        assertEquals(1, imported(file.toString(), into, environment), told::toString);
        assertTrue(Files.exists(into.resolve("bolt/a b.jpg")), told::toString);
        assertTrue(
                told.stream().anyMatch(line -> line.contains("none.jpg cannot be read")),
                told::toString);
    }

    @Test
    void mavenAndTheReleaseWriteItEachInItsWay() {
        Optional<ImportCommand> expected = Optional.of(new ImportCommand("a.zip", Path.of("b")));
        String[] maven = {
            "-Dimages=", "-Dimport=a.zip", "-Dinto=b", "given={import=a.zip, into=b}"
        };
        assertEquals(expected, ImportCommand.parse(MAVEN, maven));
        assertEquals(expected, ImportCommand.parse(RELEASE, "import", "a.zip", "--into", "b"));
        assertEquals(expected, ImportCommand.parse(RELEASE, "--into=b", "--import=a.zip"));
        assertEquals(Optional.empty(), ImportCommand.parse(RELEASE, "--port", "0"));
        assertEquals(Optional.empty(), ImportCommand.parse(MAVEN, "-Dimport=", "-Dinto="));
    }

    @ParameterizedTest
    @CsvSource({
        "import, import lacks its source: expected graft import SOURCE --into FOLDER",
        "import --into b, import lacks its source: expected graft import SOURCE --into FOLDER",
        "import a.zip, 'an import needs a source and a folder: expected --import SOURCE with --into FOLDER'",
        "--into b, 'an import needs a source and a folder: expected --import SOURCE with --into FOLDER'",
        "import a --into b --port 0, 'an import needs a source and a folder: expected --import SOURCE with --into FOLDER, and without --port 0'",
        "import a --inot b, unknown option --inot: expected one of --images"
    })
    void aMistakeIsToldInASentence(String arguments, String expected) {
        String message =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> ImportCommand.parse(RELEASE, arguments.split(" ")))
                        .getMessage();
        assertTrue(message.startsWith(expected), message);
    }
}
