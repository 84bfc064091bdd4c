package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the Markdown files promise: size, links, options of commands, and the five entries. */
class DocumentationTest {
    private static final Path ROOT = Repository.file("");
    private static final Path README = Repository.file("README.md");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)|^\\[[^]]+]:\\s+(\\S+)");

    /** Options of Maven and of its plugins. */
    private static final Set<String> OF_MAVEN =
            Set.of(
                    "skipTests",
                    "test",
                    "surefire.failIfNoSpecifiedTests",
                    "maven.surefire.debug",
                    "newVersion",
                    "generateBackupPoms");

    @Test
    void theReadmeHasThreeScreens() throws IOException {
        List<String> lines = Files.readAllLines(README);
        assertTrue(lines.size() <= 150, "README.md has %d lines".formatted(lines.size()));
        assertEquals(List.of(), tooLong(prose(lines)));
    }

    @Test
    void theTopLevelHoldsFiveEntriesALicenceAndDotFiles() throws Exception {
        assumeTrue(
                Files.exists(ROOT.resolve(".git")),
                "SKIPPED: this is no clone, git knows no files");
        Process git = new ProcessBuilder("git", "ls-files").directory(ROOT.toFile()).start();
        try (var files = git.inputReader()) {
            var found =
                    files.lines()
                            .map(file -> file.replaceFirst("/.*", ""))
                            .filter(name -> !name.startsWith("."))
                            .collect(Collectors.toCollection(TreeSet::new));
            var expected =
                    Set.of("pom.xml", "functions", "infra", "events", "README.md", "LICENSE");
            assertEquals(new TreeSet<>(expected), found);
        }
        assertEquals(0, git.waitFor());
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyRelativeLinkLeadsSomewhere(Path document) throws IOException {
        assertEquals(List.of(), brokenLinks(document, Files.readAllLines(document)));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyOptionOfACommandExists(Path document) throws IOException {
        Set<String> known = knownOptions();
        var unknown = new TreeSet<>(options(Files.readAllLines(document)));
        unknown.removeAll(known);
        assertEquals(Set.of(), unknown, "-D of " + document);
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyTestAndMainClassThatIsNamedExists(Path document) throws IOException {
        Set<String> sources =
                files(".java").stream()
                        .map(
                                file ->
                                        file.toString()
                                                .replace('\\', '/')
                                                .replaceFirst(".*/java/", ""))
                        .collect(Collectors.toSet());
        String text = Files.readString(document);
        for (String name : found("\\b(dev\\.graft(?:\\.[a-z]\\w*)*\\.[A-Z]\\w*)", text)) {
            assertTrue(sources.contains(name.replace('.', '/') + ".java"), name);
        }
        for (String name : found("(?<!\\.)\\b([A-Z]\\w*Test)\\b", text)) {
            assertTrue(sources.stream().anyMatch(it -> it.endsWith("/" + name + ".java")), name);
        }
    }

    @Test
    void theTableOfOptionsIsThatOfTheRunCommand() throws IOException {
        String pom = Files.readString(Repository.file("functions/local/pom.xml"));
        Set<String> passed = found("<argument>-D([A-Za-z]+)=", pom);
        List<String> rows =
                Files.readAllLines(README).stream()
                        .filter(line -> line.startsWith("| `-D"))
                        .toList();
        assertEquals(passed, options(rows));
        String options =
                Files.readString(
                        Repository.file(
                                "functions/local/src/main/java/dev/graft/local/Option.java"));
        assertEquals(passed, found("(?m)^ {4}[A-Z_]+\\(\\s*\"(\\w+)\"", options));
    }

    @ParameterizedTest
    @CsvSource({
        "[a](nowhere.md)",
        "![a](infra/nowhere.webp)",
        "[a]: nowhere.md",
        "[a](infra/README.md#no-such-heading)",
        "[a](#no-such-heading)"
    })
    void aBrokenLinkIsFound(String line) throws IOException {
        assertFalse(brokenLinks(README, List.of(line)).isEmpty());
    }

    @Test
    void aLongLineAndAnUnknownOptionAreFound() {
        assertFalse(tooLong(prose(List.of("word ".repeat(30)))).isEmpty());
        assertEquals(List.of(), prose(List.of("    code", "| a | b |", "```", "code", "```")));
        assertEquals(Set.of("imagez"), options(List.of("    mvn -q exec:exec -Dimagez=x")));
    }

    private static List<Path> documents() throws IOException {
        return files(".md");
    }

    /** Lines that are wrapped: no table, no code, no address alone. */
    private static List<String> prose(List<String> lines) {
        var found = new ArrayList<String>();
        boolean fenced = false;
        for (String line : lines) {
            fenced ^= line.startsWith("```");
            if (!fenced && !line.matches("(```|\\||    |\\[[^]]+]: ).*")) {
                found.add(line);
            }
        }
        return found;
    }

    private static List<String> tooLong(List<String> lines) {
        return lines.stream().filter(line -> line.length() > 110).toList();
    }

    private static List<String> brokenLinks(Path document, List<String> lines) throws IOException {
        var broken = new ArrayList<String>();
        for (String target : lines.stream().flatMap(DocumentationTest::links).toList()) {
            String[] parts = target.split("#", 2);
            Path file = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]);
            if (!Files.exists(file) || (parts.length == 2 && !anchors(file).contains(parts[1]))) {
                broken.add(target);
            }
        }
        return broken;
    }

    private static Stream<String> links(String line) {
        return LINK.matcher(line)
                .results()
                .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                .filter(target -> !target.contains("://"));
    }

    /** Headings as GitHub makes addresses of them. */
    private static Set<String> anchors(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
                .map(title -> title.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    /** What commands and text set by -D. */
    private static Set<String> options(List<String> lines) {
        return found("(?<!\\w)-D([A-Za-z.]+)", String.join("\n", lines));
    }

    /** Properties that a POM declares, those that a test reads, and Maven's own. */
    private static Set<String> knownOptions() throws IOException {
        var known = new TreeSet<>(OF_MAVEN);
        for (Path pom : files("pom.xml")) {
            for (String block :
                    found("(?s)<properties>(.*?)</properties>", Files.readString(pom))) {
                known.addAll(found("<([A-Za-z][\\w.-]*)/?>", block));
            }
        }
        for (Path test : files("Test.java")) {
            known.addAll(found("(?:getProperty\\(|named = )\"([\\w.]+)\"", Files.readString(test)));
        }
        return known;
    }

    private static List<Path> files(String ending) throws IOException {
        try (var files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .filter(file -> !ROOT.relativize(file).toString().contains("target"))
                    .toList();
        }
    }

    private static Set<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
