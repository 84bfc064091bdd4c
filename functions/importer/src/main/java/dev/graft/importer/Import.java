package dev.graft.importer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Turns a data set that somebody has elsewhere into a folder of pictures that Graft reads, with one
 * subfolder for each class. The source is only read. Started again, it goes on where it ended.
 */
public final class Import {
    /** The environment variables that are read. */
    public static final List<String> VARIABLES =
            List.of(
                    CustomVisionProject.KEY,
                    "AWS_REGION",
                    "AWS_ACCESS_KEY_ID",
                    "AWS_SECRET_ACCESS_KEY",
                    "AWS_SESSION_TOKEN",
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                    "AWS_ENDPOINT_URL",
                    "AWS_ENDPOINT_URL_S3");

    private static final int AT_ONCE = 8;
    private static final int BATCH = 64;

    private final String source;
    private final Path into;
    private final Map<String, String> environment;
    private final Consumer<String> told;
    private final Limits limits;
    private final Download.Waiting waiting;

    /**
     * Prepares one; nothing is read yet.
     *
     * @param source a folder, an archive, an annotation file, or the address of a project of Custom
     *     Vision
     * @param into folder that is written
     * @param environment those of {@link #VARIABLES} that are set
     * @param told takes lines for people
     */
    public Import(
            String source, Path into, Map<String, String> environment, Consumer<String> told) {
        this(
                new Wanted(source, into),
                environment,
                told,
                Limits.USUAL,
                time -> TimeUnit.NANOSECONDS.sleep(time.toNanos()));
    }

    /** What is imported, and where to. */
    record Wanted(String source, Path into) {}

    /** With limits and waiting of a test. */
    Import(
            Wanted wanted,
            Map<String, String> environment,
            Consumer<String> told,
            Limits limits,
            Download.Waiting waiting) {
        this.source = wanted.source();
        this.into = wanted.into();
        this.environment = environment;
        this.told =
                line -> {
                    synchronized (this) {
                        told.accept(line);
                    }
                };
        this.limits = limits;
        this.waiting = waiting;
    }

    /**
     * What came of an import.
     *
     * @param complete whether all could be fetched; start again if not
     * @param pictures that are there now
     * @param several whether some have several labels
     */
    public record Result(boolean complete, int pictures, boolean several) {}

    /**
     * Runs.
     *
     * @throws IllegalArgumentException if the source or the folder is not what it should be
     * @throws UncheckedIOException if the source does not answer, or the folder cannot be written
     */
    public Result run() throws InterruptedException {
        try (Download download = new Download(waiting, told);
                ImportFolder folder = open();
                Source from = open(download, folder)) {
            told.accept("importing %s into %s".formatted(source, into));
            try (Run run = new Run(folder)) {
                from.read(run);
                run.fetch();
                return run.end();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the import of %s stopped (%s): start again to go on"
                            .formatted(source, e.getMessage()),
                    e);
        }
    }

    private ImportFolder open() throws IOException {
        if (!isAddress()) {
            Path from = Path.of(source).toAbsolutePath().normalize();
            Path to = into.toAbsolutePath().normalize();
            if (!Files.exists(from)) {
                throw new IllegalArgumentException(
                        "%s is not there: expected a folder, an archive, an annotation file or the address of a project, such as %s"
                                .formatted(source, CustomVisionProject.EXAMPLE));
            }
            boolean folder = Files.isDirectory(from);
            if (folder && to.startsWith(from) || from.startsWith(to)) {
                throw new IllegalArgumentException(
                        "%s and %s lie in each other: expected a folder elsewhere, as the import leaves its source alone"
                                .formatted(source, into));
            }
        }
        return new ImportFolder(into);
    }

    private boolean isAddress() {
        return source.matches("(?i)[a-z][a-z0-9+.-]+://.*");
    }

