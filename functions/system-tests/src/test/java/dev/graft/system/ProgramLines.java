package dev.graft.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The programs that the page shows under "Use it", run as they stand, each by what it is written
 * for.
 */
final class ProgramLines {
    private static final Map<String, String> FILES =
            Map.of(
                    "curl", "classify.sh",
                    "Python", "classify.py",
                    "JavaScript", "classify.mjs",
                    "Java", "Classify.java");

    private ProgramLines() {}

    /**
     * Runs each beside the picture {@code photo.jpg} of a folder.
     *
     * @return what each printed, by its language; those that this machine cannot run are left out,
     *     and told
     */
    static Map<String, String> run(Page page, Path folder, Map<String, String> variables)
            throws IOException, InterruptedException {
        Map<String, String> printed = new LinkedHashMap<>();
        for (Locator program : page.locator("details:has(pre)").all()) {
            String language = program.locator("summary").textContent();
            Path file = folder.resolve(FILES.get(language));
            Files.writeString(file, program.locator("code").textContent());
            String runner = runner(language);
            try {
                printed.put(language, run(runner, file, variables));
            } catch (IOException e) {
                System.out.printf("*** %s is not here: its lines were not run ***%n", runner);
            }
        }
        assertTrue(printed.containsKey("Java"), printed::toString);
        return printed;
    }

    private static String runner(String language) {
        return switch (language) {
            case "curl" -> "bash";
            case "Python" -> "python3";
            case "JavaScript" -> "node";
            case "Java" -> Path.of(System.getProperty("java.home"), "bin", "java").toString();
            default -> throw new IllegalArgumentException(language);
        };
    }

    private static String run(String runner, Path file, Map<String, String> variables)
            throws IOException, InterruptedException {
        var builder =
                new ProcessBuilder(runner, file.toString()).directory(file.getParent().toFile());
        builder.environment().keySet().removeIf(name -> name.matches("(?i).*_proxy"));
        builder.environment().putAll(variables);
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), said);
        assertEquals(0, process.exitValue(), said);
        return said;
    }
}
