package dev.graft.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import dev.graft.feature.LabelStore.Decision;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The page in Chromium, against the whole product fed with some of the bundled samples. */
class BrowserTest extends BrowserFixture {
    /** The labels that stand on two lines although they are one word each. */
    private static final String BROKEN =
            """
            [...document.querySelectorAll('.chip, .bars .name, .choices button span, .filters button')]
              .map(element => [...element.childNodes].find(node => node.nodeType === Node.TEXT_NODE))
              .filter(text => text && /^\\S+$/.test(text.data))
              .filter(text => {
                const range = document.createRange();
                range.selectNodeContents(text);
                return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1;
              })
              .map(text => text.data)
            """;

    @Test
    void classifiesAnUploadAndShowsWhy() {
        view("classify");
        page.setInputFiles("input[type=file]", SAMPLES.resolve("washer/00.jpg"));
        assertThat(page.locator(".bars li")).hasCount(CLASSES.size());
        assertThat(page.locator(".thumbs img")).hasCount(5);
        assertThat(page.locator(".thumbs .chip").first()).hasText("washer");
        assertEquals(
                page.locator(".bars .name").first().textContent(),
                page.locator(".verdict").textContent());
        Served.until(
                () ->
                        page.evaluate(
                                        "[...document.querySelectorAll('.thumbs img')].every(i => i.complete && i.naturalWidth > 0)")
                                .equals(true));
    }

    @Test
    void learnsFromAPictureThatWasJustClassified() {
        view("classify");
        page.locator(".drop input").setInputFiles(SAMPLES.resolve("key/38.jpg"));
        page.getByLabel("Wrong, it is").fill("rivet");
        button("Add to my images").click();
        assertThat(page.getByText("Kept as")).containsText("rivet");
        view("images?label=rivet");
        assertThat(page.locator(".tile .chip").first())
                .hasText("rivet", new LocatorAssertions.HasTextOptions().setTimeout(30_000));
    }

    @Test
    void classifiesAnUnlabelledPictureOfTheBucket() {
        view("classify");
        page.locator(".pick").first().click();
        assertThat(page.locator(".thumbs img")).hasCount(5);
        assertThat(page.locator(".verdict")).isVisible();
    }

    @Test
    void refusesATextFileInPlainWords() {
        view("classify");
        page.setInputFiles(
                "input[type=file]",
                new FilePayload(
                        "notes.txt", "text/plain", "buy milk".getBytes(StandardCharsets.UTF_8)));
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("Unreadable image");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("JPEG");
    }

    @Test
    void laysATransparentPictureOnWhiteWhenItIsMadeSmaller() {
        view("classify");
        page.evaluate(FIRST_PIXEL_SENT);
        page.setInputFiles(
                "input[type=file]", new FilePayload("glass.png", "image/png", transparent()));
        Served.until(() -> page.evaluate("window.firstPixel") != null);
        assertEquals("255,255,255,255", page.evaluate("window.firstPixel"));
    }

    @Test
    void relabelsInBulkAndTakesItBack() {
        view("images?label=bolt");
        Locator boxes = page.getByRole(AriaRole.CHECKBOX);
        assertThat(boxes).hasCount(PER_CLASS);
        String first = boxes.nth(0).inputValue();
        String second = boxes.nth(1).inputValue();
        boxes.nth(0).check();
        boxes.nth(1).check();
        assertThat(page.getByText("2 selected")).isVisible();
        page.getByLabel("Label for the selected images").fill("screw");
        button("Relabel").click();
        assertThat(boxes).hasCount(PER_CLASS - 2);
        assertEquals(Optional.of("screw"), label(first));
        assertEquals(Optional.of("screw"), label(second));
        button("Undo").click();
        assertThat(boxes).hasCount(PER_CLASS);
        assertEquals(Optional.of("bolt"), label(first));
    }

    @Test
    void renamesAndDeletesAClassInStepsThatCanBeStopped() {
        product.put("images/scrap/1.jpg", SAMPLES.resolve("key/21.jpg"));
        product.put("images/scrap/2.jpg", SAMPLES.resolve("key/22.jpg"));
        Served.until(() -> label("images/scrap/2.jpg").isPresent());
        page.route("**/labels/rename*", route -> fulfil(route, RENAMED_SOME));
        view("images?label=scrap");
        assertThat(page.locator(".tile")).hasCount(2);
        for (String told : List.of("Stopped after", "2 images labelled waste now")) {
            button("Rename or merge class").click();
            page.getByLabel("New name").fill("waste");
            page.locator("dialog .main").click();
            if (told.startsWith("Stopped")) {
                page.locator("dialog").getByText("Stop").click();
            }
            assertThat(page.locator(".note")).containsText(told);
            page.unroute("**/labels/rename*");
        }
        assertEquals(Optional.of("waste"), label("images/scrap/1.jpg"));
        button("Delete all of these").click();
        page.locator("dialog .main").click();
        assertThat(page.locator(".note")).containsText("2 images deleted");
        Served.until(() -> label("images/scrap/1.jpg").isEmpty());
    }

