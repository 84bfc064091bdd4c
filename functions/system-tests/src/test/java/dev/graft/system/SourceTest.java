package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What is said in one file alone, of the sources that go into the product. */
class SourceTest {

    /**
     * A rule.
     *
     * @param name what it holds
     * @param elsewhere what may stand only in {@code homes}
     * @param homes names of files
     */
    private record Rule(String name, Pattern elsewhere, List<String> homes) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Rule> RULES =
            List.of(
                    new Rule(
                            "the id of a feature is built by FeatureIdentity alone",
                            Pattern.compile("\"-[pvr]\\d*\""),
                            List.of("FeatureIdentity.java")),
                    new Rule(
                            "the id of a feature is taken apart by FeatureIdentity alone",
                            Pattern.compile(
                                    "(?i)(backbone(Id)?|\\bid|identity)(\\(\\))?\\)?\\s*\\.(substring|split|startsWith|endsWith|indexOf|lastIndexOf|replace|matches)\\("),
                            List.of("FeatureIdentity.java", "Backbones.java")),
                    new Rule(
                            "the keys of a network's metadata stand in NetworkMetadata alone",
                            Pattern.compile("\"graft\\.\\w*\""),
                            List.of("NetworkMetadata.java")),
                    new Rule(
                            "what the keys of images start with stands in ImageStore alone",
                            Pattern.compile("\"images/\""),
                            List.of("ImageStore.java")),
                    new Rule(
                            "numbers are written the same in every country: formatted has no locale",
                            Pattern.compile(
                                    "\"[^\"\\n]*%[-+0(]*(,|\\d*\\.\\d|\\d*[efgEG])[^\"\\n]*\"[\\s)]*\\.formatted\\("),
                            List.of()),
                    new Rule(
                            "numbers are written the same in every country: format takes a locale",
                            Pattern.compile("\\b(printf|String\\.format)\\(\\s*\""),
                            List.of()));

    @ParameterizedTest
    @FieldSource("RULES")
    void standsInOneFile(Rule rule) throws IOException {
        var found = new TreeSet<String>();
        try (var files = Files.walk(Repository.file("functions"))) {
            files.filter(file -> file.toString().replace('\\', '/').contains("/src/main/"))
                    .filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> rule.elsewhere.matcher(text(file)).find())
                    .forEach(file -> found.add(file.getFileName().toString()));
        }
        found.removeAll(rule.homes);
        assertEquals(new TreeSet<>(), found, rule.name);
    }

    @ParameterizedTest
    @FieldSource("RULES")
    void failsWhenViolated(Rule rule) {
        Path guilty =
                Repository.file(
                        "functions/system-tests/src/test/java/dev/graft/system/violation/SaysAgain.java");
        assertTrue(rule.elsewhere.matcher(text(guilty)).find());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
