package dev.graft.local;

import dev.graft.head.HeadCard;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The classes of a head as a table for a terminal. Few of them have their confusion matrix beside
 * them, its columns by the numbers of the rows; of many, the pairs that are mixed up most follow.
 */
final class ClassTable {
    private static final int FEW = 12; // columns of a matrix that fit a line
    private static final int PAIRS = 20;
    private static final int LONGEST_NAME = 40;

    private final HeadCard.Validated validation;
    private final List<String> names;
    private final int width;

    private ClassTable(HeadCard.Validated validation) {
        this.validation = validation;
        this.names = validation.classes().stream().map(one -> shortened(one.name())).toList();
        this.width = Math.max(5, names.stream().mapToInt(ClassTable::length).max().orElse(0));
    }

    /** Its lines. */
    static List<String> lines(HeadCard.Validated validation) {
        ClassTable table = new ClassTable(validation);
        List<String> lines = new ArrayList<>(table.rows());
        if (!table.hasMatrix()) {
            lines.addAll(table.pairs());
        }
        return lines;
    }

    private boolean hasMatrix() {
        return names.size() <= FEW;
    }

    private List<String> rows() {
        List<String> lines = new ArrayList<>();
        String head = "    " + padded("class") + " images  precision  recall";
        lines.add(hasMatrix() ? head + "   predicted as" + matrixHeader() : head);
        for (int row = 0; row < names.size(); row++) {
            HeadCard.OfClass one = validation.classes().get(row);
            String figures =
                    String.format(
                            Locale.ROOT,
                            "%3d %s %6d %9.1f%% %6.1f%%",
                            row + 1,
                            padded(names.get(row)),
                            one.images(),
                            100 * one.precision(),
                            100 * one.recall());
            lines.add(hasMatrix() ? figures + cells(row) : figures);
        }
        return lines;
    }

    private String matrixHeader() {
        return IntStream.rangeClosed(1, names.size())
                .mapToObj(ClassTable::cell)
                .collect(Collectors.joining());
    }

    /** Of the images of a class, how many were predicted to be of each. */
    private String cells(int row) {
        return " ".repeat("   predicted as".length())
                + IntStream.of(validation.confusion()[row])
                        .mapToObj(ClassTable::cell)
                        .collect(Collectors.joining());
    }

    private List<String> pairs() {
        record Pair(int label, int predicted, int images) {}
        List<Pair> pairs = new ArrayList<>();
        int[][] confusion = validation.confusion();
        for (int label = 0; label < confusion.length; label++) {
            for (int predicted = 0; predicted < confusion.length; predicted++) {
                if (predicted != label && confusion[label][predicted] > 0) {
                    pairs.add(new Pair(label, predicted, confusion[label][predicted]));
                }
            }
        }
        if (pairs.isEmpty()) {
            return List.of();
        }
        pairs.sort(Comparator.comparingInt(Pair::images).reversed());
        List<String> lines = new ArrayList<>();
        Collections.addAll(
                lines,
                "",
                "    " + padded("class") + "    " + padded("predicted as") + " images  of all");
        for (Pair pair : pairs.subList(0, Math.min(PAIRS, pairs.size()))) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "    %s -> %s %6d %6.1f%%",
                            padded(names.get(pair.label())),
                            padded(names.get(pair.predicted())),
                            pair.images(),
                            100.0 * pair.images() / validation.support()[pair.label()]));
        }
        if (pairs.size() > PAIRS) {
            lines.add(String.format(Locale.ROOT, "    and %,d pairs more", pairs.size() - PAIRS));
        }
        return lines;
    }

    private static String cell(int value) {
        return String.format(Locale.ROOT, "%6d", value);
    }

    private String padded(String name) {
        return name + " ".repeat(Math.max(0, width - length(name)));
    }

    private static int length(String name) {
        return name.codePointCount(0, name.length());
    }

    private static String shortened(String name) {
        return length(name) <= LONGEST_NAME
                ? name
                : name.substring(0, name.offsetByCodePoints(0, LONGEST_NAME - 1)) + "…";
    }
}
