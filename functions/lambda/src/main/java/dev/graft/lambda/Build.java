package dev.graft.lambda;

import dev.graft.head.HeadCard.Provenance;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;

/** The build that runs: its commit and version, from {@code build.properties} in its jar. */
public final class Build {
    private static final String FILE = "build.properties";

    private Build() {}

    /**
     * What a head is trained by now.
     *
     * @param training version of the training
     */
    public static Provenance provenance(int training) {
        return new Provenance(
                commit(),
                Optional.ofNullable(Build.class.getPackage().getImplementationVersion())
                        .orElse("development"),
                training,
                System.getProperty("java.vendor") + " " + System.getProperty("java.version"),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    }

    /** Such as {@code commit 1a2b3c…}, or a sentence where it was built without git. */
    static String commit() {
        Properties build = new Properties();
        try (InputStream file = Build.class.getResourceAsStream(FILE)) {
            build.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String commit = build.getProperty("commit", "");
        if (!commit.matches("[0-9a-f]{7,64}")) {
            return "built without git, the commit is not known";
        }
        return "commit " + commit;
    }
}
