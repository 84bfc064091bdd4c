package dev.graft.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.evaluation.LookAlikes;
import java.util.Map;
import java.util.Optional;

/** The part of {@code head.json} that says how a head was trained. */
final class HeadDescription {
    private static final ObjectMapper JSON = new ObjectMapper();

    private HeadDescription() {}

    /**
     * Describes.
     *
     * @param leftOut classes with too few images, with their counts
     * @param deadline knows what there was no time for
     */
    static ObjectNode of(
            TrainingSettings settings,
            CrossValidation.Result chosen,
            Map<String, Integer> leftOut,
            Deadline deadline) {
        ObjectNode json = JSON.createObjectNode();
        json.put("codeVersion", codeVersion())
                .put("seed", LookAlikes.SEED)
                .put("strength", chosen.best().strength())
                .put("classWeights", chosen.best().weights().title());
        json.set("settings", JSON.valueToTree(settings));
        ArrayNode tried = json.putArray("tried");
        chosen.tried().forEach(choice -> tried.add(choice.json()));
        json.set("leftOut", JSON.valueToTree(leftOut));
        if (!deadline.sentence().isEmpty()) {
            json.put("cutShort", deadline.sentence());
        }
        return json;
    }

    /** Version of the jar; "development" where the classes were not packaged. */
    static String codeVersion() {
        return Optional.ofNullable(HeadDescription.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}
