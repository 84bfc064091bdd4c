package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Nobody is left out by the page, as far as axe-core can tell, in what is seen beside the views of
 * {@link EveryViewTest}.
 */
class AccessibilityTest extends BrowserFixture {
    @Test
    void anEmptyStartViolatesNoRule() {
        try (Served empty = Served.with(Map.of())) {
            var views = new PageViews(empty.endpoint().url());
            for (String view : List.of("classify", "images", "queue", "versions")) {
                views.open(page, view, ".checklist .train button");
                assertEquals(List.of(), Axe.violations(page), view);
            }
        }
    }

    @Test
    void neitherDoesAShareLinkNorAFailureNorTheReport() {
        view("use");
        page.getByLabel("What for").fill("Axe");
        button("Make a link").click();
        String link = page.locator(".view-use [aria-live] pre").textContent();
        page.navigate("about:blank");
        page.navigate(link);
        page.getByText("tells 4 classes apart").waitFor();
        assertEquals(List.of(), Axe.violations(page), "share link");
        page.route("**/doctor", route -> route.fulfill(new Route.FulfillOptions().setStatus(500)));
        view("doctor");
        page.reload();
        page.getByRole(AriaRole.ALERT).waitFor();
        assertEquals(List.of(), Axe.violations(page), "failure");
        String version = product.heads().latest().orElseThrow().version();
        page.navigate(served.endpoint().url() + "/heads/" + version + "/report");
        assertEquals(List.of(), Axe.violations(page), "report");
    }

    @Test
    void aButtonWithoutANameWouldBeFound() {
        view("use");
        page.evaluate("document.querySelector('main').append(document.createElement('button'))");
        assertEquals(
                4,
                Axe.violations(page).stream().filter(one -> one.contains("button-name")).count());
    }
}
