package dev.graft.importer;

import java.nio.file.Path;
import java.util.Map;

/** An import in a process of its own, to be killed. */
final class ImportProcess {
    private ImportProcess() {}

    public static void main(String[] args) throws InterruptedException {
        Map<String, String> key = Map.of(CustomVisionProject.KEY, CustomVisionServer.KEY);
        new Import(args[0], Path.of(args[1]), key, System.out::println).run();
    }
}
