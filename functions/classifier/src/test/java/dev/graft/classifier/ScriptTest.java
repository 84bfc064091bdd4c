package dev.graft.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The unit tests and the linter of the page's modules, by Node (20 or later) where there is one.
 * The linter comes from the npm registry at its first run.
 */
class ScriptTest {
    private static final int MIN_NODE = 20;
    private static final List<String> LINTER = List.of("npx", "--yes", "eslint@10.15.0");

    @TempDir private Path temp;

    @Test
    void modulesPassTheirTests() throws Exception {
        needNode("the unit tests of the page's scripts");
        Path log = temp.resolve("log");
        int status = run(log, "src/test/js", List.of("node", "--test", "--test-reporter=tap"));
        String told = Files.readString(log);
        assertEquals(0, status, told);
        assertTrue(told.lines().anyMatch(line -> line.matches("# pass [1-9]\\d+")), told);
    }

    @Test
    void modulesPassTheLinter() throws Exception {
        needNode("the linter of the page's scripts");
        Path log = temp.resolve("log");
        if (lint(log, "--version") != 0) {
            skip("the linter of the page's scripts. npx could not get " + LINTER.getLast());
        }
        int status = lint(log, "src/main/resources/page", "src/test/js");
        assertEquals(0, status, Files.readString(log));
    }

    private void needNode(String what) throws Exception {
        if (nodeVersion() < MIN_NODE) {
            skip("%s. It takes Node %d or later: apt-get install nodejs".formatted(what, MIN_NODE));
        }
    }

    private static void skip(String what) {
        System.err.printf("%n*** SKIPPED: %s ***%n%n", what);
        abort(what);
    }

    private static int lint(Path log, String... arguments) throws Exception {
        var command = new ArrayList<>(LINTER);
        command.addAll(List.of(arguments));
        return run(log, ".", command);
    }

    /** The major version of Node; 0 where there is none. */
    private int nodeVersion() throws Exception {
        Path log = temp.resolve("version");
        try {
            run(log, ".", List.of("node", "--version"));
        } catch (IOException e) {
            return 0;
        }
        return Integer.parseInt(Files.readString(log).strip().replaceFirst("v(\\d+).*", "$1"));
    }

    private static int run(Path log, String folder, List<String> command) throws Exception {
        Process node =
                new ProcessBuilder(command)
                        .directory(new File(folder))
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
