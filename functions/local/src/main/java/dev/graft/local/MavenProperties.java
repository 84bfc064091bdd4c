package dev.graft.local;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Options as properties of a Maven command, such as {@code -Dimages=FOLDER}. Maven passes each of
 * them, with an empty value where it is not given, and then all that the user set.
 */
record MavenProperties() implements Syntax {
    /** Options of Maven itself that people give beside ours, and what its plugins set. */
    private static final Pattern OTHERS =
            Pattern.compile("(maven|exec|jvm|aws|env|git[.]|style|user|java|https?|skip).*");

    private static final Pattern PROPERTY = Pattern.compile("-D([^=]+)=(.*)", Pattern.DOTALL);

    private static final Pattern GIVEN = Pattern.compile("(?:\\{|, )([A-Za-z][\\w.-]*)=");

    @Override
    public Map<Option, String> read(String... arguments) {
        Map<Option, String> values = new EnumMap<>(Option.class);
        TreeSet<String> unknown = new TreeSet<>();
        for (String argument : arguments) {
            Matcher property = PROPERTY.matcher(argument);
            if (argument.startsWith("given={")) {
                GIVEN.matcher(argument).results().map(name -> name.group(1)).forEach(unknown::add);
            } else if (property.matches()) {
                Option option = Option.ofProperty(property.group(1)).orElse(null);
                if (option == null) {
                    unknown.add(property.group(1));
                } else {
                    values.put(option, property.group(2));
                }
            } else {
                unknown.add(argument);
            }
        }
        unknown.removeIf(
                name -> Option.ofProperty(name).isPresent() || OTHERS.matcher(name).matches());
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "unknown option " + String.join(", ", unknown) + "\n" + help());
        }
        return values;
    }

    @Override
    public String written(Option option, String value) {
        return "-D" + option.property() + "=" + value;
    }

    @Override
    public String remedy() {
        return "\n" + help();
    }

    @Override
    public Path samples() {
        return Path.of("functions", "local", "samples");
    }

    private static String help() {
        return Arrays.stream(Option.values())
                .map(
                        option ->
                                "  %-25s %s"
                                        .formatted(
                                                "-D" + option.property() + "=" + option.example(),
                                                option.meaning()))
                .collect(Collectors.joining("\n", "options, all optional:\n", ""));
    }
}
