package dev.graft.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The options of a release as people write them. */
class CommandLineTest {
    private static final Map<String, String> NOTHING_KEPT = Map.of("CI", "true");

    @TempDir private Path home;

    @BeforeEach
    void samples() throws IOException {
        Files.createDirectory(home.resolve("samples"));
    }

    private Options parsed(String... arguments) {
        return Options.parse(new CommandLine(home), arguments, NOTHING_KEPT);
    }

    private String refused(String... arguments) {
        return assertThrows(IllegalArgumentException.class, () -> parsed(arguments)).getMessage();
    }

    @Test
    void nothingGivenTakesTheSamplesOfTheRelease() {
        Options options = parsed();
        assertEquals(Optional.of(home.resolve("samples")), options.images());
        assertTrue(options.serve());
        assertEquals(8080, options.port());
    }

    @Test
    void everyOptionIsRead() {
        Path own = home.resolve("samples");
        Options expected =
                new Options(
                        Optional.of(own),
                        false,
                        0,
                        Optional.of(Path.of("kept")),
                        "resnet18",
                        Optional.of(Path.of("r.json")),
                        "several",
                        30,
                        true,
                        true,
                        true,
                        false);
        assertEquals(
                expected,
                parsed(
                        own.toString(),
                        "--no-serve",
                        "--port=0",
                        "--data",
                        "kept",
                        "--backbone=resnet18",
                        "--report",
                        "r.json",
                        "--answer-days=30",
                        "--answer-pictures",
                        "--labels-per-image",
                        "several",
                        "--verify",
                        "--remove"));
        assertEquals(expected.images(), parsed("--images", own.toString()).images());
    }

    @Test
    void aFolderMayStartAtHomeWhereTheShellLeftThat() {
        String user = System.getProperty("user.home");
        Options options = parsed("--data=~/kept", "--backbone=~/net.onnx");
        assertEquals(Optional.of(Path.of(user, "kept")), options.data());
        assertEquals(user + "/net.onnx", options.backbone());
    }

    @ParameterizedTest
    @CsvSource({
        "--imagez x, 'unknown option --imagez: expected one of --images, --no-serve, --port'",
        "-Dimages=x, unknown option -Dimages: expected one of --images",
        "--serve, unknown option --serve: expected one of --images",
        "--port, --port lacks its value: expected --port N",
        "--port=, --port lacks its value: expected --port N",
        "--data --verify, --data lacks its value: expected --data FOLDER",
        "--port x, --port x: expected a number from 0 to 65535",
        "--port -1, --port -1: expected a number from 0 to 65535",
        "--verify=no, --verify=no takes no value: expected --verify alone",
        "--labels-per-image 2, --labels-per-image 2: expected one or several",
        "nowhere, --images nowhere: expected a folder that is there",
        "a b, 'two folders of pictures, a and b: expected one'",
        "--port 0 --port 1, --port is given twice: expected it once"
    })
    void aMistakeIsToldInASentence(String arguments, String expected) {
        String message = refused(arguments.split(" "));
        assertTrue(message.startsWith(expected), message);
        assertFalse(message.contains("\n"), message);
    }

    @ParameterizedTest
    @EnumSource
    void everyOptionIsWrittenInBothWays(Option option) {
        String value = option.example();
        String[] flag =
                option.alone().isPresent()
                        ? new String[] {option.flag()}
                        : new String[] {option.flag(), value};
        assertEquals(Map.of(option, value), new CommandLine(home).read(flag));
        MavenProperties maven = new MavenProperties();
        assertEquals(Map.of(option, value), maven.read(maven.written(option, value)));
        assertTrue(maven.remedy().contains(maven.written(option, value)), option.name());
        String help = CommandLine.information("--help").orElseThrow();
        assertTrue(help.contains("  " + String.join(" ", flag)), help);
        assertEquals(
                1,
                Arrays.stream(help.split("\n"))
                        .filter(line -> line.endsWith(option.meaning()))
                        .count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "--version"})
    void informationIsGivenWhateverElseIsAsked(String flag) {
        String text = CommandLine.information("--imagez", flag).orElseThrow();
        assertTrue(text.contains(flag.equals("--version") ? "Graft " : "--no-serve"), text);
        assertEquals(Optional.empty(), CommandLine.information("--port", "0"));
    }
}
