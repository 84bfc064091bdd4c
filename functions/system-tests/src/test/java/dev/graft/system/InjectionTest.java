package dev.graft.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Labels and file names that are markup, script or formulas, in every view, report and export. */
class InjectionTest {
    private static final Path SAMPLES = Repository.file("functions/local/samples");
    private static final int EACH = 8;
    private static final String MARKUP = "<img src=x onerror=window.hit=1>";
    private static final String FORMULA = "=HYPERLINK(\"http://evil.example\";\"x\")";
    private static final List<String> LABELS =
            List.of(MARKUP, FORMULA, "\"><svg onload=window.hit=1>", "${window.hit=1}");

    /** Whether it stands somewhere on the page, in a text or an attribute. */
    private static final String SHOWN =
            "document.documentElement.outerHTML.includes('onerror=window.hit=1')";

    @Test
    void aLabelOrAFileNameIsTextEverywhere() {
        Chromium.assumeThere();
        try (Served served = Served.with(Map.of());
                Playwright playwright = Chromium.driver();
                var browser = Chromium.launch(playwright)) {
            teach(served);
            Page page = browser.newPage();
            page.onDialog(dialog -> page.evaluate("window.hit = 1"));
            for (String view :
                    List.of(
                            "images",
                            "images?label=" + URLEncoder.encode(MARKUP, StandardCharsets.UTF_8),
                            "queue",
                            "report",
                            "versions")) {
                page.navigate(served.endpoint().url() + "/#" + view);
                Served.until(() -> page.evaluate(SHOWN).equals(true));
                assertEquals(true, page.evaluate("window.hit === undefined"), view);
            }
            page.navigate(served.endpoint().url() + "/#classify");
            page.setInputFiles("input[type=file]", SAMPLES.resolve("bolt/20.jpg"));
            assertThat(page.locator(".bars li")).hasCount(LABELS.size());
            assertEquals(true, page.evaluate("window.hit === undefined"));
            String head = served.product().heads().latest().orElseThrow().version();
            page.navigate(served.endpoint().url() + "/heads/" + head + "/report");
            assertEquals(true, page.evaluate(SHOWN));
            assertEquals(true, page.evaluate("window.hit === undefined"));
            // a large one comes from S3, which sends no policy with it
            Object policy = page.evaluate("document.querySelector('meta[http-equiv]').content");
            assertTrue(policy.toString().startsWith("default-src 'none'; style-src"), "" + policy);
            String csv = served.api().get("/export/labels.csv").response().body();
            assertTrue(csv.contains(",\"'=HYPERLINK(\"\"http"), csv);
            page.navigate(served.endpoint().url() + "/#doctor");
            assertThat(page.locator("tbody tr")).hasCount(1);
            page.locator("tbody button").click();
            page.locator("dialog .main").click();
            Served.until(() -> served.product().index().counts().labels().isEmpty());
        }
    }

    private static void teach(Served served) {
        List<String> pictures = List.of("bolt", "gear", "key", "washer");
        for (int c = 0; c < LABELS.size(); c++) {
            for (int i = 0; i < EACH; i++) {
                String picture = "%s/%02d.jpg".formatted(pictures.get(c), i);
                served.product().put(key(c, i), SAMPLES.resolve(picture));
            }
        }
        served.product().put("images/" + MARKUP + ".jpg", SAMPLES.resolve("key/30.jpg"));
        Served.until(served.product()::idle);
        for (int c = 0; c < LABELS.size(); c++) {
            int of = c;
            List<String> keys = IntStream.range(0, EACH).mapToObj(i -> key(of, i)).toList();
            Map<String, Object> body = Map.of("keys", keys, "label", LABELS.get(c));
            assertEquals(
                    EACH,
                    served.api().json("POST", "/labels", body).json().path("changed").asInt());
        }
        served.train();
    }

    private static String key(int label, int number) {
        return "images/%d %s %d.jpg".formatted(label, MARKUP, number);
    }
}
