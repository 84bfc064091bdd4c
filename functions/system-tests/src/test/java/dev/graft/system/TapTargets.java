package dev.graft.system;

import com.microsoft.playwright.Page;
import java.util.List;

/**
 * What a thumb misses: whatever can be pressed has 44 x 44 pixels (WCAG 2.2, 2.5.5), and in dense
 * lists 24 x 24 (2.5.8). Links in the flow of a text are left out, as there.
 */
final class TapTargets {
    private static final String TOO_SMALL =
            """
            () => {
              const dense = '.tiles, .filters, .thumbs, .pairs, .bars, .suspects, table';
              const root = document.querySelector('dialog[open]') || document.body;
              const holds = element => !element.matches('label') || element.contains(element.control);
              const isInside = element => element.matches('input') && element.closest('label');
              const faults = new Set();
              for (const element of root.querySelectorAll('a[href], button, input, select, summary, label')) {
                if (!element.checkVisibility() || element.matches('.skip, .hidden') || !holds(element) || isInside(element)) continue;
                if (getComputedStyle(element).display === 'inline') continue;
                const {width, height} = element.getBoundingClientRect();
                const least = element.closest(dense) ? 24 : 44;
                if (Math.min(width, height) < least - 0.5) {
                  faults.add(`${element.localName}.${element.className} ${JSON.stringify(element.textContent.slice(0, 30))}`
                    + ` has ${Math.round(width)} x ${Math.round(height)} pixels`);
                }
              }
              return [...faults];
            }
            """;

    private TapTargets() {}

    /** One line for each, as the page is now. */
    static List<?> tooSmall(Page page) {
        return (List<?>) page.evaluate(TOO_SMALL);
    }
}
