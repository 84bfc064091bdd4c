package dev.graft.backbone;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.feature.ConfigurationException;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Numbers in the configurations that others publish. */
final class JsonNumbers {
    private JsonNumbers() {}

    /** Three numbers with commas between them. */
    static String three(String file, String key, JsonNode values) {
        boolean areNumbers =
                StreamSupport.stream(values.spliterator(), false).allMatch(JsonNode::isNumber);
        if (values.size() != 3 || !areNumbers) {
            throw wrong(file, key, values + ", expected three numbers");
        }
        return StreamSupport.stream(values.spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining(","));
    }

    /** A value that is not understood, with what can be done. */
    static ConfigurationException wrong(String file, String key, String found) {
        return new ConfigurationException(
                "%s: %s is %s: say the preprocessing in FILE.json beside the network"
                        .formatted(file, key, found));
    }
}
