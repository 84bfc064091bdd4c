package dev.graft.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.evaluation.LookAlikes;
import java.util.Map;
import java.util.Optional;

/** The part of {@code head.json} that says how a head was trained. */
final class HeadDescription {
    private static final ObjectMapper JSON = new ObjectMapper();

    private HeadDescription() {}

    static ObjectNode of(TrainingSettings settings, double strength, Map<String, Integer> leftOut) {
        ObjectNode json = JSON.createObjectNode();
        json.put("codeVersion", codeVersion())
                .put("seed", LookAlikes.SEED)
                .put("strength", strength);
        json.set("settings", JSON.valueToTree(settings));
        json.set("leftOut", JSON.valueToTree(leftOut));
        return json;
    }

    /** Version of the jar; "development" where the classes were not packaged. */
    static String codeVersion() {
        return Optional.ofNullable(HeadDescription.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}
