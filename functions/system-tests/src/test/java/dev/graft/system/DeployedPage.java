package dev.graft.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import dev.graft.feature.Sha256;
import dev.graft.head.HeadFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.sync.RequestBody;

/** The page of a deployed stack in Chromium: every view that a stack is used by, in one walk. */
final class DeployedPage {
    private static final Path SAMPLES = Repository.file("functions/local/samples");
    private static final int MILLISECONDS = 60_000;
    private static final String CANDIDATE = "20200101T000000.000Z-0a0a0a0a";

    /** One that the head in use learned from. */
    private static final String FORGOTTEN = "images/bolt/008.jpg";

    private final DeployedStack stack;
    private final Page page;

    private DeployedPage(DeployedStack stack, Page page) {
        this.stack = stack;
        this.page = page;
    }

    /** Of a stack that keeps answers with their pictures and has heads of two label sets. */
    static void worksThrough(DeployedStack stack) throws IOException {
        try (Playwright driver = Chromium.driver();
                Browser browser = Chromium.launch(driver);
                Page page = browser.newPage()) {
            List<String> complaints = new ArrayList<>();
            page.onPageError(complaints::add);
            page.setDefaultTimeout(MILLISECONDS);
            DeployedPage walk = new DeployedPage(stack, page);
            walk.addsPictures();
            walk.labels();
            walk.classifies();
            walk.takesFeedback();
            walk.followsTheSet();
            walk.tellsWhatIsAsked();
            walk.comparesACandidate();
            walk.exports();
            walk.forgets();
            assertEquals(List.of(), complaints);
        }
    }

    private void addsPictures() {
        open("images");
        page.getByText("Add pictures").click();
        page.getByLabel("Label of the new pictures").fill("spring");
        page.locator(".drop input")
                .setInputFiles(
                        new Path[] {
                            SAMPLES.resolve("spring/31.jpg"), SAMPLES.resolve("spring/32.jpg")
                        });
        assertThat(page.getByText("2 pictures added.")).isVisible(visible());
        DeployedStack.until("two springs", () -> labelled("spring") == 2);
    }

    private void labels() {
        open("images?label=spring");
        page.getByRole(AriaRole.CHECKBOX).first().check();
        page.getByLabel("Label for the selected images").fill("coil");
        button("Relabel").click();
        DeployedStack.until("one coil", () -> labelled("coil") == 1);
    }

    private void classifies() {
        open("classify");
        page.setInputFiles("input[type=file]", SAMPLES.resolve("key/20.jpg"));
        shows(page.locator(".verdict"), "key");
        DeployedStack.until(
                "the pictures are shown",
                () ->
                        page.evaluate(
                                        "[...document.querySelectorAll('.thumbs img')].every(i => i.complete && i.naturalWidth > 0)")
                                .equals(true));
    }

    /** About what was classified last: it becomes an image, and is none again. */
    private void takesFeedback() throws IOException {
        String hash = Sha256.of(Files.readAllBytes(SAMPLES.resolve("key/20.jpg")));
        String key = "images/key/feedback-" + hash.substring(0, 16) + ".jpg";
        button("Right").click();
        shows(page.locator(".teach"), "Kept as key. The next training learns from it.");
        DeployedStack.until("feedback is an image", () -> label(key).equals("key"));
        var undo = new Locator.GetByRoleOptions().setName("Undo").setExact(true);
        page.locator(".teach").getByRole(AriaRole.BUTTON, undo).click();
        shows(page.locator(".note"), "1 image as before");
        DeployedStack.until("feedback is taken back", () -> label(key).isEmpty());
    }

    private void followsTheSet() {
        open("images");
        shows(page.locator(".filters"), "gear");
        page.getByLabel("Label set").selectOption("shape");
        shows(page.locator(".filters"), "round");
        assertThat(page.locator(".filters")).not().containsText("gear");
        page.getByText("Add pictures").click();
        page.getByLabel("Label of the new pictures").fill("nœud");
        page.locator(".drop input").setInputFiles(SAMPLES.resolve("washer/33.jpg"));
        assertThat(page.getByText("1 picture added.")).isVisible(visible());
        DeployedStack.until("a label of the set", () -> labelled("n%C5%93ud&set=shape") == 1);
        open("classify");
        page.setInputFiles("input[type=file]", SAMPLES.resolve("nut/20.jpg"));
        shows(page.locator(".verdict"), "round");
        open("report");
        shows(page.locator(".matrix"), "long");
        page.getByLabel("Label set").selectOption("default");
        shows(page.locator(".matrix"), "gear");
        assertThat(page.locator(".matrix")).not().containsText("round");
    }

