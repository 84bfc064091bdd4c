package dev.graft.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The page with 500 classes, and with 60 under {@code -Pstress}. The product has learned four; what
 * it says about classes and the head is widened on the way to the page.
 */
class ManyClassesTest extends BrowserFixture {
    private static final List<String> KINDS =
            List.of(
                    "apple tree",
                    "Löwenzahn (Taraxacum officinale)",
                    "washing machine door",
                    "owl");

    static IntStream sizes() {
        return Boolean.getBoolean("stress") ? IntStream.of(60, 500) : IntStream.of(500);
    }

    /** In the order of the API. */
    private static List<String> names(int classes) {
        return IntStream.range(0, classes)
                .mapToObj(i -> "%s %03d".formatted(KINDS.get(i % KINDS.size()), i))
                .sorted()
                .toList();
    }

    private void widen(int classes) {
        page.route("**/labels?*", route -> change(route, body -> labels(body, classes)));
        page.route("**/heads/*", route -> change(route, body -> head(body, classes)));
    }

    private static void change(Route route, Consumer<ObjectNode> change) {
        try {
            var body = (ObjectNode) ApiDocument.JSON.readTree(route.fetch().body());
            change.accept(body);
            fulfil(route, body.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void labels(ObjectNode body, int classes) {
        ArrayNode labels = body.putArray("labels");
        names(classes).forEach(name -> labels.addObject().put("label", name).put("images", 10));
    }

    /** Each is right on eight of ten; two are taken for the next one, of class 41 nine. */
    private static void head(ObjectNode body, int classes) {
        List<String> names = names(classes);
        ArrayNode list = body.putArray("classes");
        names.forEach(list::add);
        ObjectNode validation = (ObjectNode) body.path("validation");
        ArrayNode rows = validation.putArray("confusion");
        ArrayNode figures = validation.putArray("classes");
        ArrayNode mistakes = validation.putArray("mistakes");
        for (int i = 0; i < classes; i++) {
            int wrong = i == 41 ? 9 : 2;
            int next = (i + 1) % classes;
            ArrayNode row = rows.addArray();
            for (int j = 0; j < classes; j++) {
                row.add(j == i ? 10 - wrong : j == next ? wrong : 0);
            }
            ObjectNode one = figures.addObject().put("name", names.get(i)).put("images", 10);
            one.put("precision", 0.8).put("recall", (10 - wrong) / 10.0).put("f1", 0.8);
            mistake(i == 41 ? mistakes.insertObject(0) : mistakes.addObject(), names, i, next);
        }
    }

    private static void mistake(ObjectNode mistake, List<String> names, int label, int predicted) {
        mistake.put("label", names.get(label)).put("answer", names.get(predicted));
        mistake.put("images", label == 41 ? 9 : 2);
        mistake.putArray("keys").add("images/bolt/00.jpg").add("images/gear/00.jpg");
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void aFewLettersChooseAClassInTheQueue(int classes) {
        widen(classes);
        view("queue");
        Locator choices = page.locator(".choices button");
        // those with a number key, and what the head of four classes suggests
        assertThat(choices).hasCount(10);
        String first = page.locator(".review .mono").textContent();
        page.keyboard().press("/");
        page.keyboard().type("LOWENZ");
        assertThat(choices.first()).containsText("Löwenzahn (Taraxacum officinale) 001");
        assertThat(page.locator("#found-classes")).containsText("of " + (classes + 1));
        page.keyboard().press("Enter");
        assertThat(page.locator(".note"))
                .containsText("labelled Löwenzahn (Taraxacum officinale) 001");
        assertEquals(Optional.of("Löwenzahn (Taraxacum officinale) 001"), label(first));
        takeBack();
        page.keyboard().press("/");
        page.keyboard().type("owl");
        page.keyboard().press("ArrowDown");
        page.keyboard().press("ArrowDown");
        assertThat(choices.nth(1)).isFocused();
        page.keyboard().press("Enter");
        assertThat(page.locator(".note")).containsText("labelled owl 007");
        takeBack();
        page.keyboard().press("/");
        page.keyboard().press("2");
        assertThat(page.locator(".note")).containsText("labelled " + names(classes).get(1));
        takeBack();
        page.keyboard().press("1");
        assertThat(page.locator(".note")).containsText("labelled " + names(classes).get(0));
        takeBack();
    }

    /** The field has the focus, so that the next label can be typed; Escape leaves it. */
    private void takeBack() {
        assertThat(page.locator(".choices button").first()).isVisible();
        page.keyboard().press("Escape");
        page.keyboard().press("u");
        assertThat(page.locator(".note")).containsText("as before");
        assertThat(page.locator(".review .photo")).isVisible();
    }

    @Test
    void aNameThatNoClassHasBecomesANewOne() {
        widen(60);
        view("queue");
        page.locator(".review .photo").waitFor();
        page.keyboard().press("/");
        page.keyboard().type("quokka");
        page.keyboard().press("Enter");
        assertThat(page.locator(".note")).containsText("labelled quokka");
        takeBack();
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void aFilterOfTheImagesIsFoundByTyping(int classes) {
        widen(classes);
        view("images");
        Locator shown = page.locator(".filters button:visible");
        assertThat(shown).hasCount(classes + 2, within());
        page.getByLabel("Find a class").fill("door 01");
        assertThat(shown.first()).containsText("washing machine door 010");
        shown.first().click();
        assertThat(page.getByText("No images here")).isVisible();
        assertThat(page.locator(".filters [aria-pressed=true]"))
                .containsText("washing machine door 010");
    }

    private static LocatorAssertions.HasCountOptions within() {
        return new LocatorAssertions.HasCountOptions().setTimeout(30_000);
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void theReportHasTheWorstPairsFirst(int classes) {
        widen(classes);
        view("report");
        Locator pairs = page.locator(".pairs > li:visible");
        assertThat(pairs).hasCount(20, within());
        List<String> names = names(classes);
        String worst = names.get(41) + " taken for " + names.get(42) + " 9 of 10, 90 %";
        assertThat(pairs.first().locator("summary")).hasText(worst);
        pairs.first().locator("summary").click();
        assertThat(pairs.first().locator("img")).hasCount(2);
        assertThat(page.locator(".matrix")).hasCount(0);
        Locator matrix = page.locator("summary").getByText("Confusion matrix");
        if (classes == 60) {
            matrix.click();
            assertThat(page.locator(".matrix td.right")).hasCount(classes);
        } else {
            assertThat(matrix).hasCount(0);
        }
    }

    @Test
    void aCellOfTheMatrixOpensItsPictures() {
        view("report");
        Locator cell = page.locator(".matrix td button").first();
        String says = cell.getAttribute("aria-label");
        cell.click();
        Locator open = page.locator(".pairs details[open]");
        assertThat(open.locator("summary")).isFocused();
        assertThat(open.locator("img").first()).isVisible();
        String pair = says.replaceFirst("\\d+ of \\d+ (.*) were (taken for .*)", "$1 $2");
        assertTrue(open.textContent().startsWith(pair), pair);
    }

    @Test
    void manyClassesHaveRoomAndLeaveNobodyOut() {
        widen(60);
        for (String view : List.of("images", "queue", "report")) {
            page.navigate("about:blank");
            view(view);
            page.locator(".filters button, .choices button, .pairs > li").first().waitFor();
            for (int width : EveryViewTest.WIDTHS) {
                page.setViewportSize(width, 900);
                assertEquals(List.of(), Geometry.faults(page), view + " at " + width);
            }
            assertEquals(List.of(), Axe.violations(page), view);
        }
    }
}
