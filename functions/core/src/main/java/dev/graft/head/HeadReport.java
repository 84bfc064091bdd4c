package dev.graft.head;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code report.html}: the figures of a {@code head.json} for people, in one file without scripts,
 * for light and dark, phone and desktop. Pictures are asked for at {@code GET /images/content} of
 * the API that shows the page under {@code /heads/<version>/report}; elsewhere their keys stand.
 */
public final class HeadReport {
    private static final int WORST = 20;
    private static final int CHART = 300;
    private static final String PROVENANCE =
            "created backboneName backbone snapshot activation strength classWeights settings seed codeVersion";

    private static final String START = start();

    private final JsonNode json;
    private final JsonNode validation;
    private final List<String> classes = new ArrayList<>();
    private final boolean several;
    private final StringBuilder page = new StringBuilder();

    private HeadReport(JsonNode json) {
        this.json = json;
        this.validation = json.path("validation");
        this.several = HeadFiles.activation(json) == Activation.SIGMOID;
        json.path("classes").forEach(name -> classes.add(name.asText()));
    }

    /**
     * Writes the page; the same description gives the same bytes.
     *
     * @param json contents of {@code head.json}
     */
    public static byte[] write(JsonNode json) {
        HeadReport report = new HeadReport(json);
        report.summary();
        report.classTable();
        report.confusion();
        report.doctor();
        report.calibration();
        report.curves();
        report.decision();
        report.tried();
        report.provenance();
        return report.page.append("</body></html>\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String start() {
        try (InputStream file = HeadReport.class.getResourceAsStream("report-start.html")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(String format, Object... values) {
        page.append(String.format(Locale.ROOT, format, values));
    }

    private void summary() {
        String title = "Head " + text(json.path("version").asText());
        page.append(START.replace("TITLE", title));
        add("<h1>%s</h1>", title);
        JsonNode interval = validation.path("accuracyInterval");
        int images = validation.path("images").asInt();
        add("<p class=\"big\">%s</p>", percent(validation.path("accuracy")));
        add(
                "<p>of the answers were right%s on %,d images, each asked of a copy of this head that",
                several ? ", every label of an image and no other," : "", images);
        add(
                " had not seen it. On more images like these, expect between %s and %s.</p>",
                percent(interval.path(0)), percent(interval.path(1)));
        if (json.has("cutShort")) {
            add("<p><b>This training was %s.</b></p>", text(json.path("cutShort").asText()));
        }
        int alike = validation.path("lookAlikes").asInt();
        JsonNode usual = validation.path("asUsuallyMeasured");
        add(
                "<p>%d of the images look nearly like another one. They were kept on one side, so that",
                alike);
        add(" recognizing a picture does not count as understanding it.");
        if (usual.isObject()) {
            add(
                    " As usually measured, with look-alikes on both sides, the figure is %s.",
                    percent(usual.path("accuracy")));
        }
        add("</p>");
        add(
                "<p class=\"soft\">Macro-F1 %.3f: the classes' F1 on average, a small class counting as",
                validation.path("macroF1").asDouble());
        add(
                " much as a large one. Log loss %.3f nats: how surprised the head is by the truth; 0 is",
                validation.path("logLoss").asDouble());
        add(
                " never, guessing evenly is %.3f.</p>",
                several ? classes.size() * Math.log(2) : Math.log(classes.size()));
        if (!json.path("leftOut").isEmpty()) {
            add(
                    "<p>Left out, as they have too few images: %s.</p>",
                    text(json.path("leftOut").toString().replace("\"", "").replace(":", " ")));
        }
    }

    private void classTable() {
        add(
                "<h2>Classes</h2><p>Precision: of the answers \"this class\", how many were right. Recall:");
        add(" of its images, how many were found. F1 is low where either is.</p>");
        add("<div class=\"wide\"><table><tr><th>class<th>images<th>precision<th>recall<th>F1</tr>");
        for (JsonNode one : validation.path("classes")) {
            add(
                    "<tr><td>%s<td>%d<td>%s<td>%s<td>%.2f</tr>",
                    text(one.path("name").asText()),
                    one.path("images").asInt(),
                    percent(one.path("precision")),
                    percent(one.path("recall")),
                    one.path("f1").asDouble());
        }
        add("</table></div>");
    }

    private void confusion() {
        add(
                "<h2>What is taken for what</h2><p>A row is what the images are, a column what the head");
        add(
                " answered. Numbers beside the diagonal are mistakes: choose one to see some of them.%s</p>",
                several
                        ? " Where an image has several labels, those found stand on the diagonal, and each"
                                + " missed one in the column of each wrong one; those missed without a wrong"
                                + " one are listed below."
                        : "");
        add("<div class=\"wide\"><table class=\"map\"><tr><th>");
        classes.forEach(name -> add("<th>%s", text(name)));
        for (int row = 0; row < classes.size(); row++) {
            add("<tr><th>%s", text(classes.get(row)));
            JsonNode cells = validation.path("confusion").path(row);
            int all = validation.path("support").path(row).asInt();
            for (int column = 0; column < classes.size(); column++) {
                int count = cells.path(column).asInt();
                add(
                        "<td style=\"background: rgb(var(--%s) / %.2f)\">",
                        row == column ? "hit" : "miss", 0.85 * count / Math.max(1, all));
                boolean mistake = row != column && count > 0;
                add(mistake ? "<a href=\"#m%d-%d\">%d</a>" : "%3$d", row, column, count);
            }
        }
        add("</table></div>");
        for (JsonNode cell : validation.path("mistakes")) {
            String label = cell.path("label").asText();
            String answer = cell.path("answer").asText();
            add(
                    "<details><summary>%d %s</summary><ul id=\"m%d-%d\" class=\"pictures\">",
                    cell.path("images").asInt(),
                    mistake(text(label), text(answer)),
                    classes.indexOf(label),
                    classes.indexOf(answer));
            cell.path("keys").forEach(key -> picture(key.asText(), ""));
            add("</ul></details>");
        }
    }

    private static String mistake(String label, String answer) {
        if (label.isEmpty()) {
            return "said to have " + answer + " too";
        }
        return "of " + label + (answer.isEmpty() ? " missed" : " taken for " + answer);
    }

    private void picture(String key, String caption) {
        String query = URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
        add("<li><a href=\"../../images/content?key=%s\"><img loading=\"lazy\" alt=\"\"", query);
        add(
                " src=\"../../images/content?key=%s\">%s</a>%s</li>",
                query, text(key.replaceFirst("^images/", "")), caption);
    }

    private void doctor() {
        JsonNode doctor = validation.path("labelDoctor");
        add(
                "<h2>Labels to look at</h2><p>%d labels are doubtful: the head, not having seen the image,",
                doctor.path("suspects").asInt());
        add(
                " is surer of another class than it usually is of that class. The surest first; it may");
        add(" be the label that is wrong, or an image that shows both.</p><ul class=\"pictures\">");
        int shown = 0;
        for (JsonNode suspect : doctor.path("first")) {
            if (shown++ < WORST) {
                picture(
                        suspect.path("key").asText(),
                        "<br>labelled %s, looks like <b>%s</b>"
                                .formatted(
                                        text(suspect.path("label").asText()),
                                        text(suspect.path("suggestion").asText())));
            }
        }
        add("</ul>");
    }

    private void calibration() {
        JsonNode calibration = validation.path("calibration");
        double temperature = calibration.path("temperature").asDouble();
        add(
                "<h2>Can its confidence be believed?</h2><p>Said and true confidence were %s apart on",
                percent(calibration.path("errorBefore")));
        add(
                " average. The head was too %s of itself, so its scores are divided by %.2f; after that",
                temperature > 1 ? "sure" : "unsure", temperature);
        add(
                " they are %s apart (each fold corrected by what the others say). This correction is in",
                percent(calibration.path("errorAfter")));
        add(
                " the probabilities you get.</p><figure><svg viewBox=\"-34 -8 %d %d\" role=\"img\"",
                CHART + 48, CHART + 48);
        add(
                " aria-label=\"reliability diagram\"><path class=\"axis\" fill=\"none\" d=\"M0 0V%1$dH%1$d\"/>",
                CHART);
        add("<path class=\"axis\" d=\"M0 %1$dL%1$d 0\"/>", CHART);
        bins(calibration.path("before"), "other");
        bins(calibration.path("after"), "curve");
        add(
                "<text x=\"%d\" y=\"%d\">confidence 100 %%</text><text x=\"-4\" y=\"%d\">0</text>",
                CHART - 90, CHART + 18, CHART + 18);
        add(
                "<text x=\"4\" y=\"6\">right 100 %%</text></svg><figcaption>How often answers were right,");
        add(
                " by how sure they were: on the straight line, confidence can be taken at its word. Blue:");
        add(" as served. Dashed: before the correction.</figcaption></figure>");
        add(
                "<details><summary>as a table</summary><div class=\"wide\"><table><tr><th>confidence<th>right<th>images</tr>");
        for (JsonNode bin : calibration.path("after")) {
            add(
                    "<tr><td>%s<td>%s<td>%d</tr>",
                    percent(bin.path("confidence")),
                    percent(bin.path("accuracy")),
                    bin.path("images").asInt());
        }
        add("</table></div></details>");
    }

    private void bins(JsonNode bins, String style) {
        StringBuilder line = new StringBuilder();
        for (JsonNode bin : bins) {
            line.append(
                    String.format(
                            Locale.ROOT,
                            "%s%.1f %.1f",
                            line.isEmpty() ? "M" : "L",
                            CHART * bin.path("confidence").asDouble(),
                            CHART * (1 - bin.path("accuracy").asDouble())));
        }
        add("<path class=\"%s\" d=\"%s\"/>", style, line);
    }

    private void curves() {
        if (!validation.path("classes").path(0).has("learningCurve")) {
            return;
        }
        add(
                "<h2>What more images would bring</h2><p>F1 of each class when a quarter, half and all of");
        add(
                " the images were learned from, carried on to twice as many of every class. A rough guide,");
        add(" rougher still below some 50 images.</p><div class=\"curves\">");
        for (JsonNode one : validation.path("classes")) {
            JsonNode curve = one.path("learningCurve");
            double now = one.path("f1").asDouble();
            double gain = curve.path("gain").asDouble();
            add(
                    "<figure><h3>%s</h3><svg viewBox=\"-4 -6 240 126\" role=\"img\" aria-label=\"learning curve\">",
                    text(one.path("name").asText()));
            add("<path class=\"axis\" fill=\"none\" d=\"M0 0V100H230\"/>");
            StringBuilder line = new StringBuilder();
            for (int s = 0; s < curve.path("f1").size(); s++) {
                double x = 25 << s;
                double y = 100 * (1 - curve.path("f1").path(s).asDouble());
                line.append(String.format(Locale.ROOT, "%s%.1f %.1f", s == 0 ? "M" : "L", x, y));
                add(
                        "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/><text x=\"%.1f\" y=\"115\">%d</text>",
                        x, y, x - 8, curve.path("images").path(s).asInt());
            }
            add(
                    "<path class=\"curve\" d=\"%s\"/><path class=\"other\" d=\"M100 %.1fL200 %.1f\"/>",
                    line, 100 * (1 - now), 100 * (1 - now - gain));
            add(
                    "<text x=\"188\" y=\"115\">%d</text></svg><figcaption>%s</figcaption></figure>",
                    2 * curve.path("moreImages").asInt(),
                    gain < 0.005
                            ? "more images alone promise next to nothing"
                            : "%d more images would bring about %.0f point%s"
                                    .formatted(
                                            curve.path("moreImages").asInt(),
                                            100 * gain,
                                            Math.round(100 * gain) == 1 ? "" : "s"));
        }
        add("</div>");
    }

    private void decision() {
        JsonNode decision = json.path("decision");
        add(
                "<h2>Against the head before</h2><p>%s.</p>",
                text(capital(decision.path("reason").asText())));
        JsonNode preview = decision.path("preview");
        if (preview.isObject()) {
            add(
                    "<p>Of %,d stored images, %,d get another answer than from the head before.</p><ul class=\"pictures\">",
                    preview.path("images").asInt(), preview.path("changed").asInt());
            int shown = 0;
            for (JsonNode change : preview.path("first")) {
                if (shown++ < WORST) {
                    picture(
                            change.path("key").asText(),
                            "<br>%s → <b>%s</b>"
                                    .formatted(
                                            text(change.path("from").asText()),
                                            text(change.path("to").asText())));
                }
            }
            add("</ul>");
        }
    }

    private void tried() {
        add(
                "<h2>What was tried</h2><p>Strengths of L2 until the log loss rose: the most accurate within");
        add(" 2 %% of the least log loss is taken. Then class weights at that strength,");
        add(" taken if macro-F1 gains half a point and accuracy loses nothing. All on");
        add(" images not seen.</p><div class=\"wide\"><table>");
        add("<tr><th>strength<th>class weights<th>log loss<th>accuracy<th>macro-F1</tr>");
        for (JsonNode one : json.path("tried")) {
            add(
                    "<tr><td>%s<td>%s<td>%.4f<td>%s<td>%.3f</tr>",
                    one.path("strength").asText(),
                    text(one.path("classWeights").asText()),
                    one.path("logLoss").asDouble(),
                    percent(one.path("accuracy")),
                    one.path("macroF1").asDouble());
        }
        add("</table></div>");
    }

    private void provenance() {
        add("<h2>Where it comes from</h2><div class=\"wide\"><table>");
        for (String field : PROVENANCE.split(" ")) {
            JsonNode value = json.path(field);
            add(
                    "<tr><td>%s<td>%s</tr>",
                    field, text(value.isTextual() ? value.asText() : value.toString()));
        }
        add("</table></div><p class=\"soft\">The snapshot is a hash of keys, labels, features and");
        add(
                " settings: trained again from the same, the head comes out byte for byte the same.</p>");
    }

    private static String capital(String sentence) {
        return sentence.isEmpty()
                ? ""
                : Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
    }

    private static String percent(JsonNode share) {
        return percent(share.asDouble());
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String text(String value) {
        return value.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
