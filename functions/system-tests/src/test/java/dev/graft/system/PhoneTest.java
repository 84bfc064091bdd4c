package dev.graft.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.FilePayload;
import dev.graft.backbone.Backbones;
import dev.graft.local.HttpEndpoint;
import dev.graft.local.LocalProduct;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pictures of cameras and phones, and a phone of the same network. */
class PhoneTest {
    private static final Path SAMPLES = Repository.file("functions/local/samples");

    /** Red and blue, side by side; a quarter turn to the left, as EXIF tells, puts blue above. */
    private static final Path TURNED =
            Repository.file("functions/system-tests/src/test/resources/pictures/turned.avif");

    private static final String TOKEN = "0123456789abcdef0123456789abcdef01234567";

    private static Served served;
    private static Playwright playwright;
    private static Browser browser;

    private Page page;

    @BeforeAll
    static void start() {
        Chromium.assumeThere();
        var product = new LocalProduct(Optional.empty(), Backbones.ofUser().resolve(""), Map.of());
        HttpEndpoint endpoint = product.serveNetwork(0, TOKEN);
        served = new Served(product, endpoint, new ApiDocument(endpoint.url()));
        for (String label : List.of("gear", "spring")) {
            for (int i = 0; i < 6; i++) {
                String name = "%s/%02d.jpg".formatted(label, i);
                product.put("images/" + name, SAMPLES.resolve(name));
            }
        }
        for (String name : List.of("gear/20.jpg", "spring/20.jpg", "gear/21.jpg")) {
            product.put("images/" + name.replace('/', '-'), SAMPLES.resolve(name));
        }
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
        page =
                browser.newPage(
                        new Browser.NewPageOptions().setViewportSize(390, 844).setHasTouch(true));
    }

    @AfterEach
    void close() {
        page.close();
    }

    private void view(String name) {
        page.navigate(served.endpoint().url() + "/#" + name);
    }

    private Locator button(String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
    }

    private static int images(String label) {
        return served.api().get("/images?label=" + label).json().path("images").size();
    }

    @Test
    void theCameraIsAskedAboutAgainAndAgainAndAFrameIsKept() {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger asked = new AtomicInteger();
        page.onRequest(
                request -> {
                    if (isQuestion(request)) {
                        asked.incrementAndGet();
                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    }
                });
        page.onRequestFinished(
                request -> {
                    if (isQuestion(request)) {
                        running.decrementAndGet();
                    }
                });
        view("classify");
        button("Use the camera").click();
        assertThat(page.locator(".camera .verdict")).hasText(Pattern.compile("gear|spring"));
        page.getByLabel("Keep it as").fill("bench");
        button("Keep this frame").click();
        assertThat(page.locator(".note")).containsText("1 frame kept, the last as bench");
        Served.until(() -> images("bench") == 1);
        Served.until(() -> poll(asked) >= 3);
        assertEquals(1, most.get(), "one question at a time");
        button("Stop the camera").click();
        assertThat(page.locator(".camera")).hasCount(0);
        assertThat(button("Use the camera")).isEnabled();
    }

    private int poll(AtomicInteger asked) {
        page.title(); // events of the page are told while it is asked something
        return asked.get();
    }

    private static boolean isQuestion(Request request) {
        return request.url().contains("/classify?top=1");
    }

    @Test
    void aViewThatIsLeftEndsTheCamera() {
        page.addInitScript(
                """
                const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
                navigator.mediaDevices.getUserMedia = async what => { window.stream = await ask(what); return window.stream; };
                """);
        view("classify");
        button("Use the camera").click();
        assertThat(page.locator(".camera video")).isVisible();
        assertEquals(true, page.evaluate("window.stream.active"));
        view("images");
        Served.until(() -> page.evaluate("window.stream.active").equals(false));
    }

    @Test
    void aCameraThatMayNotBeUsedIsTold() {
        page.addInitScript(
                "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError'); };");
        view("classify");
        button("Use the camera").click();
        assertThat(page.locator(".note")).containsText("allow it beside the address");
        assertThat(button("Use the camera")).isEnabled();
    }

