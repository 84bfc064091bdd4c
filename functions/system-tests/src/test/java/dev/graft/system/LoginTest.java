package dev.graft.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import dev.graft.classifier.ClassifierHandler;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signing in, in Chromium and by tokens, through a gateway that has the routes of the template. */
class LoginTest {
    private static final int IMAGES = 6;

    /** After which work shows a window with how far it is. */
    private static final int MOMENT_MS = 1_500;

    private static Served served;
    private static LoginServer login;
    private static Gateway gateway;
    private static Playwright playwright;
    private static Browser browser;

    private final List<String> complaints = new ArrayList<>();
    private BrowserContext context;

    @BeforeAll
    static void start() throws IOException {
        Chromium.assumeThere();
        served = Served.with(Map.of());
        for (String label : List.of("bolt", "gear")) {
            for (int i = 0; i < IMAGES; i++) {
                String name = label + "/%02d.jpg".formatted(i);
                served.product().put("images/" + name, BrowserFixture.SAMPLES.resolve(name));
            }
        }
        served.train();
        login = new LoginServer();
        gateway = new Gateway(new ClassifierHandler(served.product().environment()), login);
        playwright = Chromium.driver();
        browser = Chromium.launch(playwright);
    }

    @AfterAll
    static void stop() {
        if (served != null) {
            playwright.close();
            gateway.close();
            login.close();
            served.close();
        }
    }

    @BeforeEach
    void open() {
        context = browser.newContext();
        context.onWebError(error -> complaints.add(error.error()));
        context.onConsoleMessage(
                message -> {
                    if (message.text().contains("Content Security Policy")) {
                        complaints.add(message.text());
                    }
                });
    }

    @AfterEach
    void close() {
        context.close();
        assertEquals(List.of(), complaints);
    }

    private Page signedIn(String view) {
        Page page = context.newPage();
        page.navigate(gateway.url() + "/#" + view);
        button(page, "Sign in").click();
        assertThat(page.locator("#who")).containsText(LoginServer.EMAIL);
        return page;
    }

    private static Locator button(Page page, String name) {
        var exactly = new Page.GetByRoleOptions().setName(name).setExact(true);
        return page.getByRole(AriaRole.BUTTON, exactly);
    }

    @Test
    void whoSignsInIsNotLeftOut() {
        Page page = context.newPage();
        page.navigate(gateway.url() + "/#images");
        button(page, "Sign in").waitFor();
        assertEquals(List.of(), Axe.violations(page), "before");
        page = signedIn("images");
        assertThat(page.locator(".tile").first()).isVisible();
        assertEquals(List.of(), Axe.violations(page), "after");
    }

    /** The clock of the browser two minutes fast, which nothing looks at. */
    @Test
    void comesBackToWhereOneWasAndSeesPictures() {
        BrowserFixture.inRootLocale(
                () -> context.clock().setFixedTime(Instant.now().plusSeconds(120).toEpochMilli()));
        Page page = signedIn("images?label=bolt");
        assertEquals(gateway.url() + "/#images?label=bolt", page.url());
        assertThat(page.getByRole(AriaRole.CHECKBOX)).hasCount(IMAGES);
        page.navigate(gateway.url() + "/#report");
        page.reload();
        assertThat(page.locator("#who")).containsText(LoginServer.EMAIL);
        Page report = context.waitForPage(() -> page.getByText("Full report").click());
        assertThat(report.locator("h1").first()).isVisible();
    }

    @Test
    void aTokenThatIsOverIsRenewedOnceForAllThatWait() {
        Page page = signedIn("images");
        List<String> asked = new ArrayList<>();
        page.onRequest(
                request -> {
                    if (request.url().endsWith("/oauth2/token")) {
                        asked.add(request.postData());
                    }
                });
        assertThat(page.locator(".tile").first()).isVisible(); // the gateway has seen the token
        gateway.expireAll();
        page.evaluate("location.hash = 'versions'"); // asks for heads, the history and the status
        assertThat(page.locator(".version")).hasCount(1);
        assertEquals(1, asked.size(), asked::toString);
        assertTrue(asked.getFirst().contains("grant_type=refresh_token"), asked::toString);
    }

    /**
     * The clock two minutes slow here; work that waits must not cover the question it waits for.
     */
    @Test
    void whatWasTypedIsSentAfterSigningInAgainAndKeptWithTheEmail() {
        BrowserFixture.inRootLocale(
                () -> context.clock().setFixedTime(Instant.now().minusSeconds(120).toEpochMilli()));
        Page page = signedIn("images?label=gear");
        Locator box = page.getByRole(AriaRole.CHECKBOX).first();
        String key = box.inputValue();
        box.check();
        page.getByLabel("Label for the selected images").fill("cog wheel");
        page.evaluate("sessionStorage.setItem('graft-refresh', 'over')");
        gateway.expireAll();
        button(page, "Relabel").click();
        Locator signIn = page.locator("dialog").getByText("Sign in", exactly());
        assertThat(signIn).isVisible();
        page.waitForTimeout(MOMENT_MS);
        signIn.click();
        Served.until(() -> !served.product().labels().history(key).getFirst().by().isEmpty());
        var change = served.product().labels().history(key).getFirst();
        assertEquals("cog wheel", change.name().orElseThrow());
        assertEquals(LoginServer.EMAIL, change.by());
    }

    private static Locator.GetByTextOptions exactly() {
        return new Locator.GetByTextOptions().setExact(true);
    }

