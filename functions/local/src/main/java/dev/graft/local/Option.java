package dev.graft.local;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Every option of the product on one machine, in the order of the help. This is where one is
 * defined: both ways to write them, the checks of their names and the help are made from here.
 */
enum Option {
    IMAGES(
            "images",
            "FOLDER",
            "your pictures: one subfolder per class, those at the top unlabelled"),
    SERVE("serve", "false", "end after the report"),
    PORT("port", "N", "of the HTTP server on 127.0.0.1, 0 for any free one; 8080 if not given"),
    DATA("data", "FOLDER", "where everything is kept between runs; said at the start if not given"),
    BACKBONE("backbone", "NAME", "another network: of the catalogue, or FILE.onnx"),
    REPORT("report", "FILE.json", "the figures, machine readable"),
    LABELS_PER_IMAGE(
            "labelsPerImage", "several", "labels are joined by +, as in the folder sea+sky"),
    ANSWER_DAYS("answerDays", "N", "predictions are kept for so many days, for POST /feedback"),
    ANSWER_PICTURES("answerPictures", "true", "with them the pictures that were sent along"),
    VERIFY("verify", "true", "train the head in use again and compare the bytes"),
    REMOVE("remove", "true", "of FOLDER more than half is gone for good: remove it here, too"),
    LAN("lan", "true", "open to phones on the local network, by a token shown as QR code"),
    IMPORT(
            "import",
            "SOURCE",
            "fill the folder of into with a data set of elsewhere, and end: functions/local/README.md"),
    INTO("into", "FOLDER", "with import: the folder that is written, new or of an import before");

    private final String property;
    private final String example;
    private final String meaning;

    Option(String property, String example, String meaning) {
        this.property = property;
        this.example = example;
        this.meaning = meaning;
    }

    /** Its name for Maven, as in {@code -Dimages=FOLDER}. */
    String property() {
        return property;
    }

    /** Its name on a command line, such as {@code --labels-per-image} or {@code --no-serve}. */
    String flag() {
        String name = property.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
        return (example.equals("false") ? "--no-" : "--") + name;
    }

    /** What a value looks like. */
    String example() {
        return example;
    }

    /** What it does, for the help. */
    String meaning() {
        return meaning;
    }

    /** The value that the flag alone stands for; empty where one has to follow it. */
    Optional<String> alone() {
        return Optional.of(example).filter(word -> word.equals("true") || word.equals("false"));
    }

    /** The option of that flag. */
    static Optional<Option> ofFlag(String flag) {
        return Arrays.stream(values()).filter(option -> option.flag().equals(flag)).findFirst();
    }

    /** The option of that property. */
    static Optional<Option> ofProperty(String property) {
        return Arrays.stream(values())
                .filter(option -> option.property.equals(property))
                .findFirst();
    }
}
