package dev.graft.backbone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.feature.ConfigurationException;
import dev.graft.image.Preprocessing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What files beside a network say about its preprocessing: {@code FILE.json}, in our own keys, and
 * before that the {@code preprocessor_config.json} of Hugging Face or the {@code config.json} of
 * timm, in the folder of the network or, where that is called {@code onnx}, the one around it.
 */
final class PreprocessingFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> VALUES = List.of("mean", "deviation", "scale");

    private PreprocessingFile() {}

    /**
     * What they say, some of {@link Preprocessing#KEYS}.
     *
     * @throws ConfigurationException if a key or value is not understood, or two of them contradict
     *     each other or the network; names the file and the key
     */
    static Map<String, String> beside(NetworkFile network, String name) {
        Map<String, String> ours = ours(network.path().resolveSibling(name + ".json"));
        if (ours.keySet().containsAll(Preprocessing.KEYS)) {
            return ours;
        }
        ImageInput input = ImageInput.of(network.model().getGraph(), network.path());
        Map<String, String> published = published(network, input);
        boolean saysValues = VALUES.stream().anyMatch(ours::containsKey);
        if (input.takesBytes() || saysValues) {
            published.keySet().removeAll(VALUES);
        } else if (published.keySet().containsAll(VALUES)
                && InputScaling.isScaled(network.model().getGraph(), input.name())) {
            throw new ConfigurationException(
                    "%s normalizes its input itself, but the configuration beside it says mean %s: say in %s.json which of them holds"
                            .formatted(network.path(), published.get("mean"), name));
        }
        published.putAll(ours);
        return published;
    }

    private static Map<String, String> ours(Path file) {
        Map<String, String> values = new TreeMap<>();
        if (Files.exists(file)) {
            JsonNode json = read(file);
            json.properties().forEach(entry -> values.put(entry.getKey(), text(entry.getValue())));
            for (String key : values.keySet()) {
                if (!Preprocessing.KEYS.contains(key)) {
                    throw new ConfigurationException(
                            "%s: key '%s' is not known, expected some of %s"
                                    .formatted(file, key, Preprocessing.KEYS));
                }
            }
        }
        return values;
    }

    private static String text(JsonNode value) {
        return value.isArray()
                ? StreamSupport.stream(value.spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.joining(","))
                : value.asText();
    }

    private static Map<String, String> published(NetworkFile network, ImageInput input) {
        Map<String, Map<String, String>> found = new LinkedHashMap<>();
        for (Path folder : folders(network.path())) {
            Path processor = folder.resolve("preprocessor_config.json");
            if (Files.exists(processor)) {
                found.put(
                        processor.toString(),
                        new HuggingFaceConfig(processor.toString(), read(processor)).values());
            }
            Path config = folder.resolve("config.json");
            Optional<JsonNode> timm =
                    Files.exists(config)
                            ? Optional.of(read(config)).filter(TimmConfig::isOne)
                            : Optional.empty();
            timm.ifPresent(
                    json ->
                            found.put(
                                    config.toString(),
                                    new TimmConfig(config.toString(), json).values(input.side())));
            if (!found.isEmpty()) {
                break;
            }
        }
        return agreed(found);
    }

    private static List<Path> folders(Path network) {
        Path folder = NetworkFile.folder(network);
        List<Path> folders = new ArrayList<>(List.of(folder));
        if (folder.endsWith("onnx")) {
            folders.add(NetworkFile.folder(folder));
        }
        return folders;
    }

    private static Map<String, String> agreed(Map<String, Map<String, String>> found) {
        Map<String, String> all = new TreeMap<>();
        found.forEach(
                (file, values) ->
                        values.forEach(
                                (key, value) -> {
                                    String other = all.put(key, value);
                                    if (other != null && !other.equals(value)) {
                                        throw new ConfigurationException(
                                                "%s say different things of %s, %s and %s: say which in FILE.json beside the network"
                                                        .formatted(
                                                                String.join(
                                                                        " and ", found.keySet()),
                                                                key,
                                                                other,
                                                                value));
                                    }
                                }));
        return all;
    }

    private static JsonNode read(Path file) {
        try {
            JsonNode json = JSON.readTree(file.toFile());
            if (json.isObject()) {
                return json;
            }
            throw new ConfigurationException(
                    file + ": expected the preprocessing as an object, found another value");
        } catch (IOException e) {
            throw new ConfigurationException(
                    file + ": expected the preprocessing as JSON, found " + e, e);
        }
    }
}
