package dev.graft.backbone;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.feature.ConfigurationException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The {@code preprocessor_config.json} that transformers writes beside its weights
 * (huggingface/transformers, models/.../image_processing_*.py).
 *
 * @param file for messages
 * @param json its content
 */
record HuggingFaceConfig(String file, JsonNode json) {
    /** Image processors that do what their keys say and nothing else. */
    private static final Set<String> TYPES =
            Set.of(
                    "",
                    "Beit",
                    "Bit",
                    "CLIP",
                    "ConvNext",
                    "DINOv3ViT",
                    "DeiT",
                    "EfficientNet",
                    "MobileNetV1",
                    "MobileNetV2",
                    "MobileViT",
                    "Siglip",
                    "ViT");

    private static final Set<String> KEYS =
            Set.of(
                    "crop_pct",
                    "crop_size",
                    "do_center_crop",
                    "do_flip_channel_order",
                    "do_normalize",
                    "do_pad",
                    "do_rescale",
                    "do_resize",
                    "image_mean",
                    "image_std",
                    "resample",
                    "rescale_factor",
                    "rescale_offset",
                    "size");

    /** What changes nothing about a picture of three colours. */
    private static final Set<String> OTHER_KEYS =
            Set.of(
                    "_processor_class",
                    "_valid_processor_keys",
                    "data_format",
                    "default_to_square",
                    "device",
                    "disable_grouping",
                    "do_convert_rgb",
                    "do_reduce_labels",
                    "feature_extractor_type",
                    "image_processor_type",
                    "include_top",
                    "input_data_format",
                    "processor_class",
                    "return_tensors");

    /** At this size and above ConvNext squashes a picture; below, it crops. */
    private static final int CONVNEXT_SQUASHES_FROM = 384;

    /**
     * As keys of ours.
     *
     * @throws ConfigurationException if a key or a value is not understood
     */
    Map<String, String> values() {
        check();
        Map<String, String> values = new TreeMap<>();
        sizes(values);
        values.put("interpolation", interpolation());
        boolean isNormalized = json.path("do_normalize").asBoolean(!type().equals("MobileViT"));
        values.put("mean", isNormalized ? three("image_mean") : "0,0,0");
        values.put("deviation", isNormalized ? three("image_std") : "1,1,1");
        values.put("scale", scale());
        boolean isTurned = json.path("do_flip_channel_order").asBoolean(false);
        values.put("channels", isTurned ? "BGR" : "RGB");
        return values;
    }

    private String type() {
        String name =
                json.path("image_processor_type")
                        .asText(json.path("feature_extractor_type").asText(""));
        return name.replaceAll("(ImageProcessor|FeatureExtractor)(Fast|Pil)?$", "");
    }

    private void check() {
        json.properties()
                .forEach(
                        entry -> {
                            String key = entry.getKey();
                            boolean isKnown = KEYS.contains(key) || OTHER_KEYS.contains(key);
                            if (!isKnown && !entry.getValue().isNull()) {
                                throw wrong("key '" + key + "'", "not known");
                            }
                        });
        if (!TYPES.contains(type())) {
            throw wrong("image_processor_type", type() + "..., expected one of " + sorted());
        }
        if (!json.path("do_resize").asBoolean(true)) {
            throw wrong("do_resize", "false, expected true");
        }
        for (String key : Set.of("do_pad", "rescale_offset")) {
            if (json.path(key).asBoolean(false)) {
                throw wrong(key, "true, expected false");
            }
        }
    }

    private static String sorted() {
        return String.join(", ", TYPES.stream().filter(type -> !type.isEmpty()).sorted().toList());
    }

    private void sizes(Map<String, String> values) {
        JsonNode size = json.path("size");
        int shorter = size.path("shortest_edge").asInt(0);
        if (size.isInt() && !type().equals("ViT") && !type().equals("DeiT")) {
            shorter = size.asInt();
        }
        if (type().equals("ConvNext")) {
            convNext(values, shorter);
            return;
        }
        int resize = shorter > 0 ? shorter : square("size");
        boolean isCropped = json.path("do_center_crop").asBoolean(json.has("crop_size"));
        if (shorter > 0 && !isCropped) {
            throw wrong(
                    "do_center_crop",
                    "false with size "
                            + size
                            + ", which leaves pictures as wide as they were, expected true");
        }
        values.put("resize", Integer.toString(resize));
        values.put("crop", Integer.toString(isCropped ? square("crop_size") : resize));
        values.put("fit", shorter > 0 ? "crop" : "squash");
    }

    private void convNext(Map<String, String> values, int side) {
        double part = json.path("crop_pct").asDouble(224 / 256.0);
        boolean squashes = side >= CONVNEXT_SQUASHES_FROM;
        if (side < 1 || part <= 0 || part > 1) {
            throw wrong("size", json.path("size") + " with crop_pct " + part);
        }
        values.put("resize", Integer.toString(squashes ? side : (int) (side / part)));
        values.put("crop", Integer.toString(side));
        values.put("fit", squashes ? "squash" : "crop");
    }

    private int square(String key) {
        JsonNode size = json.path(key);
        int height = size.isInt() ? size.asInt() : size.path("height").asInt(0);
        int width = size.isInt() ? size.asInt() : size.path("width").asInt(0);
        if (height < 1 || height != width) {
            throw wrong(key, size + ", expected a square");
        }
        return height;
    }

    private String interpolation() {
        return switch (json.path("resample").asInt(-1)) {
            case 2 -> "bilinear";
            case 3 -> "bicubic";
            default ->
                    throw wrong(
                            "resample",
                            json.path("resample") + ", expected 2 (bilinear) or 3 (bicubic)");
        };
    }

    private String scale() {
        if (!json.path("do_rescale").asBoolean(true)) {
            return "1";
        }
        double factor = json.path("rescale_factor").asDouble(1 / 255.0);
        if (factor <= 0 || factor > 1) {
            throw wrong("rescale_factor", "" + json.path("rescale_factor"));
        }
        return new BigDecimal(1 / factor)
                .setScale(4, RoundingMode.HALF_EVEN)
                .stripTrailingZeros()
                .toPlainString();
    }

    private String three(String key) {
        return JsonNumbers.three(file, key, json.path(key));
    }

    private ConfigurationException wrong(String key, String found) {
        return JsonNumbers.wrong(file, key, found);
    }
}
