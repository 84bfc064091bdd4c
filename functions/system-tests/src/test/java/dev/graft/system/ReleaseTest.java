package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The release as people unpack and start it, where no Java is to be found but its own. */
class ReleaseTest {
    private static final Path SAMPLES = Repository.file("functions/local/samples");
    private static final Path SOURCES = Repository.file("functions/release/src");

    @TempDir private static Path unpacked;
    private static Path home;

    /**
     * In the same place as the release, as JUnit tells of links that lead out of one it deletes.
     */
    private Path folder;

    /**
     * @param lines of both streams
     */
    private record Ended(int status, List<String> lines) {}

    @BeforeAll
    static void unpack() throws IOException {
        Path zip = Repository.file("functions/release/target/graft.zip");
        assumeTrue(Files.exists(zip), () -> zip + " is not there: run mvn verify");
        assumeTrue(File.separatorChar == '/', "SKIPPED: bin/graft is for Linux and macOS");
        URI address = URI.create("jar:" + zip.toUri());
        try (FileSystem files =
                        FileSystems.newFileSystem(
                                address, Map.of("enablePosixFileAttributes", "true"));
                var all = Files.walk(files.getPath("/"))) {
            for (Path file : all.toList()) {
                Path target = unpacked.resolve(file.toString().substring(1));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                    Files.setPosixFilePermissions(target, Files.getPosixFilePermissions(file));
                }
            }
        }
        try (var top = Files.list(unpacked)) {
            home = top.findFirst().orElseThrow();
        }
        assertFalse(hasDynamoDb(), "its licence forbids to hand DynamoDB Local on");
        Path dynamoDb =
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(Path::of)
                        .filter(file -> file.getFileName().toString().startsWith("DynamoDBLocal-"))
                        .findFirst()
                        .orElseThrow();
        Files.copy(dynamoDb, home.resolve("lib").resolve(dynamoDb.getFileName()));
    }

    @BeforeEach
    void ownFolder() throws IOException {
        folder = Files.createTempDirectory(unpacked, "user").toRealPath();
    }

    private static boolean hasDynamoDb() throws IOException {
        try (var jars = Files.list(home.resolve("lib"))) {
            return jars.anyMatch(jar -> jar.getFileName().toString().startsWith("DynamoDBLocal"));
        }
    }

    private Ended run(Path program, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        ProcessBuilder builder = new ProcessBuilder(program.toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", "/usr/bin:/bin", "CI", "true"));
        builder.environment().put("HOME", folder.toString());
        builder.environment().putAll(environment);
        Process run = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            assertTrue(run.waitFor(180, TimeUnit.SECONDS), "it does not end");
            return new Ended(run.exitValue(), Files.readAllLines(log, StandardCharsets.UTF_8));
        } finally {
            run.destroyForcibly();
        }
    }

    private Ended run(String... arguments) throws IOException, InterruptedException {
        return run(home.resolve("bin/graft"), Map.of(), arguments);
    }

    @Test
    void learnsAFolderOfPictures() throws Exception {
        Path pictures = Files.createDirectory(folder.resolve("my pictures"));
        for (String label : List.of("gear", "key")) {
            Files.createDirectory(pictures.resolve(label));
            for (int i = 0; i < 6; i++) {
                String name = "%s/0%d.jpg".formatted(label, i);
                Files.copy(SAMPLES.resolve(name), pictures.resolve(name));
            }
        }
        Path report = folder.resolve("report.json");
        Ended ended = run(pictures.toString(), "--no-serve", "--port=0", "--report", "" + report);
        assertEquals(0, ended.status(), ended::toString);
        assertEquals("Graft starts with the pictures in " + pictures, ended.lines().getFirst());
        assertTrue(Files.size(report) > 0, ended::toString);
    }

    @Test
    void aMistakeEndsWithOneSentenceAndStatus2() throws Exception {
        Ended ended = run("--no-serv");
        assertEquals(2, ended.status(), ended::toString);
        assertEquals(1, ended.lines().size(), ended::toString);
        assertTrue(ended.lines().getFirst().startsWith("unknown option --no-serv: expected"));
        ended = run("no such folder");
        assertEquals(
                new Ended(2, List.of("--images no such folder: expected a folder that is there")),
                ended);
    }

    @Test
    void tellsItsOptionsAndVersionThroughALinkToo() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("graft"), home.resolve("bin/graft"));
        Ended help = run(link, Map.of(), "--help");
        assertEquals(0, help.status(), help::toString);
        assertTrue(String.join("\n", help.lines()).contains("--labels-per-image"), help::toString);
        Ended version = run("--version");
        assertEquals(0, version.status(), version::toString);
        String number = home.getFileName().toString().replaceFirst("graft-", "Graft ");
        assertTrue(version.lines().getFirst().startsWith(number + ", "), version::toString);
    }

    @Test
    void whereItsRuntimeDoesNotRunAnInstalledOneOfTheRightVersionDoes() throws Exception {
        Path other = Files.createDirectories(folder.resolve("other"));
        Files.createSymbolicLink(other.resolve("lib"), home.resolve("lib"));
        Files.createDirectory(other.resolve("bin"));
        Path program = Files.copy(home.resolve("bin/graft"), other.resolve("bin/graft"));
        Path old = Files.createDirectories(folder.resolve("old/bin")).resolve("java");
        Files.writeString(old, "#!/bin/sh\necho 'openjdk version \"17.0.15\" 2025-04-15' >&2\n");
        Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rwxr-xr-x"));
        Map<String, String> onPath = Map.of("PATH", old.getParent() + ":/usr/bin:/bin");
        Ended none = run(program, onPath, "--version");
        assertEquals(2, none.status(), none::toString);
        assertEquals(1, none.lines().size(), none::toString);
        assertTrue(none.lines().getFirst().contains("expected a JDK 25 or newer"), none::toString);
        assertTrue(none.lines().getFirst().endsWith("found Java 17 at " + old), none::toString);
        String installed = System.getProperty("java.home");
        Ended version = run(program, Map.of("JAVA_HOME", installed), "--version");
        assertEquals(0, version.status(), version::toString);
    }

    @Test
    void theOtherWaysToStartItDoTheSame() throws IOException {
        String script = Files.readString(SOURCES.resolve("bin/graft"));
        String windows = Files.readString(SOURCES.resolve("bin/graft.cmd"));
        for (String same :
                List.of(
                        "dev.graft.local.FetchDynamoDb",
                        "DynamoDBLocal-*.jar",
                        "-Drelease.home=",
                        "-Djava.awt.headless=true -jar",
                        "ORT_DISABLE_TELEMETRY=1",
                        "expected a JDK 25 or newer in JAVA_HOME or on the PATH")) {
            assertTrue(script.contains(same) && windows.contains(same), same);
        }
        assertEquals(windows.lines().count(), windows.split("\r\n").length, "lines end by CR LF");
        List<String> container = new ArrayList<>();
        for (String line : Files.readAllLines(SOURCES.resolve("Dockerfile"))) {
            if (line.matches("(FROM|COPY|USER|ENTRYPOINT) .*")) {
                container.add(line);
            }
        }
        assertEquals(
                List.of(
                        "FROM debian:13-slim",
                        "COPY graft.zip /tmp/",
                        "USER graft",
                        "ENTRYPOINT [\"/opt/graft/bin/graft\"]"),
                container);
    }
}
