package dev.graft.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done with many pictures and whole classes on the page, and how it is taken back. */
class GalleryTest extends BrowserFixture {
    private Locator note() {
        return page.locator(".note");
    }

    private void put(String key, String sample) {
        product.put(key, SAMPLES.resolve(sample));
        Served.until(() -> label(key).isPresent());
    }

    @Test
    void whatWasDeletedComesBackByCtrlZWithTheLabelThatAPersonGave() {
        put("images/coin/1.jpg", "key/21.jpg");
        put("images/coin/2.jpg", "key/22.jpg");
        served.api().json("PUT", "/images/label?key=images/coin/2.jpg", Map.of("label", "medal"));
        view("images?label=coin");
        page.getByRole(AriaRole.CHECKBOX).first().check();
        page.locator(".bulk .danger").click();
        page.locator("dialog .main").click();
        assertThat(note()).containsText("1 image deleted");
        Served.until(() -> label("images/coin/1.jpg").isEmpty());
        view("images?label=medal");
        page.reload();
        page.getByRole(AriaRole.CHECKBOX).first().check();
        page.locator(".bulk .danger").click();
        page.locator("dialog .main").click();
        assertThat(note()).containsText("1 image deleted");
        Served.until(() -> label("images/coin/2.jpg").isEmpty());
        page.keyboard().press("Control+z");
        assertThat(note()).containsText("1 image as before");
        Served.until(() -> label("images/coin/2.jpg").equals(Optional.of("medal")));
        view("versions");
        page.getByLabel("Take back: deleted images/coin/1.jpg").click();
        assertThat(note()).containsText("1 image as before");
        assertThat(page.getByLabel("Take back: deleted images/coin/1.jpg")).hasCount(0);
        Served.until(() -> label("images/coin/1.jpg").equals(Optional.of("coin")));
    }

    @Test
    void aMergeAndADeletedClassAreTakenBackExactly() {
        put("images/stamp/1.jpg", "key/23.jpg");
        view("images?label=stamp");
        button("Rename or merge class").click();
        page.getByLabel("New name").fill("bolt");
        page.locator("dialog .main").click();
        assertThat(note()).containsText("1 image labelled bolt now");
        assertEquals(Optional.of("bolt"), label("images/stamp/1.jpg"));
        button("Undo").click();
        assertThat(note()).containsText("1 image as before");
        assertEquals(Optional.of("stamp"), label("images/stamp/1.jpg"));
        button("Delete class").click();
        assertThat(page.locator("dialog")).containsText("1 image will be without label");
        page.locator("dialog .main").click();
        assertThat(note()).containsText("The class stamp is deleted");
        assertEquals(Optional.empty(), label("images/stamp/1.jpg"));
        page.keyboard().press("Control+z");
        assertThat(note()).containsText("1 image as before");
        assertEquals(Optional.of("stamp"), label("images/stamp/1.jpg"));
    }

    @Test
    void aDecisionInTheDoctorIsTakenBack() {
        view("doctor");
        Locator cards = page.locator(".suspect");
        assertThat(cards.first()).isVisible();
        int suspects = cards.count();
        String key = cards.first().locator(".mono").textContent();
        cards.first().getByText("Keep").click();
        assertThat(cards).hasCount(suspects - 1);
        button("Undo").click();
        assertThat(cards).hasCount(suspects);
        assertThat(cards.first().locator(".mono")).hasText(key);
    }

    @Test
    void aContradictionGetsOneLabelAndItsCopiesGo() {
        String copy = "images/bolt/copy.jpg";
        put(copy, "gear/00.jpg");
        view("doctor");
        Locator group =
                page.locator(".copies")
                        .filter(
                                new Locator.FilterOptions()
                                        .setHas(page.getByTitle(copy, exactly())));
        assertThat(group).containsText("One picture, different labels: bolt, gear");
        group.getByText("All are gear").click();
        assertThat(note()).containsText("labelled gear");
        assertEquals(Optional.of("gear"), label(copy));
        group.getByText("Keep 00.jpg alone").click();
        assertThat(note()).containsText("of 00.jpg deleted");
        Served.until(() -> label(copy).isEmpty());
        button("Undo").click();
        assertThat(note()).containsText("as before");
        Served.until(() -> label(copy).equals(Optional.of("gear")));
    }

