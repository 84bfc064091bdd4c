package dev.graft.system;

import java.nio.file.Files;
import java.nio.file.Path;

/** Files of this repository, wherever the tests were started. */
final class Repository {
    private Repository() {}

    static Path file(String name) {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("infra/template.yaml"))) {
            folder = folder.getParent();
        }
        return folder.resolve(name);
    }
}
