package dev.graft.versions;

import dev.graft.head.Duplicates;
import dev.graft.head.HeadCard;
import dev.graft.head.SelectivePrediction;
import dev.graft.head.Tried;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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
    private static final int MOST_IN_MAP = 60; // classes; the map grows with their square
    private static final String START = start();

    private final HeadCard card;
    private final HeadCard.Validated validation;
    private final List<String> classes;
    private final Findings findings;
    private final StringBuilder page = new StringBuilder();

    private HeadReport(HeadCard card) {
        this.card = card;
        this.validation = card.validation();
        this.classes = card.classes();
        this.findings = Findings.of(card);
    }

    /** Writes the page; the same card gives the same bytes. */
    public static byte[] write(HeadCard card) {
        HeadReport report = new HeadReport(card);
        report.summary();
        report.classTable();
        report.confusion();
        report.doctor();
        report.duplicates();
        report.calibration();
        report.selective();
        report.curves();
        report.decision();
        report.tried();
        report.provenance();
        return report.page
                .append("</main></body></html>\n")
                .toString()
                .getBytes(StandardCharsets.UTF_8);
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
        String title = "Head " + text(card.version());
        page.append(START.replace("TITLE", title));
        add("<h1>%s</h1>", title);
        add(
                "<p class=\"soft\">As of the training on %s: pictures and labels may have changed since. The page",
                text(card.created()));
        add(" shows what is doubtful now.</p>");
        add("<p class=\"big\">%s</p>", percent(validation.accuracy()));
        add("<p>%s %s</p>", findings.accuracy(), findings.interval());
        if (!card.cutShort().isEmpty()) {
            add("<p><b>This training was %s.</b></p>", text(card.cutShort()));
        }
        add("<p>%s</p>", findings.nearDuplicates());
        add(
                "<p class=\"soft\">Macro-F1 %.3f: the classes' F1 on average, a small class counting as",
                validation.macroF1());
        add(
                " much as a large one. Log loss %.3f nats: how surprised the head is by the truth; 0 is",
                validation.logLoss());
        add(" never, guessing evenly is %.3f.</p>", findings.evenLogLoss());
        for (String about : List.of(findings.leftOut(), findings.weak())) {
            if (!about.isEmpty()) {
                add("<p>%s</p>", text(about));
            }
        }
    }

    private void classTable() {
        add(
                "<h2>Classes</h2><p>Precision: of the predictions of this class, how many were right. Recall:");
        add(" of its images, how many were found. F1 is low where either is.</p>");
        add(
                "<div class=\"wide\" tabindex=\"0\"><table><tr><th>class<th>images<th>precision<th>recall<th>F1</tr>");
        for (HeadCard.OfClass one : validation.classes()) {
            add(
                    "<tr><td>%s<td>%d<td>%s<td>%s<td>%.2f</tr>",
                    text(one.name()),
                    one.images(),
                    percent(one.precision()),
                    percent(one.recall()),
                    one.f1());
        }
        add("</table></div>");
    }

    private void map() {
        add("<p>A row is what the images are, a column what the head");
        add(
                " predicted. Numbers beside the diagonal are mistakes: choose one to see some of them.%s</p>",
                findings.multiLabel()
                        ? " Where an image has several labels, those found stand on the diagonal, and each"
                                + " missed one in the column of each wrong one; those missed without a wrong"
                                + " one are listed below."
                        : "");
        add("<div class=\"wide\" tabindex=\"0\"><table class=\"map\"><tr><td>");
        classes.forEach(name -> add("<th>%s", text(name)));
        for (int row = 0; row < classes.size(); row++) {
            add("<tr><th>%s", text(classes.get(row)));
            int[] cells = validation.confusion()[row];
            int all = validation.support()[row];
            for (int column = 0; column < classes.size(); column++) {
                int count = cells[column];
                add(
                        "<td style=\"background: rgb(var(--%s) / %.2f)\">",
                        row == column ? "hit" : "miss", 0.75 * count / Math.max(1, all));
                boolean mistake = row != column && count > 0;
                add(mistake ? "<a href=\"#m%d-%d\">%d</a>" : "%3$d", row, column, count);
            }
        }
        add("</table></div>");
    }

    private void confusion() {
        add("<h2>What is taken for what</h2>");
        if (classes.size() <= MOST_IN_MAP) {
            map();
        } else {
            add("<p>The pairs of classes that are mixed up most.</p>");
        }
        for (HeadCard.Mistake cell : validation.mistakes()) {
            add(
                    "<details><summary>%d %s</summary><ul id=\"m%d-%d\" class=\"pictures\">",
                    cell.images(),
                    mistake(text(cell.label()), text(cell.predicted())),
                    classes.indexOf(cell.label()),
                    classes.indexOf(cell.predicted()));
            cell.keys().forEach(key -> picture(key, ""));
            add("</ul></details>");
        }
    }

    private static String mistake(String label, String predicted) {
        if (label.isEmpty()) {
            return "predicted to have " + predicted + " too";
        }
        return "of " + label + (predicted.isEmpty() ? " missed" : " taken for " + predicted);
    }

    private void picture(String key, String caption) {
        String query = URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
        add("<li><a href=\"../../images/content?key=%s\"><img loading=\"lazy\" alt=\"\"", query);
        add(
                " src=\"../../images/content?key=%s\">%s</a>%s</li>",
                query, text(key.replaceFirst("^images/", "")), caption);
    }

    private void doctor() {
        add("<h2>Labels to look at</h2><p>%s</p><ul class=\"pictures\">", findings.doctor());
        for (HeadCard.Suspect suspect : first(validation.labelDoctor().first())) {
            picture(
                    suspect.key(),
                    "<br>labelled %s, looks like <b>%s</b>"
                            .formatted(text(suspect.label()), text(suspect.suggestion())));
        }
        add("</ul>");
    }

    private void duplicates() {
        Duplicates duplicates = validation.duplicates();
        if (duplicates == null || duplicates.groups() == 0) {
            return;
        }
        int groups = duplicates.groups();
        add("<h2>Pictures that are there more than once</h2>");
        add("<p>%,d %s of near-duplicates", groups, groups == 1 ? "group" : "groups");
        add(", those with different labels first.</p>");
        for (List<Duplicates.Image> group : first(duplicates.first())) {
            add("<ul class=\"pictures\">");
            group.forEach(one -> picture(one.key(), "<br>" + text(one.label())));
            add("</ul>");
        }
    }

    private static <T> List<T> first(List<T> all) {
        return all.subList(0, Math.min(WORST, all.size()));
    }

    private void calibration() {
        HeadCard.Calibration calibration = validation.calibration();
        if (calibration == null) {
            return;
        }
        add("<h2>Can its confidence be believed?</h2><p>%s</p>", findings.calibration());
        add("<figure><svg viewBox=\"-34 -8 %d %d\" role=\"img\"", CHART + 48, CHART + 48);
        add(
                " aria-label=\"reliability diagram\"><path class=\"axis\" fill=\"none\" d=\"M0 0V%1$dH%1$d\"/>",
                CHART);
        add("<path class=\"axis\" d=\"M0 %1$dL%1$d 0\"/>", CHART);
        bins(calibration.before(), "other");
        bins(calibration.after(), "curve");
        add(
                "<text x=\"%d\" y=\"%d\">confidence 100 %%</text><text x=\"-4\" y=\"%d\">0</text>",
                CHART - 90, CHART + 18, CHART + 18);
        add(
                "<text x=\"4\" y=\"6\">right 100 %%</text></svg><figcaption>How often predictions were right,");
        add(
                " by how sure they were: on the straight line, confidence can be taken at its word. Blue:");
        add(" as served. Dashed: before the correction.</figcaption></figure>");
        add(
                "<details><summary>as a table</summary><div class=\"wide\" tabindex=\"0\"><table><tr><th>confidence<th>right<th>images</tr>");
        for (HeadCard.Bin bin : calibration.after()) {
            add(
                    "<tr><td>%s<td>%s<td>%d</tr>",
                    percent(bin.confidence()), percent(bin.accuracy()), bin.images());
        }
        add("</table></div></details>");
    }

    private void bins(List<HeadCard.Bin> bins, String style) {
        StringBuilder line = new StringBuilder();
        for (HeadCard.Bin bin : bins) {
            line.append(
                    String.format(
                            Locale.ROOT,
                            "%s%.1f %.1f",
                            line.isEmpty() ? "M" : "L",
                            CHART * bin.confidence(),
                            CHART * (1 - bin.accuracy())));
        }
        add("<path class=\"%s\" d=\"%s\"/>", style, line);
    }

    private void selective() {
        SelectivePrediction selective = validation.selective();
        if (selective != null) {
            page.append(SelectiveSection.html(selective, HeadReport::text));
        }
    }

    private void curves() {
        if (findings.moreImages().isEmpty()) {
            return;
        }
        add(
                "<h2>What more images would bring</h2><p>F1 of each class when a quarter, half and all of");
        add(
                " the images were learned from, carried on to twice as many of every class. A rough guide,");
        add(" rougher still below some 50 images.</p><div class=\"curves\">");
        validation.classes().forEach(this::curve);
        add("</div>");
    }

    private void curve(HeadCard.OfClass one) {
        HeadCard.LearningCurve curve = one.learningCurve();
        if (curve == null) {
            return;
        }
        add(
                "<figure><h3>%s</h3><svg viewBox=\"-4 -6 240 126\" role=\"img\" aria-label=\"learning curve\">",
                text(one.name()));
        add("<path class=\"axis\" fill=\"none\" d=\"M0 0V100H230\"/>");
        StringBuilder line = new StringBuilder();
        for (int s = 0; s < curve.f1().length; s++) {
            double x = 25 << s;
            double y = 100 * (1 - curve.f1()[s]);
            line.append(String.format(Locale.ROOT, "%s%.1f %.1f", s == 0 ? "M" : "L", x, y));
            add(
                    "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/><text x=\"%.1f\" y=\"115\">%d</text>",
                    x, y, x - 8, curve.images()[s]);
        }
        add(
                "<path class=\"curve\" d=\"%s\"/><path class=\"other\" d=\"M100 %.1fL200 %.1f\"/>",
                line, 100 * (1 - one.f1()), 100 * (1 - one.f1() - curve.gain()));
        add(
                "<text x=\"188\" y=\"115\">%d</text></svg><figcaption>%s</figcaption></figure>",
                2 * curve.moreImages(), Findings.moreImages(curve));
    }

    private void decision() {
        HeadCard.Decision decision = card.decision();
        add("<h2>Against the head before</h2><p>%s.</p>", text(capital(decision.reason())));
        networks();
        HeadCard.Preview preview = decision.preview();
        if (preview != null) {
            add(
                    "<p>Of %,d stored images, %,d get another prediction than from the head before.</p><ul class=\"pictures\">",
                    preview.images(), preview.changed());
            for (HeadCard.Change change : first(preview.first())) {
                picture(
                        change.key(),
                        "<br>%s → <b>%s</b>".formatted(text(change.from()), text(change.to())));
            }
            add("</ul>");
        }
    }

    private void networks() {
        if (findings.networks().isEmpty()) {
            return;
        }
        add("<div class=\"wide\" tabindex=\"0\"><table>");
        for (List<String> row : findings.networks()) {
            add("<tr>");
            row.forEach(cell -> add("<td>%s", text(cell)));
            add("</tr>");
        }
        add("</table></div>");
    }

    private void tried() {
        add(
                "<h2>What was tried</h2><p>Strengths of L2 until the log loss rose: the one of least log loss, or within");
        add(
                " 2 %% of it one that is a quarter of a point more accurate. Then features standardized, each value by its");
        add(
                " own deviation, taken if log loss falls by 2 %% at no loss of accuracy. Then for rare classes a prior");
        add(
                " adjustment (a share of the logarithm of its frequency is taken off the score of a class), taken if");
        add(
                " macro-F1 gains half a point for at most a quarter of a point of accuracy, within its standard error.");
        add(" All on images not seen.</p><div class=\"wide\" tabindex=\"0\"><table>");
        add(
                "<tr><th>strength<th>features<th>for rare classes<th>log loss<th>accuracy<th>macro-F1</tr>");
        for (Tried one : card.tried()) {
            add(
                    "<tr><td>%s<td>%s<td>%s<td>%.4f<td>%s<td>%.3f</tr>",
                    one.strength(),
                    text(one.features()),
                    text(Tried.forRareClasses(one.classWeights(), one.priorAdjustment())),
                    one.logLoss(),
                    percent(one.accuracy()),
                    one.macroF1());
        }
        add("</table></div>");
    }

    private void provenance() {
        add("<h2>Where it comes from</h2><div class=\"wide\" tabindex=\"0\"><table>");
        findings.provenance()
                .forEach((name, value) -> add("<tr><td>%s<td>%s</tr>", name, text(value)));
        add("</table></div><p class=\"soft\">The data hash covers keys, labels, features and");
        add(
                " settings: trained again from the same, the head comes out byte for byte the same.</p>");
    }

    private static String capital(String sentence) {
        return sentence.isEmpty()
                ? ""
                : Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
    }

    private static String percent(double share) {
        return Findings.percent(share);
    }

    private static String text(String value) {
        return value.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