    private static Page.GetByTitleOptions exactly() {
        return new Page.GetByTitleOptions().setExact(true);
    }

    /** Nothing is stored before the question about the folder is answered. */
    @Test
    void aFolderOneLevelTooHighIsAskedAbout(@TempDir Path folder) throws IOException {
        for (String name : List.of("tulip", "rose")) {
            Path inner = Files.createDirectories(folder.resolve("flowers/" + name));
            Files.copy(SAMPLES.resolve("key/24.jpg"), inner.resolve(name + ".jpg"));
        }
        view("images");
        page.locator("summary").getByText("Add pictures").click();
        page.getByLabel("Choose a folder").setInputFiles(folder);
        Locator dialog = page.locator("dialog");
        assertThat(dialog).containsText("in flowers are rose, tulip");
        dialog.locator(".main").click();
        // whichever of the two the system lists first
        assertThat(dialog).containsText(".jpg in rose and tulip");
        dialog.getByText("Cancel").click();
        assertThat(dialog).hasCount(0);
        assertEquals(0, served.api().get("/images?label=rose").json().path("images").size());
    }

    @Test
    void aClassIsMadeColouredAndFoundInTheQueueBeforeItHasImages() {
        view("images");
        button("New class").click();
        page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill("tulip");
        page.locator("dialog .main").click();
        assertThat(note()).containsText("The class tulip is there");
        assertThat(page.locator(".filters [aria-pressed=true]")).containsText("tulip");
        button("Colour").click();
        button("Colour 5 for tulip").click();
        assertThat(note()).containsText("tulip has another colour");
        assertThat(page.locator(".filters .swatch[data-class=tulip]"))
                .hasAttribute("style", "--hue: 120;");
        view("queue");
        assertThat(page.locator(".choices button").getByText("tulip")).isVisible();
        page.keyboard().press("Control+z");
        page.keyboard().press("Control+z");
        assertThat(note()).containsText("The class tulip is deleted");
    }

    /** Made in steps, stopped, gone on with, and fetched. */
    @Test
    void theWholeCollectionIsTakenAlongAsFiles() throws IOException {
        view("use");
        assertThat(page.locator(".downloads a")).hasCount(5);
        button("Make the files: All images").click();
        assertThat(page.locator(".files a")).hasCount(2);
        assertThat(page.locator(".files")).containsText("labels.csv");
        Download zip = page.waitForDownload(page.getByText("images-00001.zip")::click);
        try (var files = new ZipInputStream(Files.newInputStream(zip.path()))) {
            assertTrue(files.getNextEntry().getName().contains("/"));
        }
        String part = "{\"run\": \"1\", \"until\": \"2026-12-06T12:00:00Z\", \"images\": 30, ";
        AtomicInteger calls = new AtomicInteger();
        page.route(
                "**/export/features",
                route -> {
                    calls.incrementAndGet();
                    fulfil(
                            route,
                            part
                                    + "\"done\": 10, \"missing\": 1, \"complete\": false, \"files\": 0, \"bytes\": 0, \"parts\": []}");
                });
        button("Make the files: Features and labels").click();
        assertThat(page.getByText("10 of 30 images", exactText())).isVisible();
        button("Stop: Features and labels").click();
        assertThat(page.getByText("Stopped after 10 of 30 images")).isVisible();
        assertThat(page.getByText("1 image is in no file")).isVisible();
        int sent = calls.get();
        page.unroute("**/export/features");
        page.route("**/export/features", GalleryTest::fail);
        button("Go on: Features and labels").click();
        assertThat(page.locator(".problem")).containsText("delete the file");
        assertEquals(sent, calls.get(), "none after the stop");
        page.unroute("**/export/features");
        button("Try again").click();
        assertThat(page.getByText("features-00001.parquet")).isVisible();
        assertThat(button("Make them anew: Features and labels")).isVisible();
    }

    private static void fail(Route route) {
        var damaged = new Route.FulfillOptions().setStatus(500);
        damaged.setContentType("application/problem+json");
        route.fulfill(
                damaged.setBody(
                        "{\"title\": \"Damaged file\", \"detail\": \"it cannot be read: delete the file\"}"));
    }

    private static Page.GetByTextOptions exactText() {
        return new Page.GetByTextOptions().setExact(true);
    }
}
