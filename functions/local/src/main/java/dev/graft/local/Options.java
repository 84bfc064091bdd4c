package dev.graft.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
 * @param verify whether to train the head in use again and compare
 * @param remove whether most of what came from the folder may be removed, see {@link Removal}
 */
record Options(
        Optional<Path> images,
        boolean serve,
        int port,
        Optional<Path> data,
        String backbone,
        Optional<Path> report,
        String labelsPerImage,
        boolean verify,
        boolean remove) {
    private static final String HELP =
            """
            options, all optional:
              -Dimages=FOLDER      your pictures: one subfolder per class, those at the top unlabelled
              -Dserve=false        end after the report
              -Dport=8080          of the HTTP server on 127.0.0.1
              -Ddata=FOLDER        where everything is kept between runs; said at the start if not given
              -Dbackbone=NAME      another network: of the catalogue, or FILE.onnx
              -Dreport=FILE.json   the figures, machine readable
              -DlabelsPerImage=several  labels are joined by +, as in the folder sea+sky
              -Dverify=true        train the head in use again and compare the bytes
              -Dremove=true        of FOLDER more than half is gone for good: remove it here, too""";

    private static final Path SAMPLES = Path.of("functions", "local", "samples");

    /** Options of Maven itself that people give beside ours, and what its plugins set. */
    private static final Pattern OTHERS =
            Pattern.compile("(maven|exec|jvm|aws|env|git[.]|style|user|java|https?|skip).*");

    /**
     * Reads them.
     *
     * @param environment see {@link DefaultData#environment}
     * @throws IllegalArgumentException with the options, if one is wrong
     */
    static Options parse(String[] args, Map<String, String> environment) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String arg : args) {
            if (arg.startsWith("-D")) {
                values.put(arg.substring(2, arg.indexOf('=')), arg.substring(arg.indexOf('=') + 1));
            }
        }
        Arrays.stream(args)
                .filter(arg -> arg.startsWith("given={"))
                .forEach(all -> refuseUnknown(all, values));
        Optional<Path> given = text(values, "images").map(Options::path);
        Optional<Path> data = text(values, "data").map(Options::path);
        Optional<Path> images = data.isPresent() ? given : given.or(() -> Optional.of(SAMPLES));
        images.filter(folder -> !Files.isDirectory(folder))
                .ifPresent(
                        folder -> {
                            throw wrong("images", folder.toString(), "a folder that is there");
                        });
        String port = text(values, "port").orElse("8080");
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
            throw wrong("port", port, "a number from 0 to 65535");
        }
        return new Options(
                images,
                flag(values, "serve", "true"),
                Integer.parseInt(port),
                data.or(() -> given.flatMap(folder -> kept(folder, environment))),
                text(values, "backbone").orElse(""),
                text(values, "report").map(Options::path),
                oneOf(values, "labelsPerImage", "one", List.of("one", "several")),
                flag(values, "verify", "false"),
                flag(values, "remove", "false"));
    }

    /** What is done where much is gone from the folder. */
    Removal removal() {
        return remove ? Removal.CONFIRMED : Removal.ASK;
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

    /** A path whose first name may be ~, which a shell leaves as it is in -Dname=~/folder. */
    private static Path path(String text) {
        boolean atHome = text.equals("~") || text.startsWith("~/");
        return Path.of(atHome ? System.getProperty("user.home") + text.substring(1) : text);
    }

    private static boolean flag(Map<String, String> values, String name, String otherwise) {
        return oneOf(values, name, otherwise, List.of("true", "false")).equals("true");
    }

    private static String oneOf(
            Map<String, String> values, String name, String otherwise, List<String> words) {
        String word = text(values, name).orElse(otherwise);
        if (!words.contains(word)) {
            throw wrong(name, word, String.join(" or ", words));
        }
        return word;
    }

    private static void refuseUnknown(String given, Map<String, String> known) {
        TreeSet<String> unknown = new TreeSet<>();
        Matcher names = Pattern.compile("(?:\\{|, )([A-Za-z][\\w.-]*)=").matcher(given);
        while (names.find()) {
            String name = names.group(1);
            if (!known.containsKey(name) && !OTHERS.matcher(name).matches()) {
                unknown.add(name);
            }
        }
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "unknown option " + String.join(", ", unknown) + "\n" + HELP);
        }
    }

    private static Optional<String> text(Map<String, String> values, String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isBlank());
    }

    private static IllegalArgumentException wrong(String name, String value, String expected) {
        return new IllegalArgumentException(
                "-D%s=%s: expected %s%n%s".formatted(name, value, expected, HELP));
    }
}
