package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the run command says, and the status it ends with. */
class StartTest {
    @TempDir Path folder;
    @TempDir Path home;

    /**
     * @param lines in order
     */
    private record Ended(int status, List<String> lines) {}

    @BeforeEach
    void onePicture() throws IOException {
        Files.createDirectories(folder.resolve("gear"));
        Files.copy(
                Repository.file("functions/local/samples/gear/00.jpg"),
                folder.resolve("gear/00.jpg"));
    }

    private Ended run(String option) throws IOException, InterruptedException {
        Path log = home.resolve("log");
        Process run = JavaProcess.product(log, "-Dimages=" + folder, option).start();
        try {
            assertTrue(run.waitFor(60, TimeUnit.SECONDS), "it does not end");
            return new Ended(run.exitValue(), Files.readAllLines(log, StandardCharsets.UTF_8));
        } finally {
            run.destroyForcibly();
        }
    }

    @Test
    void theStatusTellsThatNoHeadWasTrained() throws Exception {
        Ended ended = run("-Dserve=false");
        assertEquals(1, ended.status(), ended::toString);
        String first = "Graft starts with the pictures in %s, and keeps everything in (.*) [(].*";
        Matcher said =
                Pattern.compile(first.formatted(Pattern.quote(folder.toString())))
                        .matcher(ended.lines().getFirst());
        assertTrue(said.matches(), ended::toString);
        assertTrue(Files.isRegularFile(Path.of(said.group(1), "origins.json")), ended::toString);
        assertEquals("1 picture in " + folder + " is uploaded", ended.lines().get(1));
        assertEquals("1 of 1 images featurized", ended.lines().get(2));
        assertTrue(ended.lines().getLast().startsWith("NotEnoughData: "), ended::toString);
    }
}