    @Test
    void whoSignsOutIsSignedOutInEveryTab() {
        Page one = signedIn("images");
        Page other = signedIn("versions");
        String refresh = (String) other.evaluate("sessionStorage.getItem('graft-refresh')");
        button(one, "Sign out").click();
        assertThat(button(other, "Sign in")).isVisible();
        assertThat(other.locator(".version")).hasCount(0);
        assertThat(button(one, "Sign in")).isVisible();
        assertEquals(gateway.url() + "/", one.url());
        for (Page page : List.of(one, other)) {
            Served.until(() -> page.evaluate("sessionStorage.length").equals(0));
        }
        String body = "grant_type=refresh_token&client_id=page&refresh_token=" + refresh;
        Served.until(() -> post(login.domain() + "/oauth2/token", body) == 400);
    }

    @Test
    void tokensAreRefusedForTheirSignatureIssuerClientTimeAndScope() throws IOException {
        assertEquals(200, status("GET", "/", null), "the shell");
        assertEquals(401, status("GET", "/status", null));
        assertEquals(200, status("GET", "/status", token(Map.of())));
        assertEquals(401, status("GET", "/status", token(Map.of("client_id", "other"))));
        assertEquals(401, status("GET", "/status", token(Map.of("iss", "https://evil.example"))));
        String valid = token(Map.of());
        assertEquals(401, status("GET", "/status", valid.substring(0, valid.length() - 8)));
        var over = login.mock().issueToken("oauth2", "7f", "page", claims(Map.of()), -120);
        assertEquals(401, status("GET", "/status", over.serialize()));
        String read = token(Map.of("scope", "graft/read"));
        assertEquals(200, status("GET", "/images", read));
        assertEquals(403, status("DELETE", "/images?key=images/none.jpg", read));
        String till = token(Map.of("scope", "graft/classify"));
        assertEquals(403, status("GET", "/images", till));
        assertEquals(400, status("POST", "/classify", till), "an empty image");
        assertEquals(403, status("GET", "/status", token(Map.of("scope", "openid email"))));
    }

    @Test
    void theLinesOfProgramsClassify(@TempDir Path folder) throws Exception {
        Files.copy(BrowserFixture.SAMPLES.resolve("gear/09.jpg"), folder.resolve("photo.jpg"));
        Page here = context.newPage();
        here.navigate(served.endpoint().url() + "/#use");
        Map<String, String> secret =
                Map.of("GRAFT_CLIENT_ID", LoginServer.PROGRAMS, "GRAFT_CLIENT_SECRET", "+s/3=");
        for (Page page : List.of(here, signedIn("use"))) {
            assertThat(page.locator("details:has(pre)")).hasCount(4);
            ProgramLines.run(page, folder, secret)
                    .forEach((language, text) -> assertTrue(text.contains("gear"), text));
        }
    }

    /** Another browser, in which nobody is signed in. */
    @Test
    void aLinkLetsOthersClassifyUntilItIsWithdrawn() {
        Page page = signedIn("use");
        page.getByLabel("What for").fill("till in Berlin");
        page.getByLabel("Most pictures a day").fill("1");
        button(page, "Make a link").click();
        String link = page.locator("code", containing("#share=")).textContent();
        Path gear = BrowserFixture.SAMPLES.resolve("gear/09.jpg");
        try (BrowserContext others = browser.newContext()) {
            Page shared = others.newPage();
            shared.navigate(link);
            assertThat(shared.getByText("till in Berlin: tells 2 classes apart")).isVisible();
            assertThat(shared.locator("nav")).isHidden();
            shared.locator("input[type=file]").setInputFiles(gear);
            assertThat(shared.locator(".verdict")).hasText("gear");
            assertThat(button(shared, "Keep")).hasCount(0);
            shared.locator("input[type=file]").setInputFiles(gear);
            assertThat(shared.locator(".problem")).containsText("midnight UTC");
            page.reload();
            assertThat(page.locator("td").getByText("1 of 1")).isVisible();
            assertThat(page.locator("tbody tr")).containsText(LoginServer.EMAIL);
            button(page, "Withdraw till in Berlin").click();
            page.locator("dialog").getByText("Withdraw", exactly()).click();
            assertThat(page.locator("tbody tr")).hasCount(0);
            shared.reload();
            assertThat(shared.locator(".problem")).containsText("was withdrawn");
        }
    }

    private static Page.LocatorOptions containing(String text) {
        return new Page.LocatorOptions().setHasText(text);
    }

    private static Map<String, Object> claims(Map<String, String> other) {
        Map<String, Object> claims = new HashMap<>();
        claims.put("client_id", "page");
        claims.put("scope", "graft/read graft/write");
        claims.putAll(other);
        return claims;
    }

    private static String token(Map<String, String> other) {
        String audience = other.getOrDefault("client_id", "");
        return login.mock().issueToken("oauth2", "7f", audience, claims(other)).serialize();
    }

    private static int status(String method, String target, String token) {
        var request =
                HttpRequest.newBuilder(URI.create(gateway.url() + target))
                        .method(method, HttpRequest.BodyPublishers.noBody());
        if (token != null) {
            request.header("authorization", "Bearer " + token);
        }
        return send(request.build());
    }

    private static int post(String url, String form) {
        return send(
                HttpRequest.newBuilder(URI.create(url))
                        .header("content-type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build());
    }

    private static int send(HttpRequest request) {
        try (var client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(9)).build()) {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
