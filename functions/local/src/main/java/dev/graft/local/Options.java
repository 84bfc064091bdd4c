package dev.graft.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the user asked for.
 *
 * @param images folder to upload: one subfolder per class, pictures at the top are unlabelled
 * @param serve whether to go on answering requests after the report
 * @param port of the HTTP server, 0 for any free one
 * @param data folder that keeps everything between runs, see {@link DefaultData}; empty for memory
 * @param backbone see {@link dev.graft.backbone.Backbones#resolve}
 * @param report where the figures go as JSON
 * @param labelsPerImage one or several
 * @param answerDays for how many days answers are kept, 0 for not at all
 * @param answerPictures whether with the pictures that were sent along
 * @param verify whether to train the head in use again and compare
 * @param remove whether most of what came from the folder may be removed, see {@link Removal}
 * @param lan whether phones of the local network may come in, too
 */
record Options(
        Optional<Path> images,
        boolean serve,
        int port,
        Optional<Path> data,
        String backbone,
        Optional<Path> report,
        String labelsPerImage,
        int answerDays,
        boolean answerPictures,
        boolean verify,
        boolean remove,
        boolean lan) {
    private static final int MOST_DAYS = 365;

    /**
     * Reads them.
     *
     * @param environment see {@link DefaultData#environment}
     * @throws IllegalArgumentException with what was expected, if one is wrong
     */
    static Options parse(Syntax syntax, String[] args, Map<String, String> environment) {
        Given given = new Given(syntax, syntax.read(args));
        Optional<Path> own = given.text(Option.IMAGES).map(Options::path);
        Optional<Path> data = given.text(Option.DATA).map(Options::path);
        Optional<Path> images =
                data.isPresent() ? own : own.or(() -> Optional.of(syntax.samples()));
        images.filter(folder -> !Files.isDirectory(folder))
                .ifPresent(
                        folder -> {
                            throw given.wrong(
                                    Option.IMAGES, folder.toString(), "a folder that is there");
                        });
        boolean serve = given.flag(Option.SERVE, "true");
        boolean lan = given.flag(Option.LAN, "false");
        if (lan && !serve) {
            throw given.wrong(Option.LAN, "true", "that it goes on serving");
        }
        return new Options(
                images,
                serve,
                given.port(),
                data.or(() -> own.flatMap(folder -> kept(folder, environment))),
                given.text(Option.BACKBONE).map(Options::atHome).orElse(""),
                given.text(Option.REPORT).map(Options::path),
                given.oneOf(Option.LABELS_PER_IMAGE, "one", List.of("one", "several")),
                given.answerDays(),
                given.flag(Option.ANSWER_PICTURES, "false"),
                given.flag(Option.VERIFY, "false"),
                given.flag(Option.REMOVE, "false"),
                lan);
    }

    /** What is done where much is gone from the folder. */
    Removal removal() {
        return remove ? Removal.CONFIRMED : Removal.ASK;
    }

    /** The options that were given, as text. */
    private record Given(Syntax syntax, Map<Option, String> values) {
        Optional<String> text(Option option) {
            return Optional.ofNullable(values.get(option)).filter(value -> !value.isBlank());
        }

        int port() {
            String port = text(Option.PORT).orElse("8080");
            if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
                throw wrong(Option.PORT, port, "a number from 0 to 65535");
            }
            return Integer.parseInt(port);
        }

        int answerDays() {
            String days = text(Option.ANSWER_DAYS).orElse("0");
            if (!days.matches("[0-9]{1,3}") || Integer.parseInt(days) > MOST_DAYS) {
                throw wrong(Option.ANSWER_DAYS, days, "a number from 0 to " + MOST_DAYS);
            }
            return Integer.parseInt(days);
        }

        boolean flag(Option option, String otherwise) {
            return oneOf(option, otherwise, List.of("true", "false")).equals("true");
        }

        String oneOf(Option option, String otherwise, List<String> words) {
            String word = text(option).orElse(otherwise);
            if (!words.contains(word)) {
                throw wrong(option, word, String.join(" or ", words));
            }
            return word;
        }

        IllegalArgumentException wrong(Option option, String value, String expected) {
            return new IllegalArgumentException(
                    "%s: expected %s%s"
                            .formatted(syntax.written(option, value), expected, syntax.remedy()));
        }
    }

    private static Optional<Path> kept(Path images, Map<String, String> environment) {
        Path home = Path.of(System.getProperty("user.home"));
        return DefaultData.of(images, environment, System.getProperty("os.name"), home);
    }

    /** What it begins with, for the terminal. */
    String from() {
        return images.map(folder -> " with the pictures in " + folder).orElse("")
                + data.map(folder -> ", and keeps everything in " + folder)
                        .map(text -> text + " (delete that folder to start afresh)")
                        .orElse("");
    }

    private static Path path(String text) {
        return Path.of(atHome(text));
    }

    /**
     * A path whose first name may be ~, which a shell leaves as it is in -Dname=~/folder and in
     * --name=~/folder.
     */
    static String atHome(String text) {
        boolean atHome = text.equals("~") || text.startsWith("~/") || text.startsWith("~\\");
        return atHome ? System.getProperty("user.home") + text.substring(1) : text;
    }
}
