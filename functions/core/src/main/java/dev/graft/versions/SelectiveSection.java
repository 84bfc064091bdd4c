package dev.graft.versions;

import dev.graft.head.SelectivePrediction;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** The part of a report about answering only when the head is sure. */
final class SelectiveSection {
    private static final int WIDTH = 220;
    private static final int HEIGHT = 100;

    private SelectiveSection() {}

    /**
     * As HTML; empty text where it is not known.
     *
     * @param text escapes a text
     */
    static String html(SelectivePrediction selective, UnaryOperator<String> text) {
        if (selective.curve().isEmpty()) {
            return "";
        }
        StringBuilder html = new StringBuilder();
        double lowest =
                selective.curve().stream()
                        .mapToDouble(SelectivePrediction.Point::accuracy)
                        .min()
                        .orElse(0);
        double from = Math.min(0.9, Math.floor(lowest * 10) / 10);
        StringBuilder line = new StringBuilder();
        for (SelectivePrediction.Point point : selective.curve()) {
            line.append(
                    String.format(
                            Locale.ROOT,
                            "%s%.1f %.1f",
                            line.isEmpty() ? "M" : "L",
                            WIDTH * point.share(),
                            HEIGHT * (1 - (point.accuracy() - from) / (1 - from))));
        }
        html.append(
                String.format(
                        Locale.ROOT,
                        "<h2>Answering only when sure</h2><p>Accuracy (upwards, from %.0f to 100 %%) against the share of images that get an answer, the surest first, out of fold.</p><figure><svg viewBox=\"-4 -6 240 126\" role=\"img\" aria-label=\"accuracy against share answered\"><path class=\"axis\" fill=\"none\" d=\"M0 0V100H230\"/><path class=\"curve\" d=\"%s\"/><text x=\"0\" y=\"115\">0</text><text x=\"196\" y=\"115\">100 %%</text></svg></figure>",
                        100 * from,
                        line));
        html.append(
                "<p>The lowest threshold of each class with which so many of its answers are right, and the share of its answers that is left. Chosen on the same images, so a little too good where these are few.</p><div class=\"wide\" tabindex=\"0\"><table><thead><tr><th>class</th>");
        for (int precision : SelectivePrediction.PRECISIONS) {
            html.append(String.format(Locale.ROOT, "<th>%d %% right</th>", precision));
        }
        html.append("</tr></thead><tbody>");
        for (SelectivePrediction.OfClass one : selective.classes()) {
            html.append("<tr><th>").append(text.apply(one.label())).append("</th>");
            for (SelectivePrediction.Cut cut : one.cuts()) {
                html.append(
                        cut.threshold() == null
                                ? "<td>–</td>"
                                : String.format(
                                        Locale.ROOT,
                                        "<td>%.2f (%.0f %%)</td>",
                                        cut.threshold(),
                                        100 * cut.share()));
            }
            html.append("</tr>");
        }
        return html.append("</tbody></table></div>").toString();
    }
}