    private Source open(Download download, ImportFolder folder) throws IOException {
        if (isAddress()) {
            return CustomVisionProject.of(source, download, environment);
        }
        Path file = Path.of(source).toAbsolutePath().normalize();
        String name = String.valueOf(file.getFileName());
        String lower = name.toLowerCase(Locale.ROOT);
        Optional<String> only = Optional.empty();
        FileTree tree;
        if (Files.isDirectory(file)) {
            tree = FolderFiles.of(file, into);
        } else if (lower.endsWith(".zip")) {
            tree = ZipFiles.of(file, limits);
        } else if (lower.matches(".*\\.(tar|tar\\.gz|tgz)")) {
            tree = TarFiles.of(file, folder.unpacked(), limits);
        } else if (FilesSource.mayAnnotate(lower)) {
            tree = FolderFiles.of(Optional.ofNullable(file.getParent()).orElse(file), into);
            only = Optional.of(name);
        } else {
            throw new IllegalArgumentException(
                    "%s is nothing that is imported, by its ending: expected a folder, or a file that ends with .zip, .tar, .tar.gz, .tgz, .json, .jsonl, .manifest, .csv or .tsv"
                            .formatted(source));
        }
        return new FilesSource(tree, only, new Addresses(tree, download, environment));
    }

    /** Takes the pictures of a source, and fetches some of them at once. */
    private final class Run implements Source.Found, AutoCloseable {
        private final ImportFolder folder;
        private final Tally tally = new Tally();
        private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        private final List<Picture> batch = new ArrayList<>();
        private final Set<String> named = new HashSet<>();
        private int seen;
        private int next = 100;

        Run(ImportFolder folder) {
            this.folder = folder;
        }

        @Override
        public void picture(Picture picture) throws IOException, InterruptedException {
            if (!named.add(picture.from())) {
                String labels = "the labels %s of %s".formatted(picture.labels(), picture.from());
                tally.leftOut(
                        new LeftOut(labels, "it was named before, and its labels there count"));
                return;
            }
            batch.add(picture);
            if (batch.size() == BATCH) {
                fetch();
            }
        }

        @Override
        public void leftOut(LeftOut one) {
            tally.leftOut(one);
        }

        @Override
        public void note(String sentence) {
            tally.note(sentence);
        }

        /** Fetches what is waiting; if nothing of that can be had, it is of no use to go on. */
        void fetch() throws IOException, InterruptedException {
            List<Future<ImportFolder.Fetched>> fetched = new ArrayList<>();
            List<Picture> asked = new ArrayList<>();
            for (Picture picture : batch) {
                Optional<Outcome> known = folder.known(picture);
                known.ifPresent(outcome -> tally.known(outcome, picture.labels()));
                if (known.isEmpty()) {
                    asked.add(picture);
                    fetched.add(threads.submit(() -> folder.fetch(picture)));
                }
            }
            int failed = 0;
            for (int i = 0; i < asked.size(); i++) {
                failed += place(asked.get(i), fetched.get(i));
            }
            seen += batch.size();
            batch.clear();
            progress();
            if (failed == BATCH) {
                throw new IOException(
                        "none of %d pictures could be fetched: %s".formatted(failed, lastFailure));
            }
        }

        private String lastFailure = "";

        private int place(Picture picture, Future<ImportFolder.Fetched> fetched)
                throws IOException, InterruptedException {
            try {
                ImportFolder.Fetched one = fetched.get();
                List<Outcome> same = folder.same(one);
                Outcome outcome = folder.place(one);
                tally.outcome(outcome);
                if (outcome.kind() == Outcome.Kind.IMPORTED && !same.isEmpty()) {
                    tally.conflict(outcome, same.getFirst());
                }
                return 0;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof IOException failed) {
                    lastFailure = String.valueOf(failed.getMessage());
                    tally.failed(picture.from(), lastFailure);
                    return 1;
                }
                throw e.getCause() instanceof RuntimeException failed
                        ? failed
                        : new IllegalStateException(e);
            }
        }

        private void progress() {
            if (seen >= next) {
                told.accept(String.format(Locale.ROOT, "%,d pictures so far", seen));
                next = seen + Math.min(seen, 1_000);
            }
        }

        Result end() throws IOException {
            Path report = folder.report(tally.lines(folder.renamed(), Integer.MAX_VALUE));
            tally.summary(folder.renamed()).forEach(told);
            told.accept("all of this, in full: " + report);
            return new Result(tally.isComplete(), tally.pictures(), tally.several());
        }

        @Override
        public void close() {
            threads.shutdownNow();
        }
    }
}
