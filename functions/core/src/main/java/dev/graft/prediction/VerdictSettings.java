package dev.graft.prediction;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.feature.BadRequestException;
import dev.graft.feature.DamagedFileException;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * When a person has to look at an image, {@code heads/settings.json}. It may change without
 * training.
 *
 * @param thresholds least probability with which a class is given, 0..1; 1 has a person look at
 *     each
 * @param costs of giving one class where another is the true one, by true and by given class; 1
 *     where it does not say so. For single-label heads
 * @param review cost of having a person look; a class without a threshold is given if that is not
 *     expected to cost more
 */
public record VerdictSettings(
        Map<String, Double> thresholds, Map<String, Map<String, Double>> costs, double review) {
    /** Where nobody made any: a class is given if it is more probable than all others together. */
    public static final VerdictSettings DEFAULT = new VerdictSettings(Map.of(), Map.of(), 0.5);

    private static final int MOST_COSTS = 10_000;
    private static final double HIGHEST = 1_000_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Of a JSON object. What it lacks is as in {@link #DEFAULT}.
     *
     * @throws BadRequestException if a value is not what is expected
     */
    public static VerdictSettings of(JsonNode json) {
        Map<String, Map<String, Double>> costs = new TreeMap<>();
        for (var row : field(json, "costs").properties()) {
            String name = "costs." + row.getKey();
            Map<String, Double> cells = numbers(object(row.getValue(), name), name, HIGHEST);
            if (cells.containsKey(row.getKey())) {
                throw new BadRequestException(
                        name + " has the class itself: a right answer costs nothing, leave it out");
            }
            costs.put(row.getKey(), Collections.unmodifiableMap(cells));
        }
        int count = costs.values().stream().mapToInt(Map::size).sum();
        if (count > MOST_COSTS) {
            throw new BadRequestException(
                    "costs has %d pairs of classes: expected at most %d, those that do not cost 1"
                            .formatted(count, MOST_COSTS));
        }
        return new VerdictSettings(
                Collections.unmodifiableMap(numbers(field(json, "thresholds"), "thresholds", 1)),
                Collections.unmodifiableMap(costs),
                json.has("review")
                        ? number(json.path("review"), "review", HIGHEST)
                        : DEFAULT.review);
    }

    private static JsonNode field(JsonNode json, String name) {
        return json.has(name) ? object(json.path(name), name) : JSON.createObjectNode();
    }

    private static JsonNode object(JsonNode value, String name) {
        if (!value.isObject()) {
            throw new BadRequestException(
                    "%s is %s: expected an object with a number for each class"
                            .formatted(name, value));
        }
        return value;
    }

    private static Map<String, Double> numbers(JsonNode json, String name, double most) {
        Map<String, Double> numbers = new TreeMap<>();
        for (var field : json.properties()) {
            String path = name + "." + field.getKey();
            numbers.put(field.getKey(), number(field.getValue(), path, most));
        }
        return numbers;
    }

    private static double number(JsonNode value, String name, double most) {
        if (!value.isNumber() || !(value.doubleValue() >= 0 && value.doubleValue() <= most)) {
            throw new BadRequestException(
                    String.format(
                            Locale.ROOT,
                            "%s is %s: expected a number from 0 to %.0f",
                            name,
                            value,
                            most));
        }
        return value.doubleValue();
    }

    /**
     * Of the file that {@link #json} wrote.
     *
     * @throws DamagedFileException if it is none
     */
    static VerdictSettings read(byte[] file) {
        try {
            return of(object(JSON.readTree(file), "it"));
        } catch (IOException | BadRequestException e) {
            throw new DamagedFileException(
                    "heads/settings.json cannot be read (%s): replace it by PUT /settings"
                            .formatted(e.getMessage()),
                    e);
        }
    }

    /** As a file; the same settings give the same bytes. */
    byte[] json() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps of numbers always become JSON", e);
        }
    }

    /** What they are, for people. */
    public String summary() {
        return new String(json(), StandardCharsets.UTF_8);
    }

    /** What of them means nothing to a head, a sentence each. */
    public List<String> notFor(Head head) {
        List<String> sentences = new ArrayList<>();
        thresholds.keySet().forEach(name -> check("thresholds", name, head, sentences));
        for (var row : costs.entrySet()) {
            check("costs", row.getKey(), head, sentences);
            row.getValue()
                    .keySet()
                    .forEach(name -> check("costs." + row.getKey(), name, head, sentences));
        }
        if (head.activation() == Activation.SIGMOID && !costs.isEmpty()) {
            sentences.add(
                    "costs are given, and head %s is multi-label, which takes no class for another: leave them out, and set thresholds"
                            .formatted(head.version()));
        }
        return sentences;
    }

    private static void check(String where, String name, Head head, List<String> sentences) {
        if (!head.classes().contains(name)) {
            sentences.add(
                    "%s has the class '%s', which head %s does not have: expected one of %s"
                            .formatted(
                                    where,
                                    name,
                                    head.version(),
                                    String.join(", ", head.classes())));
        }
    }
}