    @Test
    void addsPicturesAndTellsHowFarTheyAre() {
        view("report");
        drop("bolt/00.jpg");
        assertThat(page.getByText("1 picture is there already")).isVisible();
        page.getByLabel("Label of the new pictures").fill("nut");
        page.locator(".drop input")
                .setInputFiles(
                        new Path[] {
                            SAMPLES.resolve("nut/31.jpg"),
                            SAMPLES.resolve("nut/32.jpg"),
                            SAMPLES.resolve("README.md")
                        });
        assertThat(page.getByText("2 pictures added.")).isVisible();
        assertThat(page.locator(".refused")).containsText("README");
        assertThat(button("nut")).containsText("2");
        button("Unreadable").click();
        assertThat(page.locator(".refused").last()).containsText("images/nut/README");
    }

    @Test
    void tellsThatPicturesArriveFromElsewhere() {
        view("images");
        Locator ingest = page.locator(".ingest");
        assertThat(ingest).containsText("images read");
        product.put("images/washer/33.jpg", SAMPLES.resolve("washer/33.jpg"));
        product.put("images/washer/34.jpg", SAMPLES.resolve("washer/34.jpg"));
        assertThat(ingest)
                .containsText(
                        "Reading new pictures: 2 so far",
                        new LocatorAssertions.ContainsTextOptions().setTimeout(30_000));
        assertThat(page.getByAltText("34.jpg").first()).isVisible();
    }

    @Test
    void labelsFromTheQueueByKeysAlone() {
        view("queue");
        Locator key = page.locator(".review .mono");
        assertThat(key).isVisible();
        String first = key.textContent();
        page.keyboard().press(String.valueOf(CLASSES.indexOf("gear") + 1));
        assertThat(page.getByText("labelled gear")).isVisible();
        assertEquals(Optional.of("gear"), label(first));
        page.keyboard().press("u");
        assertThat(page.getByText("as before")).isVisible();
        assertEquals(Optional.empty(), label(first));
        assertThat(key).isVisible();
        String again = key.textContent();
        page.keyboard().press("s");
        assertThat(key).not().hasText(again);
        String next = key.textContent();
        String suggestion = page.locator(".choices .main").textContent();
        page.keyboard().press("Enter");
        assertThat(page.locator(".note")).containsText("labelled ");
        String given = label(next).orElseThrow();
        assertTrue(suggestion.contains(given), suggestion + " but " + given);
        page.keyboard().press("u");
        assertThat(page.getByText("as before")).isVisible();
        page.keyboard().press("n");
        page.keyboard().type("sprocket");
        page.keyboard().press("Enter");
        assertThat(page.locator(".note")).containsText("labelled sprocket");
        page.keyboard().press("u");
        assertThat(page.getByText("as before")).isVisible();
    }

    @Test
    void whatAnEarlierFilterAskedForIsNotShownUnderTheNext() {
        view("images");
        List<Route> held = new ArrayList<>();
        page.route(url -> url.contains("/images?") && url.contains("label=gear"), held::add);
        page.locator(".filters button").getByText("gear").click();
        Served.until(() -> page.evaluate("1").equals(1) && !held.isEmpty());
        page.locator(".filters button").getByText("Unlabelled").click();
        assertThat(page.locator(".tile")).hasCount(4);
        page.waitForResponse(
                response -> response.url().contains("label=gear"),
                () -> held.forEach(Route::resume));
        assertThat(page.locator(".tile")).hasCount(4);
        assertThat(page.locator(".tile .chip")).hasCount(0);
    }

    @Test
    void suggestsNamesForPicturesWithoutLabel() {
        view("images?unlabelled=true");
        page.getByText("Unlabelled").first().click();
        page.getByRole(AriaRole.CHECKBOX).first().check();
        Locator name = page.locator(".bulk .names button").first();
        assertThat(name).containsText("?");
        String label = name.textContent().replace("?", "");
        name.click();
        assertThat(page.locator(".note")).containsText("1 image labelled " + label);
        button("Undo").click();
        assertThat(button(label)).hasCount(0);
        view("queue");
        assertThat(page.locator(".review .names button").first()).containsText("?");
    }

    @Test
    void putsADoubtfulLabelRightAndKeepsAnother() {
        view("doctor");
        Locator cards = page.locator(".suspect");
        assertThat(cards.first()).isVisible();
        int suspects = cards.count();
        String key = cards.first().locator(".mono").textContent();
        Optional<String> before = label(key);
        String right = cards.first().locator(".button.main").textContent();
        cards.first().locator(".button.main").click();
        assertThat(cards).hasCount(suspects - 1);
        assertEquals("It is " + label(key).orElseThrow(), right);
        product.labels().decide(Decision.of(key, before, ""));
        cards.first().getByText("Keep").click();
        assertThat(cards).hasCount(suspects - 2);
        page.reload();
        // the first one is as it was before, so it is asked about again
        assertThat(cards).hasCount(suspects - 1);
        assertThat(cards.first().locator(".mono")).hasText(key);
    }

