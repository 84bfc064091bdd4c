package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Long names of classes and pictures have room in every view, from a phone to a large screen, and
 * axe-core finds no violation.
 */
class EveryViewTest {
    private static final int PHONE = 390;

    static final List<Integer> WIDTHS = List.of(PHONE, 768, 1280, 1440, 1920);

    private static final Path SAMPLES = Repository.file("functions/local/samples");
    private static final int PER_CLASS = 8;
    private static final Map<String, String> CLASSES =
            Map.of(
                    "bolt", "washing machine door",
                    "gear", "Löwenzahn (Taraxacum officinale)",
                    "key", "electrical_connector_male_12pin_with_cover");

    private static Served served;
    private static Playwright playwright;
    private static Browser browser;

    @BeforeAll
    static void start() {
        Chromium.assumeThere();
        served = Served.with(Map.of());
        CLASSES.forEach(EveryViewTest::put);
        put("washer", "");
        for (int i = 30; i < 33; i++) { // wrong, for the doctor
            served.product()
                    .put(key(CLASSES.get("bolt"), i), SAMPLES.resolve("gear/" + i + ".jpg"));
        }
        served.train();
        served.product().put(key(CLASSES.get("gear"), 20), SAMPLES.resolve("gear/20.jpg"));
        served.train();
        playwright = Chromium.driver();
        browser = Chromium.launch(playwright);
    }

    private static void put(String sample, String label) {
        for (int i = 0; i < PER_CLASS; i++) {
            Path file = SAMPLES.resolve("%s/%02d.jpg".formatted(sample, i));
            served.product().put(key(label, i), file);
        }
    }

    private static String key(String label, int i) {
        String folder = label.isEmpty() ? "" : label + "/";
        return "images/%sa picture with the long name that a camera gave it %d.jpg"
                .formatted(folder, i);
    }

    @AfterAll
    static void stop() {
        if (served != null) {
            playwright.close();
            served.close();
        }
    }

    @Test
    void everythingHasItsPlaceAndViolatesNoRuleAndAThumbHitsIt() {
        List<String> faults = new ArrayList<>();
        Page page = browser.newPage();
        new PageViews(served.endpoint().url())
                .all(SAMPLES.resolve("spring/00.jpg"))
                .forEach(
                        (name, way) -> {
                            page.setViewportSize(1280, 900);
                            way.accept(page);
                            Axe.violations(page).forEach(fault -> faults.add(name + ": " + fault));
                            for (int width : WIDTHS) {
                                page.setViewportSize(width, 900);
                                Geometry.faults(page)
                                        .forEach(
                                                fault ->
                                                        faults.add(
                                                                name + ", " + width + ": "
                                                                        + fault));
                                if (width == PHONE) {
                                    TapTargets.tooSmall(page)
                                            .forEach(fault -> faults.add(name + ": " + fault));
                                }
                            }
                        });
        assertEquals(List.of(), faults, () -> String.join("\n", faults));
    }

    @Test
    void knowsAFaultFromNone() {
        Page page = browser.newPage();
        page.setContent(
                "<!doctype html><p style='width: 20ch; word-break: break-all'>it is broken piecemeal</p>"
                        + "<b style='position: absolute; left: 0; top: 0'>over it</b>"
                        + "<div style='width: 4000px'>wide</div>");
        String faults = Geometry.faults(page).toString();
        for (String fault : List.of("wider than its window", "overlaps", "is broken")) {
            assertEquals(true, faults.contains(fault), faults);
        }
        page.setContent("<button style='height: 30px; width: 90px'>too low</button>");
        assertEquals(1, TapTargets.tooSmall(page).size());
    }
}
