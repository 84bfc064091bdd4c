package dev.graft.system;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Debian's Chromium with a camera that is none, driven from Java; nothing is downloaded. */
final class Chromium {
    private static final Path PROGRAM = Path.of("/usr/bin/chromium");

    private Chromium() {}

    /** Skips the test that asks, loudly, where there is no Chromium. */
    static void assumeThere() {
        boolean there = Files.isExecutable(PROGRAM);
        if (!there) {
            System.err.printf(
                    "%n*** SKIPPED: the browser tests. There is no %s: apt-get install chromium ***%n%n",
                    PROGRAM);
        }
        assumeTrue(there, PROGRAM + " is missing");
    }

    static Playwright driver() {
        return Playwright.create(
                new Playwright.CreateOptions()
                        .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    }

    static Browser launch(Playwright driver) {
        return driver.chromium()
                .launch(
                        new BrowserType.LaunchOptions()
                                .setExecutablePath(PROGRAM)
                                .setArgs(
                                        List.of(
                                                "--headless",
                                                "--no-sandbox",
                                                "--disable-gpu",
                                                "--disable-background-networking",
                                                "--disable-component-update",
                                                "--disable-sync",
                                                "--use-fake-device-for-media-stream",
                                                "--use-fake-ui-for-media-stream",
                                                "--no-first-run")));
    }
}
