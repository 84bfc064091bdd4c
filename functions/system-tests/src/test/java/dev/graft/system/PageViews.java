package dev.graft.system;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The ways to everything that the page shows, by name: each view, and what opens in it. A test that
 * must hold everywhere goes through all of them.
 */
final class PageViews {
    private static final String LOADED =
            "[...document.images].every(i => i.loading === 'lazy' || i.complete)";

    private final String url;

    /** Of a product with a head that was trained twice, on pictures of which some have no label. */
    PageViews(String url) {
        this.url = url;
    }

    /** All of them; each leaves a page that is drawn completely. */
    Map<String, Consumer<Page>> all(Path photo) {
        Map<String, Consumer<Page>> ways = new LinkedHashMap<>();
        ways.put("classify", page -> open(page, "classify", ".pick img"));
        ways.put("prediction", page -> prediction(page, photo));
        ways.put("several predictions", page -> several(page, photo));
        ways.put("camera", page -> camera(page));
        ways.put("images", page -> images(page));
        ways.put("selected images", page -> selected(page));
        ways.put("an image opened", page -> opened(page));
        ways.put("a question", page -> question(page));
        ways.put("queue", page -> open(page, "queue", ".review img"));
        ways.put("doctor", page -> open(page, "doctor", ".view-doctor .card"));
        ways.put("report", page -> report(page));
        ways.put("versions", page -> versions(page));
        ways.put("use", page -> use(page));
        return ways;
    }

    private void prediction(Page page, Path photo) {
        open(page, "classify", ".drop");
        page.locator(".drop input").setInputFiles(photo);
        shows(page, ".prediction .thumbs img");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Why?")).click();
        shows(page, ".why [aria-pressed=true]");
    }

    private void several(Page page, Path photo) {
        open(page, "classify", ".drop");
        page.locator(".drop input").setInputFiles(new Path[] {photo, photo});
        shows(page, ".several tbody tr:last-child .chip");
    }

    private void camera(Page page) {
        open(page, "classify", ".drop");
        page.getByText("Use the camera").click();
        Locator told = page.locator(".camera .verdict");
        Served.until(() -> told.count() == 1 && !told.textContent().equals("\u2026"));
    }

    private void images(Page page) {
        open(page, "images", ".tile img");
        page.getByText("Add pictures").click();
        shows(page, "details[open] .drop");
    }

    /** With a message at the foot. */
    private void selected(Page page) {
        open(page, "images", ".tile img");
        Locator boxes = page.locator(".tile input");
        boxes.first().check();
        page.locator(".bulk input").fill(page.locator(".tile .chip").last().textContent());
        page.locator(".bulk .main").click();
        shows(page, ".note");
        boxes.nth(1).check();
        boxes.nth(2).check();
        shows(page, ".bulk");
    }

    private void opened(Page page) {
        open(page, "images", ".tile img");
        page.locator(".look").first().click();
        shows(page, ".look-at tbody tr");
        shows(page, ".look-at .thumbs img");
    }

    private void question(Page page) {
        open(page, "images", ".filters button:nth-child(3)");
        page.locator(".filters button").nth(2).click();
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Rename")).click();
        shows(page, "dialog input");
    }

    private void report(Page page) {
        open(page, "report", ".matrix");
        page.evaluate("document.querySelectorAll('main details').forEach(d => { d.open = true; })");
        shows(page, ".figures");
    }

    private void versions(Page page) {
        open(page, "versions", ".version");
        page.locator(".version").nth(1).getByText("What would change?").click();
        shows(page, ".preview p:not(.busy)");
        page.evaluate("document.querySelectorAll('main details').forEach(d => { d.open = true; })");
    }

    private void use(Page page) {
        open(page, "use", "#share-name");
        page.locator("#share-name").fill("The museum's summer exhibition");
        page.locator(".view-use .main").click();
        shows(page, ".view-use tbody tr");
        page.getByText("Make the files").last().click();
        shows(page, ".files a");
    }

    /** Opens a view anew and waits for what it shows. */
    void open(Page page, String view, String selector) {
        page.navigate("about:blank");
        page.navigate(url + "/#" + view);
        shows(page, selector);
    }

    private static void shows(Page page, String selector) {
        page.locator(selector).first().waitFor();
        Served.until(() -> (boolean) page.evaluate(LOADED));
    }
}
