package dev.graft.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The page of a deployed stack in Chromium. */
final class DeployedPage {
    private static final Path SAMPLES = Repository.file("functions/local/samples");
    private static final int MILLISECONDS = 60_000;

    private DeployedPage() {}

    static void addsLabelsAndClassifies(DeployedStack stack) {
        try (Playwright driver = Chromium.driver();
                Browser browser = Chromium.launch(driver);
                Page page = browser.newPage()) {
            List<String> complaints = new ArrayList<>();
            page.onPageError(complaints::add);
            page.setDefaultTimeout(MILLISECONDS);
            addsPictures(stack, page);
            labels(stack, page);
            classifies(stack, page);
            assertEquals(List.of(), complaints);
        }
    }

    private static void addsPictures(DeployedStack stack, Page page) {
        page.navigate(stack.url + "/#images");
        page.getByText("Add pictures").click();
        page.getByLabel("Label of the new pictures").fill("spring");
        page.locator(".drop input")
                .setInputFiles(
                        new Path[] {
                            SAMPLES.resolve("spring/31.jpg"), SAMPLES.resolve("spring/32.jpg")
                        });
        assertThat(page.getByText("2 pictures added.")).isVisible(visible());
        DeployedStack.until("two springs", () -> labelled(stack, "spring") == 2);
    }

    private static void labels(DeployedStack stack, Page page) {
        page.navigate(stack.url + "/#images?label=spring");
        page.getByRole(AriaRole.CHECKBOX).first().check();
        page.getByLabel("Label for the selected images").fill("coil");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Relabel")).click();
        DeployedStack.until("one coil", () -> labelled(stack, "coil") == 1);
    }

    private static void classifies(DeployedStack stack, Page page) {
        page.navigate(stack.url + "/#classify");
        page.setInputFiles("input[type=file]", SAMPLES.resolve("key/20.jpg"));
        assertThat(page.locator(".verdict"))
                .hasText("key", new LocatorAssertions.HasTextOptions().setTimeout(MILLISECONDS));
        DeployedStack.until(
                "the pictures are shown",
                () ->
                        page.evaluate(
                                        "[...document.querySelectorAll('.thumbs img')].every(i => i.complete && i.naturalWidth > 0)")
                                .equals(true));
    }

    private static long labelled(DeployedStack stack, String label) {
        return stack.api.get("/images?limit=200&label=" + label).json().path("images").size();
    }

    private static LocatorAssertions.IsVisibleOptions visible() {
        return new LocatorAssertions.IsVisibleOptions().setTimeout(MILLISECONDS);
    }
}
