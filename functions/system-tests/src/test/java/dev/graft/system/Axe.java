package dev.graft.system;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What axe-core finds on a page, light and dark, on a phone and on a desktop: violations of the
 * rules of WCAG 2.2 A and AA that a program can check, and of best practices.
 */
final class Axe {
    private static final List<ColorScheme> SCHEMES = List.of(ColorScheme.LIGHT, ColorScheme.DARK);
    private static final int[] WIDTHS = {390, 1280};
    private static final int HEIGHT = 900;

    private static final String VIOLATIONS =
            """
            async () => {
              const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
              const {violations} = await axe.run(document, {runOnly: tags, resultTypes: ['violations']});
              return violations.flatMap(({id, nodes}) => nodes.map(({target, failureSummary}) =>
                `${id}: ${target.join(' ')}: ${failureSummary.replaceAll(/\\s+/g, ' ')}`));
            }
            """;

    private Axe() {}

    /** One line for each violation in each colour scheme and width. */
    static List<String> violations(Page page) {
        List<String> found = new ArrayList<>();
        page.evaluate(script()); // not as an element, which the policy of the page would refuse
        for (ColorScheme scheme : SCHEMES) {
            var media = new Page.EmulateMediaOptions().setColorScheme(scheme);
            BrowserFixture.inRootLocale(() -> page.emulateMedia(media));
            for (int width : WIDTHS) {
                page.setViewportSize(width, HEIGHT);
                for (Object violation : (List<?>) page.evaluate(VIOLATIONS)) {
                    found.add("%s, %d pixels wide: %s".formatted(scheme, width, violation));
                }
            }
        }
        return found;
    }

    private static String script() {
        try (InputStream in = Axe.class.getResourceAsStream("/axe.min.js")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
