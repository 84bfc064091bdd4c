package dev.graft.spark;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a job is told, as {@code --name=value} each.
 *
 * @param export folder {@code data} of an export of the table in DynamoDB's JSON
 * @param out folder to write to
 * @param backbone identity of the features to learn from
 * @param set label set whose labels are learned
 * @param standardized whether each value of a feature is divided by its own deviation; else all by
 *     one number
 * @param strengths of L2 to fit, strongest first, each positive; one weighs against the mean loss
 * @param sample about how many images are held out for the figures; at most a fifth of all
 */
record JobOptions(
        String export,
        String out,
        String backbone,
        String set,
        boolean standardized,
        List<Double> strengths,
        int sample) {
    private static final Map<String, String> DEFAULTS =
            Map.of(
                    "set", "default",
                    "scaling", "common",
                    "strengths", "0.01,0.003,0.001,0.0003",
                    "sample", "100000");
    private static final Set<String> NEEDED = Set.of("export", "out", "backbone");

    /**
     * Reads arguments.
     *
     * @throws IllegalArgumentException if one is missing, unknown or wrong; it says which
     */
    static JobOptions of(String... arguments) {
        Map<String, String> given = new LinkedHashMap<>(DEFAULTS);
        for (String argument : arguments) {
            String[] parts = argument.split("=", 2);
            String name = parts[0].replaceFirst("^--", "");
            if (parts.length < 2 || !(NEEDED.contains(name) || DEFAULTS.containsKey(name))) {
                throw new IllegalArgumentException(
                        "argument %s, expected --export=, --out= and --backbone=, and --set=, --scaling=, --strengths= or --sample="
                                .formatted(argument));
            }
            given.put(name, parts[1]);
        }
        for (String name : NEEDED) {
            if (given.getOrDefault(name, "").isBlank()) {
                throw new IllegalArgumentException("--%s= is missing".formatted(name));
            }
        }
        String scaling = text(given, "scaling");
        if (!Set.of("common", "standardized").contains(scaling)) {
            throw new IllegalArgumentException(
                    "--scaling=%s, expected common or standardized".formatted(scaling));
        }
        return new JobOptions(
                text(given, "export"),
                text(given, "out"),
                text(given, "backbone"),
                text(given, "set"),
                scaling.equals("standardized"),
                strengths(text(given, "strengths")),
                sample(text(given, "sample")));
    }

    private static String text(Map<String, String> given, String name) {
        return given.getOrDefault(name, "");
    }

    private static List<Double> strengths(String text) {
        try {
            List<Double> strengths = Stream.of(text.split(",")).map(Double::valueOf).toList();
            if (strengths.stream().allMatch(s -> s > 0 && Double.isFinite(s))) {
                return strengths;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new IllegalArgumentException(
                "--strengths=%s, expected positive numbers such as 0.01,0.003".formatted(text));
    }

    private static int sample(String text) {
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException(
                    "--sample=%s, expected how many images to hold out".formatted(text));
        }
        return Integer.parseInt(text);
    }
}
