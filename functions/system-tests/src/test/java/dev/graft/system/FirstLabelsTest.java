package dev.graft.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import dev.graft.feature.Label;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Tag;

/** The first labels: by tags, and on the page without a head, of a picture that came twice. */
class FirstLabelsTest {
    private static final Path SAMPLES = Repository.file("functions/local/samples");
    private static final String GEAR = "images/gear.jpg";
    private static final String SMALLER = "images/smaller.png";
    private static final String KEY = "images/key.jpg";
    private static final String TAGGED = "images/tagged.jpg";

    private static Served served;

    @TempDir Path folder;

    @BeforeAll
    static void start() {
        served = Served.with(Map.of());
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    @Test
    void theQueueNeedsNoHeadAndLabelsAPictureAndItsSmallerCopyTogether() throws Exception {
        Chromium.assumeThere();
        served.product().put(GEAR, SAMPLES.resolve("gear/20.jpg"));
        served.product().put(SMALLER, half(SAMPLES.resolve("gear/20.jpg")));
        served.product().put(KEY, SAMPLES.resolve("key/20.jpg"));
        Served.until(served.product()::idle);
        JsonNode queue = served.api().get("/queue").json().path("images");
        assertEquals(2, queue.size(), queue::toString);
        queue.forEach(image -> assertTrue(image.path("suggestion").isNull()));
        labelOnThePage();
        assertEquals(Map.of(GEAR, "gear", SMALLER, "gear", KEY, "key"), labels(GEAR, SMALLER, KEY));
    }

    @Test
    void aTagLabelsAnImageWithItsUploadAndLater() {
        String bucket = served.product().environment().get("IMAGES_BUCKET");
        S3Client s3 = served.product().aws().s3();
        Path file = SAMPLES.resolve("nut/20.jpg");
        s3.putObject(b -> b.bucket(bucket).key(TAGGED).tagging("label=key"), file);
        Served.until(() -> labels(TAGGED).equals(Map.of(TAGGED, "key")));
        Tag nut = Tag.builder().key("label").value("nut").build();
        s3.putObjectTagging(b -> b.bucket(bucket).key(TAGGED).tagging(t -> t.tagSet(nut)));
        Served.until(() -> labels(TAGGED).equals(Map.of(TAGGED, "nut")));
        s3.deleteObjectTagging(b -> b.bucket(bucket).key(TAGGED));
        Served.until(() -> labels(TAGGED).equals(Map.of(TAGGED, "")));
        s3.deleteObject(b -> b.bucket(bucket).key(TAGGED));
        Served.until(() -> labels(TAGGED).isEmpty());
    }

    private static Map<String, String> labels(String... keys) {
        Map<String, String> labels = new TreeMap<>();
        served.product()
                .index()
                .find(List.of(keys))
                .forEach(i -> labels.put(i.key(), i.label().map(Label::name).orElse("")));
        return labels;
    }

    private static void labelOnThePage() throws InterruptedException {
        List<String> complaints = new ArrayList<>();
        try (Playwright playwright = Chromium.driver();
                Browser browser = Chromium.launch(playwright)) {
            Page page = browser.newPage();
            page.onPageError(complaints::add);
            page.navigate(served.endpoint().url() + "/#queue");
            assertThat(page.locator(".review .photo")).isVisible();
            assertThat(page.getByText("There is no head yet")).isVisible();
            page.keyboard().press("Enter"); // nothing is suggested that it could accept
            assertThat(page.locator(".note")).containsText("Choose at least one label");
            for (int i = 0; i < 2; i++) {
                String shown = page.locator(".review .mono").textContent();
                page.keyboard().press("n");
                page.keyboard().type(shown.equals(KEY) ? "key" : "gear");
                page.keyboard().press("Enter");
                assertThat(page.locator(".note").last())
                        .containsText(shown.equals(KEY) ? "1 image" : "2 images");
            }
            assertThat(page.locator(".checklist")).isVisible(); // what a first head lacks still
        }
        assertEquals(List.of(), complaints);
    }

    private Path half(Path file) throws IOException {
        BufferedImage image = ImageIO.read(file.toFile());
        int width = image.getWidth() / 2;
        int height = image.getHeight() / 2;
        BufferedImage smaller = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        var graphics = smaller.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(image, 0, 0, width, height, null);
        graphics.dispose();
        Path written = folder.resolve("smaller.png");
        ImageIO.write(smaller, "png", written.toFile());
        return written;
    }
}
