package dev.graft.classifier;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graft.feature.BadRequestException;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request as a JSON object that has exactly the fields of its route.
 *
 * @param json the object
 */
record JsonBody(JsonNode json) {
    private static final int MAX_NAME = 128;

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    /**
     * Reads a body.
     *
     * @param optional fields that it may have
     * @param fields that it must have; it may have no others
     * @throws BadRequestException if the body is no such object
     */
    static JsonBody of(byte[] body, List<String> optional, String... fields) {
        JsonNode json;
        try {
            json = JSON.readTree(body);
        } catch (IOException e) {
            throw noObject(e);
        }
        if (json == null || !json.isObject()) {
            throw noObject(null);
        }
        for (String field : fields) {
            if (!json.has(field)) {
                throw new BadRequestException(
                        "the body has no field '" + field + "': add it, see /openapi.json");
            }
        }
        List<String> known = Stream.concat(Stream.of(fields), optional.stream()).toList();
        for (var field : json.properties()) {
            if (!known.contains(field.getKey())) {
                throw new BadRequestException(
                        "the body has the field '%s': expected only %s"
                                .formatted(field.getKey(), String.join(", ", known)));
            }
        }
        return new JsonBody(json);
    }

    /** Whether it has a field that it may have. */
    boolean has(String field) {
        return json.has(field);
    }

    /** Whether a body is a JSON object with this field. */
    static boolean has(byte[] body, String field) {
        try {
            JsonNode json = JSON.readTree(body);
            return json != null && json.has(field);
        } catch (IOException e) {
            return false;
        }
    }

    private static BadRequestException noObject(@Nullable IOException cause) {
        return new BadRequestException(
                "the body is no JSON object, or has a field twice: send one, see /openapi.json",
                cause);
    }

    /** A text field. */
    String text(String field) {
        JsonNode value = json.get(field);
        if (!value.isTextual()) {
            throw new BadRequestException(
                    field + " is " + value + ": expected text, see /openapi.json");
        }
        return value.textValue();
    }

    /** Whether a field is true; false where it is missing. */
    boolean flag(String field) {
        JsonNode value = json.path(field);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw new BadRequestException(
                    "%s is %s: expected true or false".formatted(field, value));
        }
        return value.booleanValue();
    }

    /** A field that is a whole number from 1 to {@code max}. */
    int number(String field, int max) {
        JsonNode value = json.get(field);
        if (!value.canConvertToInt()
                || !value.isIntegralNumber()
                || value.intValue() < 1
                || value.intValue() > max) {
            throw new BadRequestException(
                    "%s is %s: expected a whole number from 1 to %d".formatted(field, value, max));
        }
        return value.intValue();
    }

    /** A field that is a time, such as {@code 2026-11-28T10:00:00Z}. */
    Instant time(String field) {
        return time(field, text(field));
    }

    /** A field that may be missing; else a time. */
    Optional<Instant> timeIfGiven(String field) {
        return json.has(field) ? Optional.of(time(field)) : Optional.empty();
    }

    /** The time that a text names. */
    static Instant time(String name, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new BadRequestException(
                    "%s is '%s': expected a time such as 2026-11-28T10:00:00Z"
                            .formatted(name, text),
                    e);
        }
    }

    /** A field that is the key of an image. */
    String key(String field) {
        return ImageKey.of(text(field));
    }

    /**
     * A field that is a list of keys of images.
     *
     * @param most the largest number of keys
     */
    List<String> keys(String field, int most) {
        return texts(field, most).stream().map(ImageKey::of).toList();
    }

    /**
     * A field that is a list of texts.
     *
     * @param most the largest number of them
     */
    List<String> texts(String field, int most) {
        JsonNode list = json.get(field);
        if (!list.isArray() || list.isEmpty() || list.size() > most) {
            throw new BadRequestException(
                    "%s: expected a list of 1 to %d texts, see /openapi.json"
                            .formatted(field, most));
        }
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** A field that is the name of a class, or null for none. */
    Optional<String> label(String field) {
        return json.get(field).isNull() ? Optional.empty() : Optional.of(name(field));
    }

    /** A field that may be missing; else the name of a class, or null for none. */
    Optional<Optional<String>> labelIfGiven(String field) {
        return json.has(field) ? Optional.of(label(field)) : Optional.empty();
    }

    /** A field that is a name, such as that of a class. */
    String name(String field) {
        String name = text(field).strip();
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw new BadRequestException(
                    "%s has %d characters: expected a name of 1 to %d"
                            .formatted(field, name.length(), MAX_NAME));
        }
        return name;
    }
}
