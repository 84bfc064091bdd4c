package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the packages are made of: the CycloneDX files that {@code mvn verify} writes beside them,
 * their licences, and what a library may not do.
 */
class SupplyChainTest {
    /** Of two that a component offers, one suffices. */
    private static final Set<String> LICENCES =
            Set.of("Apache-2.0", "MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause", "BSD-4-Clause");

    /** Runs on a laptop alone, as its licence allows. */
    private static final Set<String> LOCAL =
            Set.of(
                    "DynamoDBLocal DynamoDB Local License Agreement",
                    "jakarta.servlet-api EPL-2.0",
                    "jakarta.transaction-api EPL-2.0");

    private static final int SHA256 = 64;

    @ParameterizedTest
    @ValueSource(strings = {"trainer", "featurizer", "classifier", "local"})
    void everyComponentHasAVersionAHashAndALicenceOfTheList(String module) throws IOException {
        Path file = Repository.file("functions/" + module + "/target/bom.json");
        assumeTrue(Files.exists(file), () -> file + " is not there: run mvn verify, not offline");
        JsonNode components = new ObjectMapper().readTree(file.toFile()).path("components");
        Set<String> others = new TreeSet<>();
        for (JsonNode component : components) {
            String name = component.path("name").asText();
            List<String> offered = new ArrayList<>();
            for (JsonNode entry : component.path("licenses")) {
                JsonNode licence = entry.path("license");
                offered.add(licence.path("id").asText(licence.path("name").asText()));
            }
            if (offered.stream().noneMatch(LICENCES::contains)) {
                others.add(name + " " + (offered.isEmpty() ? "none" : offered.getFirst()));
            }
            assertTrue(component.path("version").asText().matches("[\\w.-]+"), name);
            boolean ours = component.path("group").asText().equals("dev.graft");
            assertTrue(
                    ours
                            || component.path("hashes").findValuesAsText("content").stream()
                                    .anyMatch(hash -> hash.length() == SHA256),
                    name + " has no SHA-256");
        }
        assertTrue(components.size() > 40, components.size() + " components");
        assertEquals(module.equals("local") ? LOCAL : Set.of(), others);
    }

    /** What lies in a package stands in its list, and the other way round. */
    @ParameterizedTest
    @CsvSource({
        "trainer, trainer.zip",
        "featurizer, featurizer-x86_64.zip",
        "classifier, classifier-x86_64.zip"
    })
    void theListIsThatOfThePackage(String module, String zip) throws IOException {
        Path target = Repository.file("functions/" + module + "/target");
        for (String needed : List.of(zip, "bom.json")) {
            assumeTrue(
                    Files.exists(target.resolve(needed)),
                    () -> needed + " is not there: run mvn verify, not offline");
        }
        Set<String> listed = new TreeSet<>();
        for (JsonNode component :
                new ObjectMapper()
                        .readTree(target.resolve("bom.json").toFile())
                        .path("components")) {
            String version = component.path("version").asText();
            listed.add(component.path("name").asText() + "-" + version + ".jar");
        }
        Set<String> packed = new TreeSet<>();
        try (var file = new ZipFile(target.resolve(zip).toFile())) {
            file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith("lib/") && name.endsWith(".jar"))
                    .forEach(name -> packed.add(name.substring("lib/".length())));
        }
        // two lie there unpacked, as far as they are needed, and annotations are for the compiler
        listed.removeIf(name -> name.matches("(onnxruntime|graft-backbone|jspecify)-.*"));
        assertEquals(listed, packed);
    }

    @Test
    void everyFunctionWithONNXRuntimeTurnsItsTelemetryOff() throws IOException {
        Template template = Template.read();
        for (Function function : Function.values()) {
            if (!function.module().equals("trainer")) {
                JsonNode off = template.variables(function.resource).get("ORT_DISABLE_TELEMETRY");
                assertEquals("1", off.asText(), function.resource);
            }
        }
        assertEquals("1", System.getenv("ORT_DISABLE_TELEMETRY"), "in tests, too");
    }

    /** One class may ask for all variables: the handler that gives them to its configuration. */
    @Test
    void nothingPrintsTheEnvironment() throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Repository.file("functions"))) {
            for (Path file : files.filter(SupplyChainTest::isMain).toList()) {
                for (String line : Files.readAllLines(file)) {
                    boolean whole = line.matches(" *[^ *].*System\\.getenv\\(\\).*");
                    if (whole && !line.strip().equals("this(System.getenv());")) {
                        found.add(file.getFileName() + ": " + line.strip());
                    }
                }
            }
        }
        assertEquals(List.of(), found);
    }

    private static boolean isMain(Path file) {
        return file.toString().endsWith(".java") && file.toString().contains("/src/main/");
    }
}