    @Test
    void showsAnOddFileNameAsText() {
        view("images");
        assertThat(page.getByAltText("<img src=x onerror=window.hit=1>")).isVisible();
    }

    @Test
    void showsTheConfusionMatrix() {
        view("report");
        Locator matrix = page.locator(".matrix");
        assertThat(matrix.locator("tbody tr")).hasCount(CLASSES.size());
        assertThat(matrix.locator("tbody th").first()).hasText("bolt");
        assertThat(matrix.locator("td.right")).hasCount(CLASSES.size());
    }

    @Test
    void rollsBackAndForth() {
        String newest = product.heads().latest().orElseThrow().version();
        view("versions");
        assertThat(page.locator(".version")).hasCount(2);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Roll back to"))
                .click();
        assertThat(page.locator(".version").last()).containsText("in use");
        assertNotEquals(newest, product.heads().latest().orElseThrow().version());
        button("Undo").click();
        assertThat(page.locator(".version").first()).containsText("in use");
        assertEquals(newest, product.heads().latest().orElseThrow().version());
    }

    @Test
    void worksByKeyboardAlone() {
        view("classify");
        page.keyboard().press("Tab");
        assertThat(page.locator(".skip")).isFocused();
        page.keyboard().press("Tab");
        page.keyboard().press("Tab");
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        assertThat(page.locator("h1")).hasText("Images");
        assertThat(page.locator("h1")).isFocused();
        assertThat(page.getByRole(AriaRole.CHECKBOX).first()).isVisible();
        page.getByRole(AriaRole.CHECKBOX).first().focus();
        page.keyboard().press("Space");
        assertThat(page.getByText("1 selected")).isVisible();
        page.keyboard().press("Enter");
        page.keyboard().type("spare");
        page.keyboard().press("Enter");
        assertThat(page.locator(".note")).containsText("1 image labelled spare");
        assertThat(page.getByRole(AriaRole.CHECKBOX).first()).isFocused();
        button("Undo").focus();
        page.keyboard().press("Enter");
        assertThat(button("spare")).hasCount(0);
    }

    @Test
    void showsPicturesWhoseLinksNoLongerWork() {
        // what images/content redirects to is not routed: a new link works
        page.route(
                url -> url.contains("X-Amz-Signature"),
                route -> route.fulfill(new Route.FulfillOptions().setStatus(403)));
        view("images?label=bolt");
        assertThat(page.locator(".tile img[src*='images/content?']")).hasCount(PER_CLASS);
        Served.until(
                () ->
                        page.evaluate(
                                        "[...document.querySelectorAll('.tile img')].every(i => i.naturalWidth > 0)")
                                .equals(true));
    }

    @Test
    void aHiddenPageAsksNothing() {
        page.addInitScript(
                """
                let state = 'visible';
                Object.defineProperty(document, 'visibilityState', {get: () => state});
                window.become = next => {
                  state = next;
                  document.dispatchEvent(new Event('visibilitychange'));
                };
                """);
        var asked = new AtomicInteger();
        page.route(
                "**/status",
                route -> {
                    asked.incrementAndGet();
                    route.resume();
                });
        inRootLocale(() -> page.clock().install());
        view("images");
        assertThat(page.locator(".ingest")).containsText("images read");
        page.evaluate("become('hidden')");
        int before = asked.get();
        inRootLocale(() -> page.clock().runFor(600_000));
        assertEquals(before, asked.get());
        page.evaluate("become('visible')");
        Served.until(() -> page.evaluate("1").equals(1) && asked.get() > before);
        assertEquals(before + 1, asked.get());
    }

    @Test
    void aMessageLeavesTheBarOfTheSelectionFree() {
        for (int[] window : new int[][] {{1280, 800}, {390, 844}}) {
            page.setViewportSize(window[0], window[1]);
            view("images?label=bolt");
            page.getByRole(AriaRole.CHECKBOX).first().check();
            button("Relabel").click();
            page.getByLabel("Label for the selected images").fill("bolt");
            button("Relabel").click();
            assertThat(page.locator(".note")).isVisible();
            page.getByRole(AriaRole.CHECKBOX).first().check();
            var note = page.locator(".note").boundingBox();
            var bar = page.locator(".bulk").boundingBox();
            assertTrue(note.y + note.height <= bar.y, "the message covers the bar");
            page.navigate("about:blank");
        }
    }

    @Test
    void noWordIsBrokenInTwo() {
        for (int width : new int[] {390, 1440}) {
            page.setViewportSize(width, 900);
            for (String view : List.of("images", "queue", "report", "doctor", "versions")) {
                page.navigate("about:blank");
                view(view);
                page.locator(".tile, .choices, .matrix, .suspect, .version").first().waitFor();
                assertEquals(List.of(), page.evaluate(BROKEN), view + " at " + width);
            }
        }
    }
}
