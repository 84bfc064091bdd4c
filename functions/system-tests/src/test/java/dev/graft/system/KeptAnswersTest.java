package dev.graft.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import dev.graft.feature.Sha256;
import dev.graft.head.HeadFiles;
import dev.graft.head.HeadStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The whole product while it keeps answers with their pictures. */
class KeptAnswersTest {
    private static final Path SAMPLES = Repository.file("functions/local/samples");

    private static final String CANDIDATE = "20200101T000000.000Z-0a0a0a0a";

    private static Served served;
    private static ApiDocument api;

    @BeforeAll
    static void start() {
        served = Served.with(FeedbackCalls.KEPT);
        api = served.api();
        for (int i = 0; i < 10; i++) {
            for (String label : List.of("gear", "key", "spring")) {
                String file = "%s/%02d.jpg".formatted(label, i);
                served.product().put("images/" + file, SAMPLES.resolve(file));
            }
        }
        served.train();
        candidate();
    }

    /** The head in use under another version, which calls gears cogs. */
    private static void candidate() {
        HeadStore heads = served.product().heads();
        String version = heads.latest().orElseThrow().version();
        String card = new String(heads.read(version, HeadFiles.CARD).orElseThrow(), UTF_8);
        String other = card.replace(version, CANDIDATE).replace("\"gear\"", "\"cog\"");
        byte[] tensors = heads.read(version, HeadFiles.TENSORS).orElseThrow();
        heads.save(
                CANDIDATE,
                Map.of(HeadFiles.CARD, other.getBytes(UTF_8), HeadFiles.TENSORS, tensors));
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    private static byte[] sample(String file) throws IOException {
        return Files.readAllBytes(SAMPLES.resolve(file));
    }

    private static String classify(byte[] photo) {
        return api.send("POST", "/classify", null, photo).json().path("id").asText();
    }

    private static String file(byte[] photo) {
        return "feedback-" + Sha256.of(photo).substring(0, 16) + ".jpg";
    }

    private static String label(String key) {
        var image = api.get("/images/history?key=" + key);
        return image.status() == 200 ? image.json().at("/image/label").asText() : "";
    }

    /** One more for the answer, and one for a picture that is sent along. */
    @Test
    void keepingAnAnswerTakesOneCall() throws IOException {
        byte[] photo = sample("key/30.jpg");
        classify(photo);
        assertEquals(2, calls(() -> classify(photo)));
        assertEquals(0, calls(() -> api.send("POST", "/classify?keep=false", null, photo).json()));
    }

    /** The fewest, as a look at what changed may fall into it. */
    private static long calls(Runnable request) {
        return IntStream.range(0, 5)
                .mapToLong(i -> Meter.during(request).calls())
                .min()
                .orElseThrow();
    }

    @Test
    void aWrongAnswerIsTheFirstOfTheQueue() throws IOException {
        served.product().put("images/waits.jpg", SAMPLES.resolve("washer/01.jpg"));
        Served.until(served.product()::idle);
        byte[] photo = sample("spring/31.jpg");
        Map<String, String> wrong = Map.of("id", classify(photo));
        JsonNode given = api.json("POST", "/feedback", wrong).json();
        String key = "images/" + file(photo);
        assertEquals("review", given.path("state").asText(), given::toString);
        assertEquals(key, given.path("key").asText());
        Served.until(
                () -> {
                    JsonNode queue = api.get("/queue?limit=2").json().path("images");
                    return queue.size() == 2 && queue.at("/0/key").asText().equals(key);
                });
        FeedbackCalls.feedback(api, wrong.get("id"), "coil").json();
        assertEquals("coil", label(key));
    }

    @Test
    void aPictureIsLearnedFromAfterwards() throws IOException {
        byte[] photo = sample("washer/02.jpg");
        JsonNode given = FeedbackCalls.feedback(api, classify(photo), "washer").json();
        assertEquals("added", given.path("state").asText(), given::toString);
        String key = "images/washer/" + file(photo);
        assertEquals(key, given.path("key").asText());
        Served.until(() -> label(key).equals("washer"));
        JsonNode act = api.get("/history?limit=1").json().at("/acts/0");
        assertEquals("gave feedback on", act.path("action").asText(), act::toString);
        assertEquals(Set.of(), Calls.notGranted());
    }

    @Test
    void keptAnswersAreWatchedByDay() throws IOException {
        String id = classify(sample("gear/34.jpg"));
        FeedbackCalls.feedback(api, id, "key").json();
        WatchCalls.answer(api);
        JsonNode today = api.get("/drift?days=1").json().at("/days/0");
        assertTrue(today.path("told").asInt() >= 1, today::toString);
        assertTrue(today.path("toldWrong").asInt() >= 1, today::toString);
        assertTrue(today.at("/classes/gear").asDouble() > 0, today::toString);
        double confidence = today.path("confidence").asDouble();
        assertTrue(confidence > 1 / 3.0 && confidence <= 1, today::toString);
        // three classes of drawings like those of the training
        double distance = today.path("featureDistance").asDouble();
        assertTrue(distance > 0 && distance < 3, today::toString);
        JsonNode shadow = api.get("/heads/" + CANDIDATE + "/shadow?days=1").json();
        assertEquals(today.path("read").asInt(), shadow.path("answers").asInt());
        assertEquals("gear", shadow.at("/pairs/0/now").asText(), shadow::toString);
        assertEquals("cog", shadow.at("/pairs/0/then").asText());
        assertEquals(shadow.path("differ"), shadow.at("/pairs/0/count"));
        assertTrue(shadow.at("/truth/told").asInt() >= 1, shadow::toString);
        assertEquals(Set.of(), Calls.notGranted());
    }

    @Test
    void thePageTellsWhatIsKeptAndAsksWhetherItIsRight() throws IOException {
        Chromium.assumeThere();
        List<String> complaints = new ArrayList<>();
        try (Playwright playwright = Chromium.driver();
                Browser browser = Chromium.launch(playwright)) {
            Page page = browser.newPage();
            page.onPageError(complaints::add);
            page.navigate(served.endpoint().url() + "/#classify");
            assertThat(page.getByText("is kept for 1 day, with what was answered")).isVisible();
            Locator zone = page.locator(".view-classify > .drop input");
            zone.setInputFiles(SAMPLES.resolve("gear/32.jpg"));
            assertThat(page.locator(".verdict")).hasText("gear");
            String right = "images/gear/" + file(sample("gear/32.jpg"));
            button(page, "Right").click();
            assertThat(page.getByText("The next training learns from it")).isVisible();
            Served.until(() -> label(right).equals("gear"));
            button(page, "Undo").click();
            assertThat(page.locator(".note")).containsText("1 image as before");
            Served.until(() -> label(right).isEmpty());
            button(page, "No, key").click();
            String wrong = right.replace("gear/", "key/");
            Served.until(() -> label(wrong).equals("key"));
            page.keyboard().press("Control+z");
            Served.until(() -> label(wrong).isEmpty());
            page.navigate(served.endpoint().url() + "/#report");
            page.locator(".drift summary").click();
            assertThat(page.locator(".drift .finding")).containsText("answers");
            assertThat(page.locator(".days tbody tr").first()).containsText("Training data");
            page.navigate(served.endpoint().url() + "/#versions");
            Locator candidate =
                    page.locator(".version", new Page.LocatorOptions().setHasText(CANDIDATE));
            candidate.getByText("What would change?").click();
            assertThat(page.locator(".preview .shadow")).containsText("kept requests");
            assertThat(page.locator(".preview tbody tr .chip").last()).hasText("cog");
            asksAGuest(page);
        }
        assertEquals(List.of(), complaints);
    }

    private static void asksAGuest(Page page) throws IOException {
        String token = ShareLinks.make(api, 3).path("token").asText();
        page.navigate(served.endpoint().url() + "/#share=" + token);
        page.reload();
        assertThat(page.getByText("Your pictures are kept for 1 day")).isVisible();
        page.locator(".drop input").first().setInputFiles(SAMPLES.resolve("key/33.jpg"));
        button(page, "This is wrong").click();
        assertThat(page.getByText("Thank you, that is noted")).isVisible();
        String key = "images/" + file(sample("key/33.jpg"));
        Served.until(() -> api.get("/images/history?key=" + key).status() == 200);
        assertTrue(api.get("/images/history?key=" + key).json().at("/image/label").isNull());
    }

    private static Locator button(Page page, String name) {
        var options = new Page.GetByRoleOptions().setName(name).setExact(true);
        return page.getByRole(AriaRole.BUTTON, options).last();
    }
}
