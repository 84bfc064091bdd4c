package dev.graft.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.graft.feature.Sha256;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where data is kept if nobody says: one folder for each folder of pictures, in the place where the
 * programs of the system keep theirs (on Linux as the XDG Base Directory Specification says).
 * Nothing is kept on a build server, which sets {@code CI}.
 */
final class DefaultData {
    private static final int HASH = 8;

    private DefaultData() {}

    /** The variables that say where data is kept. */
    static Map<String, String> environment() {
        return environment(List.of("CI", "XDG_DATA_HOME", "LOCALAPPDATA"));
    }

    /** Those variables of the environment that are set, and no others. */
    static Map<String, String> environment(List<String> names) {
        Map<String, String> set = new TreeMap<>();
        for (String name : names) {
            Optional.ofNullable(System.getenv(name)).ifPresent(value -> set.put(name, value));
        }
        return set;
    }

    /**
     * The data folder for some pictures.
     *
     * @param system name of the operating system, as {@code os.name}
     * @param home folder of the user
     * @return empty where nothing is kept
     */
    static Optional<Path> of(
            Path images, Map<String, String> environment, String system, Path home) {
        if (!environment.getOrDefault("CI", "").isBlank()) {
            return Optional.empty();
        }
        Path folder = images.toAbsolutePath().normalize();
        String name = Optional.ofNullable(folder.getFileName()).map(Path::toString).orElse("root");
        String hash = Sha256.of(folder.toString().getBytes(UTF_8)).substring(0, HASH);
        return Optional.of(
                programs(environment, system.toLowerCase(Locale.ROOT), home)
                        .resolve("graft")
                        .resolve(name + "-" + hash));
    }

    private static Path programs(Map<String, String> environment, String system, Path home) {
        String said =
                environment.getOrDefault(
                        system.startsWith("windows") ? "LOCALAPPDATA" : "XDG_DATA_HOME", "");
        if (!said.isBlank()) {
            return Path.of(said);
        }
        if (system.startsWith("windows")) {
            return home.resolve("AppData").resolve("Local");
        }
        return system.startsWith("mac")
                ? home.resolve("Library").resolve("Application Support")
                : home.resolve(".local").resolve("share");
    }
}
