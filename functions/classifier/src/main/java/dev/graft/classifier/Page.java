package dev.graft.classifier;

import dev.graft.feature.Sha256;
import dev.graft.library.KeptAnswers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * The page for people: one HTML document with its style and script inside. The browser runs and
 * applies nothing else, because the response names both by their SHA-256 (W3C Content Security
 * Policy Level 3, section 2.3.1). The script is written as modules, see {@link ScriptBundle}. Safe
 * for use by many threads.
 */
final class Page {
    private final String html;
    private final String policy;
    private final String sources;

    /**
     * Puts the page together.
     *
     * @param link any link to the images bucket: the page may load pictures from there and send
     *     them there
     * @param answers what is kept of predictions, which the page tells
     */
    Page(URI link, KeptAnswers.Settings answers) {
        String style = resource("style.css");
        String script = ScriptBundle.of("app.js", Page::resource);
        String bucket = origin(link);
        sources = "connect-src 'self' " + bucket;
        policy =
                String.join(
                        "; ",
                        "default-src 'none'",
                        "script-src " + hash(script),
                        "style-src " + hash(style),
                        "img-src 'self' data: blob: " + bucket,
                        sources,
                        "base-uri 'none'",
                        "form-action 'none'",
                        "frame-ancestors 'none'");
        html =
                resource("index.html")
                        .replace("{{maxBodyBytes}}", "" + ClassifierHandler.MAX_BODY_BYTES)
                        .replace("{{answerDays}}", "" + answers.days())
                        .replace("{{answerPictures}}", "" + answers.pictures())
                        .replace("{{style}}", style)
                        .replace("{{script}}", script);
    }

    /** Of a report, which has style of its own and pictures of the bucket, and no script. */
    static String reportPolicy(URI link) {
        return String.join(
                "; ",
                "default-src 'none'",
                "style-src 'unsafe-inline'",
                "img-src 'self' " + origin(link),
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'");
    }

    private static String origin(URI link) {
        return link.getScheme() + "://" + link.getRawAuthority();
    }

    /** The page; where people sign in it knows where, and may ask there for its tokens. */
    Response response(Optional<Login> login) {
        String domain = login.map(Login::domain).orElse("");
        String attributes =
                login.map(
                                at ->
                                        " data-login-domain=\"%s\" data-login-client=\"%s\""
                                                .formatted(at.domain(), at.client()))
                        .orElse("");
        Map<String, String> headers =
                Map.of("content-type", "text/html; charset=utf-8", "cache-control", "no-cache");
        return new Response(200, headers, html.replace("{{login}}", attributes))
                .withPolicy(policy.replace(sources, (sources + " " + domain).strip()));
    }

    private static String hash(String text) {
        byte[] digest = Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8));
        return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    }

    private static String resource(String name) {
        return text("/page/" + name);
    }

    /** A file that ships with the function, beside this class or at the root by a slash. */
    static String text(String file) {
        try (InputStream in = Page.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("this build has no " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
