package dev.graft.local;

import dev.graft.feature.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.jar.JarFile;

/**
 * Fetches DynamoDB Local for a release. The licence of Amazon gives it to whoever installs it and
 * forbids to hand it on, so that no release holds it and each computer fetches its own, once.
 *
 * @param source where it is published
 * @param sha256 of it
 * @param file where it has to lie, which is on the class path of the release
 */
record FetchDynamoDb(URI source, String sha256, Path file) {
    /** The version of the POM, which a test compares. */
    static final String NAME = "DynamoDBLocal-3.3.1.jar";

    static final String SHA256 = "41a32e0a840a1fa375d7b3955e60d4b1db94c423ef9e14a43ee9b4cf9c2fb536";

    private static final String PATH = "software/amazon/dynamodb/DynamoDBLocal/3.3.1/" + NAME;

    /** In the manifest of a release: the Maven repository that it was built from. */
    static final String REPOSITORY = "Maven-Repository";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * Run by the scripts of a release before {@link Main}, with the same arguments, where the file
     * is missing. Does nothing where {@link Main} will only give information, import or refuse
     * them. Ends with status 2 if it could not be fetched.
     */
    public static void main(String[] args) {
        Path home = Path.of(System.getProperty(Main.HOME));
        if (CommandLine.information(args).isPresent() || !starts(home, args)) {
            return;
        }
        try {
            URI source = source(home);
            System.out.println(
                    "Graft fetches DynamoDB Local (6 MB) once from "
                            + source
                            + "; its licence (LICENSE.txt in it) is Amazon's own, for holders of an AWS account, and forbids to hand it on");
            new FetchDynamoDb(source, SHA256, home.resolve("lib").resolve(NAME)).run();
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    /**
     * Where the repository that the release was built from has it.
     *
     * @throws IllegalArgumentException if the release is damaged
     */
    static URI source(Path home) {
        Path release = home.resolve("lib/graft.jar");
        try (JarFile jar = new JarFile(release.toFile())) {
            String repository = jar.getManifest().getMainAttributes().getValue(REPOSITORY);
            return URI.create(repository.replaceAll("/*$", "/") + PATH);
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "%s names no repository under %s: unpack the release again"
                            .formatted(release, REPOSITORY),
                    e);
        }
    }

    private static boolean starts(Path home, String... args) {
        try {
            CommandLine syntax = new CommandLine(home);
            if (ImportCommand.parse(syntax, args).isPresent()) {
                return false; // it needs no table
            }
            Options.parse(syntax, args, DefaultData.environment());
            return true;
        } catch (IllegalArgumentException e) {
            return false; // Main tells
        }
    }

    /**
     * Fetches it.
     *
     * @throws IllegalArgumentException if it cannot be had, is another or cannot be written, with
     *     what to do
     */
    void run() {
        Path part = file.resolveSibling(file.getFileName() + ".unfinished");
        try {
            receive(part);
            String found = Sha256.of(part);
            if (!found.equals(sha256)) {
                Files.delete(part);
                throw new IOException("it has SHA-256 " + found);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "DynamoDB Local cannot be fetched from %s (%s): put that file, of SHA-256 %s, at %s"
                            .formatted(source, e, sha256, file),
                    e);
        }
    }

    private void receive(Path part) throws IOException {
        URLConnection connection = source.toURL().openConnection();
        connection.setConnectTimeout((int) PATIENCE.toMillis());
        connection.setReadTimeout((int) PATIENCE.toMillis());
        try (InputStream in = connection.getInputStream()) {
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
