package dev.graft.importer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Counts what became of the pictures of a source, for people. */
final class Tally {
    private static final int NAMED = 10;

    private int pictures;
    private int before;
    private boolean several;
    private int unlabelled;
    private final Map<String, Integer> byClass = new TreeMap<>();
    private final Map<String, List<String>> sections = new LinkedHashMap<>();
    private final List<String> failed = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private static final String DUPLICATES = "have the same bytes and labels as another";
    private static final String CONFLICTS =
            "have the same bytes as another and other labels; both are there, decide on the page";
    private static final String UNREADABLE =
            "are unreadable, or have no name that a folder may have";
    private static final String RELABELLED =
            "have other labels in the source than when they were imported; they stay as they are here";
    private static final String LEFT_OUT = "could not be mapped";

    /** A picture whose outcome is known now. */
    void outcome(Outcome outcome) {
        switch (outcome.kind()) {
            case IMPORTED -> imported(outcome);
            case DUPLICATE -> section(DUPLICATES, outcome.from() + " = " + outcome.file());
            case UNREADABLE -> section(UNREADABLE, outcome.from() + ": " + outcome.problem());
        }
    }

    private void imported(Outcome outcome) {
        pictures++;
        several |= outcome.labels().size() > 1;
        unlabelled += outcome.labels().isEmpty() ? 1 : 0;
        outcome.labels().forEach(label -> byClass.merge(label, 1, Integer::sum));
    }

    /** Likewise one that an earlier start imported. */
    void known(Outcome outcome, List<String> labels) {
        before += outcome.kind() == Outcome.Kind.IMPORTED ? 1 : 0;
        outcome(outcome);
        if (!outcome.labels().equals(labels)) {
            section(
                    RELABELLED,
                    "%s: %s, was %s".formatted(outcome.from(), labels, outcome.labels()));
        }
    }

    void conflict(Outcome one, Outcome other) {
        section(
                CONFLICTS,
                "%s %s = %s %s".formatted(one.file(), one.labels(), other.file(), other.labels()));
    }

    void leftOut(LeftOut one) {
        section(LEFT_OUT, one.what() + ": " + one.why());
    }

    void note(String sentence) {
        notes.add(sentence);
    }

    void failed(String from, String why) {
        failed.add(from + ": " + why);
    }

    private void section(String what, String line) {
        sections.computeIfAbsent(what, none -> new ArrayList<>()).add(line);
    }

    boolean several() {
        return several;
    }

    int pictures() {
        return pictures;
    }

    /** Whether all that could be imported was. */
    boolean isComplete() {
        return failed.isEmpty();
    }

    /**
     * All of it, a line each.
     *
     * @param renamed folders by label
     * @param named how many of each list
     */
    List<String> lines(Map<String, String> renamed, int named) {
        List<String> lines = new ArrayList<>();
        lines.add(
                text("%,d pictures are imported, %,d of them by earlier starts", pictures, before));
        byClass.forEach((label, count) -> lines.add(text("  %,7d  %s", count, label)));
        if (unlabelled > 0) {
            lines.add(text("  %,7d  (unlabelled)", unlabelled));
        }
        renamed.forEach(
                (label, folder) ->
                        lines.add(
                                "the class '%s' is in the folder %s, as no folder can have its name"
                                        .formatted(label, folder)));
        lines.addAll(notes);
        sections.forEach((what, all) -> list(text("%,d %s:", all.size(), what), all, named, lines));
        if (!failed.isEmpty()) {
            String told = "%,d could not be fetched; start again to try them once more:";
            list(text(told, failed.size()), failed, named, lines);
        }
        return lines;
    }

    /** The same for a terminal. */
    List<String> summary(Map<String, String> renamed) {
        return lines(renamed, NAMED);
    }

    private static void list(String heading, List<String> all, int named, List<String> to) {
        to.add(heading);
        all.stream().limit(named).forEach(line -> to.add("  " + line));
        if (all.size() > named) {
            to.add(text("  and %,d more", all.size() - named));
        }
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
