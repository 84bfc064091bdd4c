package dev.graft.local;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Options as people write them on a command line, such as {@code --port 0}; a name without a flag
 * is the folder of the pictures.
 *
 * @param home folder of the release, which has the samples
 */
record CommandLine(Path home) implements Syntax {
    private static final String HELP = "--help";
    private static final String VERSION = "--version";

    /** The first word, for {@link Option#IMPORT}. */
    private static final String IMPORT = "import";

    /** What only asks for information, and needs nothing started: its answer. */
    static Optional<String> information(String... arguments) {
        List<String> given = List.of(arguments);
        if (given.contains(HELP) || given.contains("-h")) {
            return Optional.of(help());
        }
        return given.contains(VERSION) ? Optional.of(Version.text()) : Optional.empty();
    }

    @Override
    public Map<Option, String> read(String... arguments) {
        Map<Option, String> values = new EnumMap<>(Option.class);
        boolean imports = arguments.length > 0 && arguments[0].equals(IMPORT);
        if (imports && (arguments.length == 1 || arguments[1].startsWith("-"))) {
            throw new IllegalArgumentException(
                    "import lacks its source: expected graft import SOURCE --into FOLDER");
        }
        if (imports) {
            put(values, Option.IMPORT, arguments[1]);
        }
        for (int i = imports ? 2 : 0; i < arguments.length; i++) {
            String argument = arguments[i];
            if (!argument.startsWith("-")) {
                put(values, Option.IMAGES, argument);
                continue;
            }
            int equals = argument.indexOf('=');
            String flag = equals < 0 ? argument : argument.substring(0, equals);
            Option option = Option.ofFlag(flag).orElseThrow(() -> unknown(flag));
            if (option.alone().isPresent()) {
                if (equals >= 0) {
                    throw new IllegalArgumentException(
                            "%s takes no value: expected %s alone".formatted(argument, flag));
                }
                put(values, option, option.alone().get());
            } else if (equals >= 0) {
                put(values, option, argument.substring(equals + 1));
            } else {
                boolean follows = i + 1 < arguments.length && !arguments[i + 1].startsWith("--");
                put(values, option, follows ? arguments[++i] : "");
            }
        }
        return values;
    }

    private static void put(Map<Option, String> values, Option option, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(
                    "%s lacks its value: expected %s %s"
                            .formatted(option.flag(), option.flag(), option.example()));
        }
        String before = values.put(option, value);
        if (before != null) {
            throw new IllegalArgumentException(
                    option == Option.IMAGES
                            ? "two folders of pictures, %s and %s: expected one, in quotes if its name has spaces"
                                    .formatted(before, value)
                            : "%s is given twice: expected it once".formatted(option.flag()));
        }
    }

    private static IllegalArgumentException unknown(String flag) {
        String known =
                Arrays.stream(Option.values()).map(Option::flag).collect(Collectors.joining(", "));
        return new IllegalArgumentException(
                "unknown option %s: expected one of %s, %s, %s"
                        .formatted(flag, known, HELP, VERSION));
    }

    @Override
    public String written(Option option, String value) {
        return option.flag() + " " + value;
    }

    @Override
    public String remedy() {
        return "";
    }

    @Override
    public Path samples() {
        return home.resolve("samples");
    }

    private static String help() {
        String options =
                Arrays.stream(Option.values())
                        .map(option -> line(written(option), option.meaning()))
                        .collect(Collectors.joining("\n"));
        return """
               Teaches an image classifier with your pictures, and classifies with it.

               graft [FOLDER] [options]    FOLDER: as --images; the bundled samples if nothing is given
               graft import SOURCE --into FOLDER

               %s
               %s
               %s

               Ends with status 0 if a head is in use, 1 if none is, and 2 with a sentence if it could not run."""
                .formatted(
                        options,
                        line(HELP, "this text"),
                        line(VERSION, "the version of Graft and of Java"));
    }

    private static String written(Option option) {
        return option.flag() + (option.alone().isPresent() ? "" : " " + option.example());
    }

    private static String line(String option, String meaning) {
        return "  %-28s%s".formatted(option, meaning);
    }
}
