package dev.graft.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import dev.graft.aws.Aws;
import dev.graft.feature.ImageStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A person before an empty product, who has 40 pictures of four classes and reads nothing. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FirstAnswerTest {
    private static final Path SAMPLES = Repository.file("functions/local/samples");
    private static final int EACH = 10;
    private static final double LONG = 60_000;

    @TempDir private static Path folder;

    private static Served served;
    private static Playwright playwright;
    private static Browser browser;
    private static Page page;

    @BeforeAll
    static void open() throws IOException {
        Chromium.assumeThere();
        for (String name : List.of("bolt", "gear", "key", "spring")) {
            Path ofClass = Files.createDirectories(folder.resolve("mine").resolve(name));
            for (int i = 0; i < EACH; i++) {
                String file = "%02d.jpg".formatted(i);
                Files.copy(SAMPLES.resolve(name).resolve(file), ofClass.resolve(file));
            }
        }
        served = Served.with(Map.of());
        playwright = Chromium.driver();
        browser = Chromium.launch(playwright);
        page = browser.newPage();
    }

    @AfterAll
    static void close() {
        if (served != null) {
            playwright.close();
            served.close();
        }
    }

    /** Takes the picture that is asked about; there once there is a head. */
    private static Locator zone() {
        return page.locator(".view-classify > .drop");
    }

    private static Locator sees(String text) {
        return page.getByText(text).first();
    }

    @Test
    @Order(1)
    void everyViewSaysWhatIsMissing() {
        for (String view : List.of("images", "queue", "doctor", "report", "versions", "classify")) {
            page.navigate(served.endpoint().url() + "/#" + view);
            assertThat(page.locator(".view-" + view + " .checklist"))
                    .containsText("What is missing");
            assertThat(page.locator("#main details.card[open]").first()).isVisible();
            assertThat(page.locator(".train button")).isDisabled();
        }
    }

    @Test
    @Order(2)
    void fortyPicturesLaterAPictureIsRecognized() {
        long start = System.nanoTime();
        page.getByLabel("Choose a folder").setInputFiles(folder.resolve("mine"));
        assertThat(sees("40 pictures added")).isVisible(within());
        assertThat(page.locator(".checklist .bars li")).hasCount(4);
        assertThat(page.locator("#head")).hasText("No head yet");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Train now")).click();
        assertThat(zone()).isVisible(within());
        zone().locator("input").setInputFiles(SAMPLES.resolve("spring/30.jpg"));
        assertThat(page.locator(".verdict")).hasText("spring");
        System.out.printf(
                Locale.ROOT,
                "from an empty start to a right answer: %.1f s%n",
                (System.nanoTime() - start) / 1e9);
        assertThat(page.locator("#head")).containsText("4 classes");
    }

    @Test
    @Order(3)
    void whatTheHeadLeftOutIsNamedEverywhere() {
        served.product().put("images/nut/1.jpg", SAMPLES.resolve("key/20.jpg"));
        JsonNode trained = served.train();
        assertEquals("Trained", trained.path("outcome").asText(), trained::toString);
        awaitInUse(trained);
        page.reload();
        zone().locator("input").setInputFiles(SAMPLES.resolve("gear/30.jpg"));
        String told = "Not learned by the head in use: nut (1 image)";
        assertThat(sees(told)).isVisible();
        page.navigate(served.endpoint().url() + "/#images");
        assertThat(sees(told)).isVisible();
        page.navigate(served.endpoint().url() + "/#report");
        assertThat(sees("Left out, as they have too few images: nut")).isVisible();
        page.navigate(served.endpoint().url() + "/#versions");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Train now")).click();
        assertThat(sees("Nothing has changed since the last training")).isVisible(within());
    }

    @Test
    @Order(4)
    void whatShowsNoneOfTheClassesIsNoClass() {
        page.navigate(served.endpoint().url() + "/#classify");
        zone().locator("input").setInputFiles(SAMPLES.resolve("washer/00.jpg"));
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Why?")).click();
        assertThat(page.locator(".prediction canvas")).isVisible();
        assertThat(page.locator(".why button[aria-pressed=true]")).hasCount(1);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("None of these"))
                .click();
        Served.until(() -> served.api().get("/labels").json().path("noneOfThese").asInt() == 1);
        page.navigate(served.endpoint().url() + "/#images");
        Locator marked = page.locator(".filters button").getByText("None of these");
        marked.click();
        assertThat(page.locator(".tiles .tile")).hasCount(1);
        page.locator(".tile .look").click();
        Locator dialog = page.locator("dialog.look-at");
        assertThat(dialog.locator("tbody tr")).hasCount(1);
        assertThat(dialog).containsText("its folder");
        assertThat(dialog.locator(".bars li").first()).isVisible();
        dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Dismiss"))
                .click();
        String classes = served.api().get("/labels").json().path("labels").toString();
        assertFalse(classes.contains("none of these"), classes);
        assertEquals("NothingNew", served.train().path("outcome").asText());
    }

    @Test
    @Order(5)
    void aLabelIsTakenBackWhereItsHistoryIsSeen() {
        String stored =
                served.api().get("/images?label=bolt&limit=1").json().at("/images/0/key").asText();
        served.api().json("PUT", "/images/label?key=" + stored, Map.of("label", "gear")).json();
        page.navigate(served.endpoint().url() + "/#images?label=gear");
        page.reload();
        String name = stored.substring(stored.lastIndexOf('/') + 1);
        page.getByLabel("Look closer at " + name).click();
        Locator rows = page.locator("dialog.look-at tbody tr");
        assertThat(rows).hasCount(2);
        rows.first().locator("button").click();
        assertThat(rows).hasCount(3);
        String now = "/images/history?key=" + stored;
        assertEquals("bolt", served.api().get(now).json().at("/image/label").asText());
        takesBackTheFirstLabel();
    }

    private static void takesBackTheFirstLabel() {
        String key = "images/first.jpg";
        served.product().put(key, SAMPLES.resolve("key/21.jpg"));
        String history = "/images/history?key=" + key;
        Served.until(() -> served.api().get(history).status() == 200);
        served.api().json("PUT", "/images/label?key=" + key, Map.of("label", "key")).json();
        page.navigate(served.endpoint().url() + "/#images?label=key");
        page.reload();
        page.getByLabel("Look closer at first.jpg").click();
        Locator rows = page.locator("dialog.look-at tbody tr");
        assertThat(rows).hasCount(1);
        rows.first().locator("button").click();
        assertThat(rows).hasCount(2);
        JsonNode after = served.api().get(history).json();
        assertTrue(after.at("/image/label").isNull(), after::toString);
    }

    @Test
    @Order(6)
    void theReportShowsWhatIsMixedUp() {
        JsonNode bolts =
                served.api().get("/images?label=bolt&sort=name&limit=4").json().path("images");
        List<String> keys = bolts.findValuesAsText("key");
        served.api().json("POST", "/labels", Map.of("keys", keys, "label", "gear")).json();
        JsonNode trained = served.train();
        awaitInUse(trained);
        page.navigate(served.endpoint().url() + "/#report");
        page.reload();
        Locator pair = page.locator(".pairs > li").first();
        assertThat(pair).not().containsText("nothing"); // a single-label head always says a class
        pair.locator("summary").click();
        pair.locator(".look").first().click();
        Locator dialog = page.locator("dialog.look-at");
        dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Why?")).click();
        assertThat(dialog.locator("canvas")).isVisible();
        Map<String, String> first = Map.of("key", keys.getFirst());
        JsonNode why = served.api().json("POST", "/classify?top=2&explain=true", first).json();
        assertEquals(2, why.at("/explanation/maps").size(), why::toString);
    }

    @Test
    @Order(7)
    void severalPicturesAtOnceGiveATableAndAFile() throws IOException {
        Path damaged = Files.writeString(folder.resolve("damaged.jpg"), "no picture");
        page.navigate(served.endpoint().url() + "/#classify");
        page.reload();
        Path[] files = {SAMPLES.resolve("gear/31.jpg"), SAMPLES.resolve("key/31.jpg"), damaged};
        zone().locator("input").setInputFiles(files);
        assertThat(sees("3 pictures")).isVisible(within());
        assertThat(page.locator(".several tbody .chip")).hasText(new String[] {"gear", "key"});
        Download saved =
                page.waitForDownload(
                        () ->
                                page.getByRole(
                                                AriaRole.BUTTON,
                                                new Page.GetByRoleOptions()
                                                        .setName("Download as CSV"))
                                        .click());
        String file = Files.readString(saved.path());
        assertEquals(4, file.lines().count(), file);
        assertTrue(file.matches("(?s).*31\\.jpg,gear,[01]\\.\\d{6},.*"), file);
        assertTrue(file.contains("damaged.jpg,,"), file);
    }

    @Test
    @Order(8)
    void thresholdsForAWishedPrecisionAreUsedByOneClick() {
        page.navigate(served.endpoint().url() + "/#report");
        Locator answered =
                page.locator("details")
                        .filter(new Locator.FilterOptions().setHasText("Answering only when sure"));
        answered.locator("summary").click();
        answered.getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName("Use the thresholds for 95 %"))
                .click();
        assertThat(sees("Thresholds for 95 % are in use")).isVisible();
        JsonNode thresholds = served.api().get("/settings").json().path("thresholds");
        assertEquals(4, thresholds.size(), thresholds::toString);
    }

    /** Without one, as images of before have none, the image itself is shown. */
    @Test
    @Order(9)
    void listsShowThumbnailsAndTheImageWhereThereIsNone() {
        Map<String, String> environment = served.product().environment();
        ImageStore bucket = new Aws(environment).imageStore(environment.get("IMAGES_BUCKET"));
        bucket.delete(List.of(ImageStore.thumbnail("images/nut/1.jpg")));
        page.navigate(served.endpoint().url() + "/#images");
        Locator tiles = page.locator(".tile > img, .tile img");
        assertThat(tiles.first()).isVisible();
        Served.until(() -> shown(tiles, "/thumbnails/") > 30 && shown(tiles, "/nut/1.jpg") == 1);
    }

    @Test
    @Order(10)
    void whatIsFoundByNameAndPredictionIsSelectedWhole() {
        for (int i = 0; i < 70; i++) {
            served.product()
                    .put(
                            "images/waits/IMG_%02d.jpg".formatted(i),
                            SAMPLES.resolve("spring/30.jpg"));
        }
        String found = "/images?name=img_&predicted=spring"; // once they are in memory
        Served.until(() -> served.api().get(found).json().path("count").asInt() == 70);
        page.navigate(served.endpoint().url() + "/#images");
        page.getByRole(AriaRole.SEARCHBOX).fill("img_");
        assertThat(sees("70 images found")).isVisible(within());
        page.getByText("More filters").click();
        page.getByLabel("Predicted as").selectOption("spring");
        assertThat(sees("70 images found")).isVisible(within());
        page.locator(".tile input").first().check();
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Select all 70"))
                .click();
        assertThat(sees("70 selected")).isVisible(within());
        page.getByLabel("Label for the selected images").fill("hook");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Relabel")).click();
        assertThat(sees("70 images labelled hook")).isVisible(within());
        assertEquals(
                70,
                served.api().get("/images?label=hook&sort=oldest").json().path("count").asInt());
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Undo")).click();
        Served.until(() -> served.api().get("/images?label=hook").json().path("images").isEmpty());
        page.getByRole(AriaRole.SEARCHBOX).fill("no such name");
        assertThat(sees("No image is like that")).isVisible(within());
    }

    /** Pictures that are loaded from such an address. */
    private static long shown(Locator pictures, String address) {
        return ((Number)
                        pictures.evaluateAll(
                                "(all, part) => all.filter(one => one.naturalWidth > 0"
                                        + " && one.currentSrc.includes(part)).length",
                                address))
                .longValue();
    }

    private static void awaitInUse(JsonNode trained) {
        Served.until(
                () ->
                        trained.path("version")
                                .equals(served.api().get("/status").json().path("head")));
    }

    private static LocatorAssertions.IsVisibleOptions within() {
        return new LocatorAssertions.IsVisibleOptions().setTimeout(LONG);
    }
}
