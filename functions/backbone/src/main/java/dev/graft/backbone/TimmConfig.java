package dev.graft.backbone;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.feature.ConfigurationException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The preprocessing in the {@code config.json} that timm publishes beside its weights
 * (huggingface/pytorch-image-models, timm/data/config.py and transforms_factory.py).
 *
 * @param file for messages
 * @param json its content
 */
record TimmConfig(String file, JsonNode json) {
    private static final double USUAL_CROP = 0.875;
    private static final String CONFIG = "pretrained_cfg";

    /** What else a network of timm says of itself; nothing of it changes the pixels. */
    private static final Set<String> OTHER_KEYS =
            Set.of(
                    "architecture",
                    "classifier",
                    "custom_load",
                    "description",
                    "file",
                    "first_conv",
                    "fixed_input_size",
                    "hf_hub_filename",
                    "hf_hub_id",
                    "label_descriptions",
                    "label_names",
                    "label_offset",
                    "license",
                    "min_input_size",
                    "notes",
                    "num_classes",
                    "origin_url",
                    "paper_ids",
                    "paper_name",
                    "pool_size",
                    "source",
                    "state_dict",
                    "tag",
                    "test_pool_size",
                    "url");

    private static final Set<String> KEYS =
            Set.of(
                    "crop_mode",
                    "crop_pct",
                    "input_size",
                    "interpolation",
                    "mean",
                    "std",
                    "test_crop_pct",
                    "test_input_size");

    /** Whether a {@code config.json} is of timm; transformers writes files of that name, too. */
    static boolean isOne(JsonNode json) {
        return json.path(CONFIG).isObject();
    }

    /**
     * As keys of ours.
     *
     * @param side of the network's input; 0 for any. Where it is the size that the network is
     *     tested at, its settings hold
     * @throws ConfigurationException if a key or a value is not understood
     */
    Map<String, String> values(int side) {
        JsonNode config = json.path(CONFIG);
        config.fieldNames().forEachRemaining(this::checkKey);
        int crop = side(config, "input_size");
        double part = config.path("crop_pct").asDouble(USUAL_CROP);
        if (side > 0 && side != crop && side == side(config, "test_input_size")) {
            crop = side;
            part = config.path("test_crop_pct").asDouble(part);
        }
        if (crop < 1 || part <= 0 || part > 1) {
            throw wrong("input_size and crop_pct", config.path("input_size") + " and " + part);
        }
        Map<String, String> values = new TreeMap<>();
        values.put("crop", Integer.toString(crop));
        values.put("resize", Integer.toString((int) Math.floor(crop / part)));
        values.put("interpolation", interpolation(config.path("interpolation").asText("bicubic")));
        values.put("fit", fit(config.path("crop_mode").asText("center")));
        values.put("mean", JsonNumbers.three(file, "mean", config.path("mean")));
        values.put("deviation", JsonNumbers.three(file, "std", config.path("std")));
        values.put("scale", "255");
        values.put("channels", "RGB");
        return values;
    }

    private void checkKey(String key) {
        if (!KEYS.contains(key) && !OTHER_KEYS.contains(key)) {
            throw new ConfigurationException(
                    "%s: key '%s' of %s is not known: say the preprocessing in FILE.json beside the network, and take the key out"
                            .formatted(file, key, CONFIG));
        }
    }

    private static int side(JsonNode config, String key) {
        JsonNode size = config.path(key);
        boolean isSquare = size.size() == 3 && size.path(1).asInt() == size.path(2).asInt();
        return isSquare ? size.path(1).asInt() : 0;
    }

    private String interpolation(String name) {
        if (name.equals("bilinear") || name.equals("bicubic")) {
            return name;
        }
        throw wrong("interpolation", name + ", expected bilinear or bicubic");
    }

    private String fit(String mode) {
        return switch (mode) {
            case "center" -> "crop";
            case "squash" -> "squash";
            case "border" -> "pad";
            default -> throw wrong("crop_mode", mode + ", expected center, squash or border");
        };
    }

    private ConfigurationException wrong(String key, String found) {
        return JsonNumbers.wrong(file, key, found);
    }
}
