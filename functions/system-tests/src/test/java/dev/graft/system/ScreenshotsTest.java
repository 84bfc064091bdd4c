package dev.graft.system;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Takes pictures of every view with all bundled samples, at desktop and phone width, light and
 * dark, into the folder {@code -Dscreenshots}. Those in the README are some of them.
 */
@EnabledIfSystemProperty(named = "screenshots", matches = ".+")
class ScreenshotsTest {
    private static final Path SAMPLES = Repository.file("functions/local/samples");
    private static final Map<String, int[]> SIZES =
            Map.of("desktop", new int[] {1280, 800}, "phone", new int[] {390, 844});

    private static final String LOADED =
            "[...document.images].every(i => i.loading === 'lazy' || i.complete && i.naturalWidth)";

    private String url;

    @Test
    void everyViewFitsItsWindow() throws Exception {
        Chromium.assumeThere();
        Path folder = Files.createDirectories(Path.of(System.getProperty("screenshots")));
        try (Served served = Served.with(Map.of());
                Playwright driver = Chromium.driver();
                Browser browser = Chromium.launch(driver)) {
            teach(served);
            url = served.endpoint().url();
            for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
                for (String size : SIZES.keySet()) {
                    BrowserFixture.inRootLocale(() -> shoot(browser, folder, scheme, size));
                }
            }
        }
    }

    /**
     * A few drawings of each class first, then all, so that some predictions change; three keys
     * among the nuts for the label doctor.
     */
    private static void teach(Served served) throws Exception {
        for (String key : new String[] {"05", "17", "31"}) {
            served.product()
                    .put("images/nut/key-" + key + ".jpg", SAMPLES.resolve("key/" + key + ".jpg"));
        }
        for (String some : new String[] {"(unlabelled.*|.*/0[0-4])[.]jpg", ".*[.]jpg"}) {
            try (var files = Files.walk(SAMPLES)) {
                files.filter(file -> SAMPLES.relativize(file).toString().matches(some))
                        .sorted()
                        .forEach(
                                file ->
                                        served.product()
                                                .put("images/" + SAMPLES.relativize(file), file));
            }
            served.train();
        }
    }

    private Map<String, Consumer<Page>> views() {
        Map<String, Consumer<Page>> views = new LinkedHashMap<>();
        views.put("classify", page -> open(page, "classify", ".pick img"));
        views.put(
                "prediction",
                page -> {
                    open(page, "classify", ".pick img");
                    page.getByAltText("Classify unlabelled-2.jpg").click();
                    shows(page, ".thumbs img");
                });
        views.put("unknown", page -> unknown(page));
        views.put("images", page -> open(page, "images", ".tile img"));
        views.put(
                "bulk",
                page -> {
                    open(page, "images", ".tile img");
                    for (int tile : new int[] {0, 1, 3}) {
                        page.locator(".tile").nth(tile).click();
                    }
                });
        views.put("queue", page -> open(page, "queue", ".review img"));
        views.put("doctor", page -> open(page, "doctor", ".suspect img"));
        views.put("report", page -> open(page, "report", ".matrix"));
        views.put(
                "versions",
                page -> {
                    open(page, "versions", ".version");
                    page.locator(".version").nth(1).getByText("What would change?").click();
                    shows(page, ".change img");
                });
        views.put(
                "exports",
                page -> {
                    open(page, "use", ".downloads a");
                    page.getByText("Make").last().click();
                    shows(page, ".files a");
                    page.locator(".files").scrollIntoViewIfNeeded();
                });
        return views;
    }

    /** A picture of the page itself is like no drawing. */
    private void unknown(Page page) {
        open(page, "report", ".matrix");
        Path picture;
        try {
            picture = Files.createTempFile("graft", ".png");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        write(picture, page.screenshot());
        open(page, "classify", ".pick img");
        page.locator(".drop input").setInputFiles(picture);
        shows(page, ".unknown");
    }

    private void open(Page page, String view, String selector) {
        page.navigate("about:blank");
        page.navigate(url + "/#" + view);
        shows(page, selector);
    }

    private static void shows(Page page, String selector) {
        Locator first = page.locator(selector).first();
        first.waitFor();
        Served.until(() -> (boolean) page.evaluate(LOADED));
    }

    private void shoot(Browser browser, Path folder, ColorScheme scheme, String size) {
        int[] window = SIZES.get(size);
        try (BrowserContext context =
                browser.newContext(
                        new Browser.NewContextOptions()
                                .setViewportSize(window[0], window[1])
                                .setColorScheme(scheme)
                                .setReducedMotion(ReducedMotion.REDUCE))) {
            Page page = context.newPage();
            for (var view : views().entrySet()) {
                view.getValue().accept(page);
                page.waitForTimeout(400);
                String name =
                        view.getKey() + "-" + size + "-" + scheme.name().toLowerCase(Locale.ROOT);
                write(folder.resolve(name + ".webp"), webp(page));
                Assertions.assertEquals(
                        window[0],
                        page.evaluate("document.documentElement.scrollWidth"),
                        name + " is wider than its window");
            }
        }
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] webp(Page page) {
        JsonObject options = new JsonObject();
        options.addProperty("format", "webp");
        options.addProperty("quality", 70);
        JsonObject answer =
                page.context().newCDPSession(page).send("Page.captureScreenshot", options);
        return Base64.getDecoder().decode(answer.get("data").getAsString());
    }
}
