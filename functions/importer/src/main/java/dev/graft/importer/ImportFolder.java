package dev.graft.importer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.graft.feature.Label;
import dev.graft.feature.Sha256;
import dev.graft.image.ImageDecoder;
import dev.graft.image.UnreadableImageException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The folder that pictures are imported into: one folder for each class, or for several joined by
 * +, and the unlabelled at the top. Beside these, {@code .import} has the journal and what is
 * underway. A picture is fetched under another name, noted in the journal, and moved to its place
 * in one step, so that a process may be killed at any time. What the journal names is never fetched
 * again, wherever people moved it since. No file that is there is ever replaced.
 */
final class ImportFolder implements Closeable {
    /** The folder in it that is no class: a name with a dot in front is left out by Graft. */
    static final String OWN = ".import";

    private static final int HASH = 8;
    private static final int MOST_NAME = 255;
    private static final String TOO_MANY_LABELS =
            "its labels together have more than 255 bytes, more than the name of a folder may have: give them shorter names where they come from";

    private final Path folder;
    private final Path fetched;
    private final Journal journal;
    private final Map<String, List<Outcome>> bySha256 = new HashMap<>();

    /** Paths of files, and of the folders of classes by label, in lower case. */
    private final Set<String> taken = new HashSet<>();

    private final Map<String, String> classFolders = new TreeMap<>();
    private final Map<String, String> classByFolder = new HashMap<>();

