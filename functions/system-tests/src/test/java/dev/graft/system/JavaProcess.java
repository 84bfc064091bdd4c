package dev.graft.system;

import java.nio.file.Path;
import java.util.List;

/** Programs of this build in a process of their own. */
final class JavaProcess {
    /** The first compiler alone, as the JVMs of the tests have it: a minute is worth no more. */
    static final String C1 = "-XX:TieredStopAtLevel=1";

    private JavaProcess() {}

    /**
     * One with the class path of the tests, not started yet; what it writes comes by one stream.
     */
    static ProcessBuilder of(String main, String... arguments) {
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        C1,
                        "-cp",
                        System.getProperty("java.class.path"),
                        main);
        builder.command().addAll(List.of(arguments));
        return builder.redirectErrorStream(true);
    }

    /** The run command, which writes to a file, and keeps what it keeps by default beside that. */
    static ProcessBuilder product(Path log, String... options) {
        ProcessBuilder builder = of("dev.graft.local.Main", options);
        Path kept = log.toAbsolutePath().resolveSibling(log.getFileName() + ".kept");
        builder.environment().put("XDG_DATA_HOME", kept.toString());
        builder.environment().remove("CI");
        return builder.redirectOutput(log.toFile());
    }
}