    /** The first pixel that is sent tells that the picture is upright. */
    @Test
    void whatTheBrowserCanOpenBecomesAJpeg() {
        page.addInitScript("(" + BrowserFixture.FIRST_PIXEL_SENT.strip() + ")()");
        view("classify");
        page.locator(".view-classify > .drop input").setInputFiles(TURNED);
        assertThat(page.locator(".prediction .verdict")).isVisible();
        String[] pixel = page.evaluate("window.firstPixel").toString().split(",");
        assertTrue(
                Integer.parseInt(pixel[2]) > 200 && Integer.parseInt(pixel[0]) < 60,
                String.join(",", pixel));
        page.getByLabel("Wrong, it is").fill("flag");
        button("Add to my images").click();
        Served.until(() -> images("flag") == 1);
        String stored = served.api().get("/images?label=flag").json().findValue("key").asText();
        assertTrue(stored.matches("images/flag/turned-[0-9a-f]{8}\\.jpg"), stored);
        var about = served.api().get("/images/history?key=" + stored).json().path("image");
        assertEquals(32, about.path("width").asInt(), about::toString);
        assertEquals(64, about.path("height").asInt(), about::toString);
    }

    @Test
    void whatItCannotOpenIsNamedWithTheRemedy() {
        var heic =
                new FilePayload("IMG_1.HEIC", "image/heic", "no".getBytes(StandardCharsets.UTF_8));
        view("classify");
        page.locator(".view-classify > .drop input").setInputFiles(heic);
        assertThat(page.locator(".problem")).containsText("Most Compatible");
        view("images");
        page.getByText("Add pictures").click();
        page.locator("details .drop input").setInputFiles(new FilePayload[] {heic});
        assertThat(page.locator(".refused")).containsText("IMG_1.HEIC is HEIC");
    }

    /** Without scrolling, and nothing to reach at the top of the screen. */
    @Test
    void oneThumbLabelsTheQueue() {
        view("queue");
        page.locator(".review img").waitFor();
        assertThat(page.locator(".choices button").first()).isVisible();
        double nav = page.locator(".side").boundingBox().y;
        for (Locator one : page.locator(".choices button, .review .row button").all()) {
            BoundingBox box = one.boundingBox();
            assertTrue(box.y > 844 * 0.3, one.textContent() + " is too far up: " + box.y);
            assertTrue(box.y + box.height <= nav, one.textContent() + " is below the screen");
        }
        page.locator(".choices button").first().tap();
        assertThat(page.locator(".note")).containsText("labelled");
        button("Undo").tap();
        assertThat(page.locator(".note")).containsText("as before");
        page.locator(".review img").waitFor();
    }

    @Test
    void theLaptopShowsThePhoneTheWayIn() {
        page.setViewportSize(1280, 900);
        view("classify");
        button("Use your phone").click();
        Locator dialog = page.locator("dialog.phone");
        assertThat(dialog).isVisible();
        assumeTrue(LanTest.ownAddress().isPresent(), "no network");
        assertThat(dialog.locator("svg.qr path")).isVisible();
        assertThat(dialog).containsText("?token=" + TOKEN);
        button("Dismiss").click();
        assertThat(dialog).hasCount(0);
    }

    @Test
    void aPhoneWorksByPlainHttp() {
        Optional<String> machine = LanTest.ownAddress();
        assumeTrue(machine.isPresent(), "no network");
        String url = served.endpoint().url().replace("127.0.0.1", machine.get());
        page.navigate(url + "/?token=" + TOKEN);
        assertEquals(url + "/", page.url(), "the address without the token");
        assertThat(button("Use your phone")).hasCount(0);
        assertThat(page.getByText("By plain http, browsers give no live picture")).isVisible();
        Locator taken = page.locator("input[capture=environment]");
        taken.setInputFiles(SAMPLES.resolve("spring/30.jpg"));
        assertThat(page.locator(".prediction .verdict")).hasText("spring");
        page.getByLabel("Wrong, it is").fill("by phone");
        button("Add to my images").click();
        assertThat(page.getByText("The next training learns from it")).isVisible();
        Served.until(() -> images("by%20phone") == 1);
        page.navigate(url + "/#images");
        assertThat(page.locator(".tile img").first()).isVisible();
        Served.until(
                () ->
                        page.evaluate(
                                        "[...document.querySelectorAll('.tile img')].filter(i => i.naturalWidth && i.currentSrc.includes('/s3/')).length > 3")
                                .equals(true));
        page.navigate(url + "/#use");
        page.locator(".copyable button").first().click();
        assertThat(page.locator(".copyable button").first()).hasText("Selected");
    }
}
