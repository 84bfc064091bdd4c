package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.Label;
import dev.graft.local.LocalProduct;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/**
 * A browser before a product that has learned some classes; each test has a page of its own, on
 * which no script may fail.
 */
abstract class BrowserFixture {
    static final Path SAMPLES = Repository.file("functions/local/samples");
    static final List<String> CLASSES = List.of("bolt", "gear", "spring", "washer");
    static final int PER_CLASS = 12;

    /** Odd on purpose: the page must show it as text, not as markup. */
    static final String ODD_NAME = "images/<img src=x onerror=window.hit=1>&\"'.jpg";

    static final String FIRST_PIXEL_SENT =
            """
            () => {
              const send = window.fetch;
              window.fetch = async (url, request) => {
                if (request?.body instanceof Blob) {
                  const drawing = new OffscreenCanvas(1, 1).getContext('2d');
                  drawing.drawImage(await createImageBitmap(request.body), 0, 0);
                  window.firstPixel = drawing.getImageData(0, 0, 1, 1).data.join();
                }
                return send(url, request);
              };
            }
            """;

    static final String RENAMED_SOME =
            "{\"changed\": 1, \"missing\": [], \"conflicts\": [], \"complete\": false}";

    static LocalProduct product;
    static Served served;
    static Playwright playwright;
    static Browser browser;

    final List<String> complaints = new ArrayList<>();
    Page page;

    @BeforeAll
    static void start() throws InterruptedException {
        Chromium.assumeThere();
        served = Served.with(Map.of());
        product = served.product();
        for (String label : CLASSES) {
            for (int i = 0; i < PER_CLASS; i++) {
                String name = label + "/%02d.jpg".formatted(i);
                product.put("images/" + name, SAMPLES.resolve(name));
            }
        }
        for (int i = 0; i < 3; i++) {
            product.put("images/unlabelled-" + i + ".jpg", SAMPLES.resolve("gear/2" + i + ".jpg"));
        }
        for (int i = 0; i < 3; i++) { // wrong, for the doctor
            product.put(
                    "images/spring/wrong-" + i + ".jpg", SAMPLES.resolve("gear/3" + i + ".jpg"));
        }
        product.put(ODD_NAME, SAMPLES.resolve("spring/20.jpg"));
        served.train();
        product.put("images/gear/23.jpg", SAMPLES.resolve("gear/23.jpg"));
        served.train();
        playwright = Chromium.driver();
        browser = Chromium.launch(playwright);
    }

    @AfterAll
    static void stop() {
        if (served != null) {
            playwright.close();
            served.close();
        }
    }

    @BeforeEach
    void open() {
        page = browser.newPage();
        page.onPageError(complaints::add);
        page.onConsoleMessage(
                message -> {
                    if (message.text().contains("Content Security Policy")) {
                        complaints.add(message.text());
                    }
                });
    }

    /** Drops a sample on the page, where no card takes it. */
    void drop(String sample) {
        try {
            page.evaluate(
                    """
                    base64 => {
                      const dataTransfer = new DataTransfer();
                      const bytes = Uint8Array.from(atob(base64), char => char.charCodeAt(0));
                      dataTransfer.items.add(new File([bytes], 'dropped.jpg', {type: 'image/jpeg'}));
                      document.body.dispatchEvent(new DragEvent('drop', {dataTransfer, bubbles: true, cancelable: true}));
                    }
                    """,
                    Base64.getEncoder()
                            .encodeToString(Files.readAllBytes(SAMPLES.resolve(sample))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void close() {
        Object hit = page.evaluate("window.hit === undefined");
        page.close();
        assertEquals(List.of(), complaints);
        assertEquals(true, hit, "a file name ran as script");
    }

    void view(String name) {
        page.navigate(served.endpoint().url() + "/#" + name);
    }

    Locator button(String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
    }

    Optional<String> label(String key) {
        return product.index().find(List.of(key)).stream()
                .findFirst()
                .flatMap(ImageIndex.Entry::label)
                .map(Label::name);
    }

    static void fulfil(Route route, String json) {
        var response = new Route.FulfillOptions().setContentType("application/json");
        route.fulfill(response.setBody(json));
    }

    /**
     * Playwright spells the names of these calls by the default locale, which has no dotless i
     * here.
     */
    static void inRootLocale(Runnable call) {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.ROOT);
        try {
            call.run();
        } finally {
            Locale.setDefault(before);
        }
    }

    /** Too large for one request, as its colours are noise, none of which is seen. */
    static byte[] transparent() {
        var picture = new BufferedImage(1400, 1400, BufferedImage.TYPE_INT_ARGB);
        var random = new Random(1);
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                picture.setRGB(x, y, random.nextInt() & 0xffffff);
            }
        }
        var file = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, "png", file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toByteArray();
    }
}
