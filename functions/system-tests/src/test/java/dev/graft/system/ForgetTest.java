package dev.graft.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Afterwards nothing that is stored names the image, but for a label file of the user's own. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ForgetTest {
    private static final Path SAMPLES = Repository.file("functions/local/samples");

    /** In every way of writing the key it is the same. */
    private static final String WORD = "unforgotten";

    private static final String KEY = "images/gear/my 'odd' & " + WORD + " é 😀.jpg";
    private static final String LABELS = "labels/mine.csv";

    private static Served served;

    @BeforeAll
    static void start() {
        served = Served.with(Map.of());
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    @Test
    @Order(1)
    void nothingThatIsStoredNamesTheImageAfterwards() throws IOException {
        for (int i = 10; i < 18; i++) {
            for (String label : List.of("gear", "key")) {
                String file = "%s/%d.jpg".formatted(label, i);
                served.product().put("images/" + file, SAMPLES.resolve(file));
            }
        }
        served.product().put(KEY, SAMPLES.resolve("gear/20.jpg"));
        String copy = KEY.replace(".jpg", " 2.jpg");
        served.product().put(copy, SAMPLES.resolve("gear/20.jpg"));
        put(LABELS, "key,label\n\"%s\",gear\n".formatted(KEY));
        served.train();
        ApiDocument api = served.api();
        api.json(
                "PUT",
                "/images/label?key=" + URLEncoder.encode(KEY, StandardCharsets.UTF_8),
                Map.of("label", "key"));
        String first = served.train().path("version").asText();
        api.json(
                "PUT",
                "/images/label?key=" + URLEncoder.encode(KEY, StandardCharsets.UTF_8),
                Map.of("label", "gear"));
        served.train();
        assertTrue(api.json("POST", "/batch", Map.of("prefix", "images/")).json().has("parts"));
        assertTrue(naming().size() > 8, naming()::toString);

        var noted = api.json("POST", "/forget", Map.of("key", KEY, "duplicates", true));
        assertEquals(202, noted.status());
        assertEquals(1, noted.json().path("duplicates").size());
        String location = noted.location();
        Served.until(() -> api.get(location).json().path("state").asText().equals("done"));
        JsonNode receipt = api.get(location).json();
        assertEquals(List.of("graft-images/" + LABELS), naming(), receipt::toString);
        assertTrue(receipt.path("left").get(0).asText().startsWith(LABELS + ", line 2"));
        assertTrue(receipt.path("versions").toString().contains(first), receipt::toString);
        String inUse = served.product().heads().latest().orElseThrow().version();
        assertEquals(inUse, receipt.path("head").asText());
        assertEquals(List.of(inUse), served.product().heads().versions());
        String learned = "/heads?learnedFrom=" + URLEncoder.encode(KEY, StandardCharsets.UTF_8);
        assertEquals(0, api.get(learned).json().path("heads").size());
        var gone = api.json("PUT", "/heads/latest", Map.of("version", first));
        assertEquals(404, gone.status());
        assertTrue(gone.json().path("detail").asText().contains("an image that was forgotten"));
        assertFalse(api.get("/history").response().body().contains(WORD));
        assertEquals(Set.of(), Calls.notGranted());
    }

    @Test
    @Order(2)
    void thePageForgetsAnImageAndShowsTheReceiptAndDeletesAHead() {
        Chromium.assumeThere();
        String before = served.product().heads().latest().orElseThrow().version();
        List<String> complaints = new ArrayList<>();
        try (Playwright playwright = Chromium.driver();
                Browser browser = Chromium.launch(playwright)) {
            Page page = browser.newPage();
            page.onPageError(complaints::add);
            page.route("**/status", ForgetTest::ofABygoneHead);
            page.navigate(served.endpoint().url() + "/#images?label=key");
            page.getByLabel("Look closer at 10.jpg").click();
            named(page, "Forget for good").click();
            named(page, "Forget for good").last().click(); // in the question
            Locator large = page.locator("dialog.look-at");
            Served.until(() -> large.textContent().contains("All traces are gone: 1 head"));
            assertThat(large).containsText("backups of the table");
            assertTrue(served.product().heads().read(before, "head.json").isEmpty());
            served.api().json("POST", "/labels", relabelled()).json();
            served.train();
            String old = served.product().heads().versions().getLast();
            page.navigate(served.endpoint().url() + "/#versions");
            page.reload();
            page.getByLabel("Delete " + old).click();
            named(page, "Delete").last().click();
            assertThat(page.locator(".note")).containsText(old + " is deleted");
            assertTrue(served.product().heads().read(old, "head.json").isEmpty());
        }
        assertEquals(List.of(), complaints);
    }

    /** The status may be seconds late and tell a head that is deleted. */
    private static void ofABygoneHead(Route route) {
        APIResponse late = route.fetch();
        String text =
                late.text()
                        .replaceFirst("\"head\":\"[^\"]+\"", "\"head\":\"v20200101T000000000Z\"");
        route.fulfill(new Route.FulfillOptions().setResponse(late).setBody(text));
    }

    private static Map<String, Object> relabelled() {
        return Map.of("keys", List.of("images/key/11.jpg"), "label", "gear");
    }

    private static Locator named(Page page, String name) {
        var options = new Page.GetByRoleOptions().setName(name).setExact(true);
        return page.getByRole(AriaRole.BUTTON, options);
    }

    private static void put(String key, String text) {
        String bucket = served.product().environment().get("IMAGES_BUCKET");
        s3().putObject(b -> b.bucket(bucket).key(key), RequestBody.fromString(text));
    }

    private static S3Client s3() {
        return served.product().aws().s3();
    }

    /** Every stored object and item that names the image or its copy, by name or contents. */
    private static List<String> naming() throws IOException {
        var found = new TreeSet<String>();
        for (String variable : List.of("IMAGES_BUCKET", "HEADS_BUCKET")) {
            String bucket = served.product().environment().get(variable);
            for (var object : s3().listObjectsV2Paginator(b -> b.bucket(bucket)).contents()) {
                byte[] bytes =
                        s3().getObjectAsBytes(b -> b.bucket(bucket).key(object.key()))
                                .asByteArray();
                if ((object.key() + opened(bytes)).contains(WORD)) {
                    found.add(bucket + "/" + object.key());
                }
            }
        }
        String table = served.product().environment().get("TABLE");
        served.product().aws().dynamoDb().scanPaginator(b -> b.tableName(table)).items().stream()
                .map(Object::toString)
                .filter(item -> item.contains(WORD))
                .forEach(item -> found.add("table " + item));
        return new ArrayList<>(found);
    }

    private static String opened(byte[] bytes) throws IOException {
        boolean packed = bytes.length > 2 && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b;
        if (packed) {
            try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            }
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
