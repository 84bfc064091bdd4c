package dev.graft.local;

import dev.graft.importer.Import;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What the user asked to import. It becomes a folder of pictures, which {@code images} takes on
 * this machine and {@code aws s3 sync} takes to a stack; nothing else of the product is started.
 *
 * @param source see {@link Import}
 * @param into folder that is written
 */
record ImportCommand(String source, Path into) {

    /**
     * Reads it.
     *
     * @return empty if nothing is to be imported
     * @throws IllegalArgumentException with what was expected, if an option is wrong or missing
     */
    static Optional<ImportCommand> parse(Syntax syntax, String... arguments) {
        Map<Option, String> values = syntax.read(arguments);
        values.values().removeIf(String::isBlank);
        String source = values.get(Option.IMPORT);
        String into = values.get(Option.INTO);
        if (source == null && into == null) {
            return Optional.empty();
        }
        Set<Option> others = EnumSet.noneOf(Option.class);
        others.addAll(values.keySet());
        others.removeAll(EnumSet.of(Option.IMPORT, Option.INTO));
        if (source == null || into == null || !others.isEmpty()) {
            String found =
                    others.isEmpty()
                            ? ""
                            : ", and without "
                                    + others.stream()
                                            .map(
                                                    one ->
                                                            syntax.written(
                                                                    one,
                                                                    values.getOrDefault(one, "")))
                                            .collect(Collectors.joining(" "));
            throw new IllegalArgumentException(
                    "an import needs a source and a folder: expected %s with %s%s"
                            .formatted(
                                    syntax.written(Option.IMPORT, "SOURCE"),
                                    syntax.written(Option.INTO, "FOLDER"),
                                    found));
        }
        return Optional.of(
                new ImportCommand(Options.atHome(source), Path.of(Options.atHome(into))));
    }

    /**
     * Imports, and tells what to do next.
     *
     * @param environment has the keys of the source
     * @return the status to end with: 0 if all was fetched, 1 if a next start has to try again
     */
    int run(Syntax syntax, Map<String, String> environment, Consumer<String> told)
            throws InterruptedException {
        Import.Result result = new Import(source, into, environment, told).run();
        if (result.pictures() > 0) {
            String several = Option.LABELS_PER_IMAGE.example();
            told.accept(
                    "next, on this machine: %s%s"
                            .formatted(
                                    syntax.written(Option.IMAGES, into.toString()),
                                    result.several()
                                            ? " " + syntax.written(Option.LABELS_PER_IMAGE, several)
                                            : ""));
            told.accept(
                    "next, on a stack%s: aws s3 sync %s s3://BUCKET/images/ --exclude '.import/*'"
                            .formatted(
                                    result.several() ? " with LabelsPerImage=" + several : "",
                                    into));
        }
        return result.complete() ? 0 : 1;
    }
}
