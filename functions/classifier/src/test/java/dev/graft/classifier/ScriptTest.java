package dev.graft.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The unit tests of the page's modules, by the test runner of Node (20 or later) where there is
 * one.
 */
class ScriptTest {
    private static final int MIN_NODE = 20;

    @TempDir private Path temp;

    @Test
    void modulesPassTheirTests() throws Exception {
        int found = nodeVersion();
        if (found < MIN_NODE) {
            System.err.printf(
                    "%n*** SKIPPED: the unit tests of the page's scripts. They need Node %d or later: apt-get install nodejs ***%n%n",
                    MIN_NODE);
            abort("no Node %d".formatted(MIN_NODE));
        }
        Path log = temp.resolve("log");
        int status = run(log, List.of("node", "--test", "--test-reporter=tap"));
        String told = Files.readString(log);
        assertEquals(0, status, told);
        assertTrue(told.lines().anyMatch(line -> line.matches("# pass [1-9]\\d+")), told);
    }

    /** The major version of Node; 0 where there is none. */
    private int nodeVersion() throws Exception {
        Path log = temp.resolve("version");
        try {
            run(log, List.of("node", "--version"));
        } catch (IOException e) {
            return 0;
        }
        return Integer.parseInt(Files.readString(log).strip().replaceFirst("v(\\d+).*", "$1"));
    }

    private static int run(Path log, List<String> command) throws Exception {
        Process node =
                new ProcessBuilder(command)
                        .directory(new File("src/test/js"))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        if (!node.waitFor(2, TimeUnit.MINUTES)) {
            node.destroyForcibly();
            throw new IllegalStateException(command + " took longer than two minutes");
        }
        return node.exitValue();
    }
}
