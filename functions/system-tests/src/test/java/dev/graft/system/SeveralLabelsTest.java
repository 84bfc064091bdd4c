package dev.graft.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole product with {@code LABELS_PER_IMAGE=several}, taught with two drawings a picture. */
class SeveralLabelsTest {
    private static final Path SAMPLES = Repository.file("functions/local/samples");
    private static final List<String> LABELS =
            List.of("bolt", "gear", "key", "bolt+gear", "bolt+key", "gear+key");
    private static final int EACH = 18;
    private static final int SIDE = 320;

    @TempDir static Path folder;
    private static Served served;
    private static ApiDocument api;
    private static JsonNode outcome;

    @BeforeAll
    static void start() throws Exception {
        served = Served.with(Map.of("LABELS_PER_IMAGE", "several"));
        api = served.api();
        for (String label : LABELS) {
            for (int i = 0; i < EACH; i++) {
                put("images/%s/%d.png".formatted(label, i), picture(label, i));
            }
        }
        put("images/waits.png", picture("gear+key", 30));
        outcome = served.train();
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    private static void put(String key, byte[] picture) throws IOException {
        served.product().put(key, Files.write(folder.resolve("picture.png"), picture));
    }

    /**
     * The drawings of one or two classes side by side, half as wide; the other half empty if it is
     * one.
     */
    private static byte[] picture(String label, int number) throws IOException {
        BufferedImage both = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        var graphics = both.createGraphics();
        String[] names = label.split("\\+");
        for (int place = 0; place < names.length; place++) {
            Path file = SAMPLES.resolve("%s/%02d.jpg".formatted(names[place], number));
            int x = (place + number) % 2 * SIDE / 2;
            graphics.drawImage(ImageIO.read(file.toFile()), x, 0, SIDE / 2, SIDE, null);
        }
        graphics.dispose();
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(both, "png", png);
        return png.toByteArray();
    }

    @Test
    void learnsTheLabelsApart() {
        assertEquals("Trained", outcome.path("outcome").asText(), outcome.toString());
        JsonNode head = api.get("/heads").json().at("/heads/0");
        assertEquals("sigmoid", head.path("activation").asText());
        assertEquals("[\"bolt\",\"gear\",\"key\"]", head.path("classes").toString());
        assertTrue(head.path("accuracy").asDouble() > .7, "chance is 1/7: " + head);
        String report =
                api.get("/heads/" + outcome.path("version").asText() + "/report").response().body();
        assertTrue(report.contains("every label of an image and no other"));
    }

    @Test
    void answersWithAllThatIsOnAPicture() throws Exception {
        int right = 0;
        for (String label : LABELS) {
            for (int i = 20; i < 25; i++) {
                JsonNode answer = api.send("POST", "/classify", null, picture(label, i)).json();
                assertEquals(
                        answer.path("label").asText(),
                        String.join("+", strings(answer.path("labels"))));
                right += answer.path("label").asText().equals(label) ? 1 : 0;
            }
        }
        assertTrue(right > 18, right + " of 30 answers name all labels and no other");
        byte[] picture = picture("bolt+key", 26);
        var refused = api.send("POST", "/classify?coverage=90", null, picture);
        assertEquals(409, refused.status());
        assertTrue(refused.json().path("detail").asText().contains("is multi-label"));
        ExportedModel.givesTheSameAnswer(api, picture);
    }

    private static List<String> strings(JsonNode array) {
        return java.util.stream.StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    @Test
    void findsCountsAndRenamesALabelAmongOthers() {
        assertEquals(3 * EACH, count("bolt"));
        assertEquals(EACH, api.get("/images?label=bolt&limit=200").json().path("images").size());
        JsonNode found = api.get("/images?label=bolt&several=true&limit=200").json();
        assertEquals(3 * EACH, found.path("images").size());
        for (String[] names : new String[][] {{"bolt", "screw"}, {"screw", "bolt"}}) {
            Map<String, String> body = Map.of("from", names[0], "to", names[1]);
            JsonNode changed = api.json("POST", "/labels/rename?several=true", body).json();
            assertEquals(3 * EACH, changed.path("changed").asInt());
            Served.until(() -> count(names[1]) == 3 * EACH && count(names[0]) == 0);
        }
        JsonNode both = api.get("/images?label=bolt%2Bkey&limit=200").json();
        assertEquals(EACH, both.path("images").size());
    }

    private static int count(String name) {
        for (JsonNode one : api.get("/labels?several=true").json().path("labels")) {
            if (one.path("label").asText().equals(name)) {
                return one.path("images").asInt();
            }
        }
        return 0;
    }

    @Test
    void thePageFindsALabelAmongOthers() {
        on(
                "images",
                page -> {
                    page.locator(".filters button").getByText("bolt").click();
                    assertThat(page.locator(".tile")).hasCount(3 * EACH);
                    assertThat(page.locator(".filters [aria-pressed=true]"))
                            .hasText("bolt" + 3 * EACH);
                });
    }

    @Test
    void thePageLabelsWithSeveral() {
        on(
                "queue",
                page -> {
                    Locator pressed = page.locator(".choices [aria-pressed=true]");
                    assertThat(pressed.first()).isVisible();
                    for (int i = 0; i < 3; i++) {
                        Locator choice = page.locator(".choices button").nth(i);
                        if (choice.getAttribute("aria-pressed").equals("true") != (i > 0)) {
                            page.keyboard().press(String.valueOf(i + 1));
                        }
                    }
                    assertThat(pressed).hasCount(2);
                    page.keyboard().press("Enter");
                    assertThat(page.getByText("labelled gear+key")).isVisible();
                });
        JsonNode images = api.get("/images?label=gear%2Bkey&limit=100").json().path("images");
        assertTrue(images.findValuesAsText("key").contains("images/waits.png"), "" + images);
    }

    private static void on(String view, Consumer<Page> steps) {
        Chromium.assumeThere();
        try (var driver = Chromium.driver();
                var browser = Chromium.launch(driver);
                var page = browser.newPage()) {
            page.navigate(served.endpoint().url() + "/#" + view);
            steps.accept(page);
        }
    }
}