    private void tellsWhatIsAsked() {
        page.locator(".drift summary").click();
        shows(page.locator(".drift .finding"), "answers");
        Locator rows = page.locator(".drift tbody tr");
        shows(rows.first(), "Training data");
        String today = stack.api.get("/drift?days=1").json().at("/days/0/day").asText();
        shows(rows.nth(1), today);
        assertThat(rows.nth(1).locator(".mix i").first()).isAttached();
    }

    /** The head in use under another version, which calls gears cogs. */
    private void comparesACandidate() {
        String inUse = inUse();
        String bucket = stack.physical("HeadsBucket");
        for (String file : List.of(HeadFiles.CARD, HeadFiles.TENSORS)) {
            String from = "heads/" + inUse + "/" + file;
            byte[] bytes = stack.s3.getObjectAsBytes(b -> b.bucket(bucket).key(from)).asByteArray();
            if (file.equals(HeadFiles.CARD)) {
                String card = new String(bytes, UTF_8).replace(inUse, CANDIDATE);
                bytes = card.replace("\"gear\"", "\"cog\"").getBytes(UTF_8);
            }
            RequestBody body = RequestBody.fromBytes(bytes);
            stack.s3.putObject(b -> b.bucket(bucket).key("heads/" + CANDIDATE + "/" + file), body);
        }
        open("versions");
        Locator candidate =
                page.locator(".version", new Page.LocatorOptions().setHasText(CANDIDATE));
        candidate.getByText("What would change?").click();
        shows(candidate.locator(".shadow"), "kept requests of the last 7 days");
        shows(candidate.locator(".preview tbody tr").first(), "cog");
    }

    private void exports() throws IOException {
        open("use");
        Locator links = page.locator(".downloads a");
        assertThat(links)
                .hasCount(5, new LocatorAssertions.HasCountOptions().setTimeout(MILLISECONDS));
        Locator model = links.first();
        Download file = page.waitForDownload(model::click);
        assertTrue(Files.size(file.path()) > 1_000_000, file::suggestedFilename);
        button("Make them anew: Features and labels").click();
        Locator part = page.getByText("features-00001.parquet");
        Download features = page.waitForDownload(part::click);
        assertTrue(Files.size(features.path()) > 10_000, features::suggestedFilename);
    }

    /** The last, as it trains: whatever learned from the image goes. */
    private void forgets() {
        String before = inUse();
        String learned = "/heads?learnedFrom=" + FORGOTTEN;
        assertTrue(stack.api.get(learned).json().path("heads").size() > 0);
        open("images?label=bolt");
        page.getByLabel("Part of the name").fill("bolt/008");
        page.getByLabel("Look closer at 008.jpg").click();
        button("Forget for good").click();
        shows(page.locator("dialog").last(), "This cannot be undone.");
        button("Only this one").click();
        Locator large = page.locator("dialog.look-at");
        DeployedStack.until(
                "all traces are gone", () -> large.textContent().contains("All traces are gone"));
        shows(large, "is in use, which never saw the image");
        assertEquals(404, stack.api.get("/heads/" + before).status());
        assertEquals(0, stack.api.get(learned).json().path("heads").size());
        assertEquals(404, stack.api.get("/images/history?key=" + FORGOTTEN).status());
    }

    private String inUse() {
        for (JsonNode head : stack.api.get("/heads").json().path("heads")) {
            if (head.path("latest").asBoolean()) {
                return head.path("version").asText();
            }
        }
        throw new AssertionError("no head is in use");
    }

    private void open(String view) {
        page.navigate(stack.url + "/#" + view);
    }

    private Locator button(String name) {
        var options = new Page.GetByRoleOptions().setName(name).setExact(true);
        return page.getByRole(AriaRole.BUTTON, options).last();
    }

    private static void shows(Locator place, String text) {
        assertThat(place)
                .containsText(
                        text, new LocatorAssertions.ContainsTextOptions().setTimeout(MILLISECONDS));
    }

    /** Empty text where there is no such image. */
    private String label(String key) {
        var image = stack.api.get("/images/history?key=" + key);
        return image.status() == 200 ? image.json().at("/image/label").asText() : "";
    }

    private long labelled(String label) {
        return stack.api.get("/images?limit=200&label=" + label).json().path("images").size();
    }

    private static LocatorAssertions.IsVisibleOptions visible() {
        return new LocatorAssertions.IsVisibleOptions().setTimeout(MILLISECONDS);
    }
}