    /**
     * Opens it, and ends what a killed process began.
     *
     * @throws IllegalArgumentException if it is none that an import may write to
     */
    ImportFolder(Path folder) throws IOException {
        this.folder = folder;
        Path own = folder.resolve(OWN);
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new IllegalArgumentException(
                    folder + " is a file: expected a folder to write to");
        }
        if (Files.isDirectory(folder) && !Files.isDirectory(own) && !isEmpty(folder)) {
            throw new IllegalArgumentException(
                    "%s has files that no import wrote: expected a new or empty folder, or one of an import before"
                            .formatted(folder));
        }
        this.fetched = own.resolve("fetched");
        Files.createDirectories(fetched);
        this.journal = new Journal(own.resolve("journal.jsonl"));
        for (Outcome outcome : journal.outcomes().values()) {
            remember(outcome);
            Path file = staged(outcome.from());
            if (outcome.kind() == Outcome.Kind.IMPORTED && Files.exists(file)) {
                move(file, outcome.file());
            }
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    /** An empty folder for what an archive is unpacked to, which goes with {@link #close}. */
    Path unpacked() throws IOException {
        Path unpacked = folder.resolve(OWN).resolve("unpacked");
        delete(unpacked);
        return Files.createDirectories(unpacked);
    }

    /** What became of a picture at an earlier start. */
    Optional<Outcome> known(Picture picture) {
        return journal.find(picture.from());
    }

    /** The folder of each label whose name had to change. */
    Map<String, String> renamed() {
        Map<String, String> renamed = new TreeMap<>(classFolders);
        renamed.entrySet().removeIf(one -> one.getKey().equals(one.getValue()));
        return renamed;
    }

    /**
     * A picture that lies in the folder, under another name yet.
     *
     * @param problem why it is unreadable, else empty
     */
    record Fetched(Picture picture, String sha256, String mediaType, String problem) {}

    /** Fetches a picture unless a killed process had. Safe for use by many threads. */
    Fetched fetch(Picture picture) throws IOException, InterruptedException {
        Path file = staged(picture.from());
        try {
            byte[] bytes;
            if (Files.exists(file)) {
                bytes = Files.readAllBytes(file);
            } else {
                bytes = picture.bytes().read();
                Path part = file.resolveSibling(file.getFileName() + ".part");
                Files.write(part, bytes);
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            }
            ImageDecoder.check(bytes);
            String type = ImageDecoder.mediaType(bytes).orElse("");
            return new Fetched(picture, Sha256.of(bytes), type, "");
        } catch (UnreadableImageException e) {
            return new Fetched(picture, "", "", String.valueOf(e.getMessage()));
        }
    }

    /** Gives a picture its place. */
    Outcome place(Fetched one) throws IOException {
        Picture picture = one.picture();
        Path file = staged(picture.from());
        if (!one.problem().isEmpty()) {
            return left(outcome(picture, Outcome.Kind.UNREADABLE, "", one), file);
        }
        Optional<Outcome> same =
                same(one).stream().filter(it -> it.labels().equals(picture.labels())).findFirst();
        if (same.isPresent()) {
            return left(outcome(picture, Outcome.Kind.DUPLICATE, same.get().file(), one), file);
        }
        String folders = Label.join(picture.labels().stream().map(this::classFolder).toList());
        if (folders.getBytes(UTF_8).length > MOST_NAME) {
            Fetched unnamed = new Fetched(picture, one.sha256(), one.mediaType(), TOO_MANY_LABELS);
            return left(outcome(picture, Outcome.Kind.UNREADABLE, "", unnamed), file);
        }
        Outcome outcome = outcome(picture, Outcome.Kind.IMPORTED, path(folders, one), one);
        journal.add(outcome);
        remember(outcome);
        move(file, outcome.file());
        return outcome;
    }

    private static Outcome outcome(Picture picture, Outcome.Kind kind, String file, Fetched one) {
        return new Outcome(
                picture.from(), kind, file, one.sha256(), picture.labels(), one.problem());
    }

    private Outcome left(Outcome outcome, Path file) throws IOException {
        journal.add(outcome);
        Files.deleteIfExists(file);
        return outcome;
    }

    /** The pictures that have the same bytes, whatever their labels. */
    List<Outcome> same(Fetched one) {
        return List.copyOf(bySha256.getOrDefault(one.sha256(), List.of()));
    }

    private void remember(Outcome outcome) {
        if (outcome.kind() == Outcome.Kind.IMPORTED) {
            bySha256.computeIfAbsent(outcome.sha256(), none -> new ArrayList<>()).add(outcome);
            taken.add(outcome.file().toLowerCase(Locale.ROOT));
            outcome.labels().forEach(this::classFolder);
        }
    }

    private String path(String folders, Fetched one) {
        String folder = folders.isEmpty() ? "" : folders + "/";
        String name = SafeName.ofFile(one.picture().name(), one.mediaType());
        String path = folder + name;
        int dot = name.lastIndexOf('.');
        for (int digits = HASH; isTaken(path); digits++) {
            String mark = "-" + one.sha256().substring(0, Math.min(digits, 64));
            path = folder + name.substring(0, dot) + mark + name.substring(dot);
        }
        return path;
    }

    private boolean isTaken(String path) {
        return taken.contains(path.toLowerCase(Locale.ROOT)) || Files.exists(folder.resolve(path));
    }

    /**
     * The same for a label at each time, and another for each label, also where case is the same.
     */
    private String classFolder(String label) {
        String known = classFolders.get(label);
        if (known != null) {
            return known;
        }
        String name = SafeName.ofClass(label);
        if (classByFolder.containsKey(name.toLowerCase(Locale.ROOT))) {
            name += "~" + Sha256.of(label.getBytes(UTF_8)).substring(0, HASH);
        }
        classFolders.put(label, name);
        classByFolder.put(name.toLowerCase(Locale.ROOT), label);
        return name;
    }

    private Path staged(String from) {
        return fetched.resolve(Sha256.of(from.getBytes(UTF_8)).substring(0, 32));
    }

    private void move(Path file, String to) throws IOException {
        Path target = folder.resolve(to);
        Files.createDirectories(Optional.ofNullable(target.getParent()).orElse(folder));
        if (Files.exists(target)) {
            throw new IllegalArgumentException(
                    "%s came while the import ran: move it away and start again".formatted(target));
        }
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Writes what was told in full. */
    Path report(List<String> lines) throws IOException {
        Path file = folder.resolve(OWN).resolve("report.txt");
        Path part = folder.resolve(OWN).resolve("report.part");
        Files.write(part, lines);
        return Files.move(
                part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void delete(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    @Override
    public void close() throws IOException {
        delete(folder.resolve(OWN).resolve("unpacked"));
        journal.close();
    }
}
