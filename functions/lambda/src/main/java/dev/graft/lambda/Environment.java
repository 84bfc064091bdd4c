package dev.graft.lambda;

import dev.graft.feature.ConfigurationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/** Reads the variables of a function and reports everything that is wrong with them at once. */
public final class Environment {
    private final Map<String, String> variables;
    private final List<String> problems = new ArrayList<>();

    /** Reads from {@code variables}, as {@link System#getenv()} gives them. */
    public Environment(Map<String, String> variables) {
        this.variables = variables;
    }

    /** A variable that must be there; empty text and a noted problem if it is not. */
    public String required(String name) {
        String value = variables.getOrDefault(name, "");
        if (value.isBlank()) {
            problems.add(name + " is not set: set it in the environment of the function");
        }
        return value;
    }

    /** A whole number in {@code min..max}, or {@code otherwise} where the variable is not set. */
    public long number(String name, long otherwise, long min, long max) {
        String value = variables.getOrDefault(name, "");
        if (value.isBlank()) {
            return otherwise;
        }
        Optional<Long> number = Optional.empty();
        if (value.matches("[0-9]{1,18}")) {
            number = Optional.of(Long.valueOf(value)).filter(n -> n >= min && n <= max);
        }
        return number.orElseGet(
                () -> {
                    problems.add(
                            "%s is '%s': expected a whole number from %d to %d"
                                    .formatted(name, value, min, max));
                    return otherwise;
                });
    }

    /**
     * One of some words, and what it stands for.
     *
     * @param values by word
     * @param otherwise the word that counts where the variable is not set
     */
    public <T> T choice(String name, Map<String, T> values, String otherwise) {
        String word = optional(name, otherwise);
        if (!values.containsKey(word)) {
            String words = String.join(" or ", new TreeSet<>(values.keySet()));
            problems.add("%s is '%s': expected %s".formatted(name, word, words));
        }
        return Objects.requireNonNull(values.getOrDefault(word, values.get(otherwise)));
    }

    /**
     * Ends the reading.
     *
     * @throws ConfigurationException if anything was wrong; the message lists all of it
     */
    public void check() {
        if (!problems.isEmpty()) {
            throw new ConfigurationException(
                    "the function cannot start: " + String.join("; ", problems));
        }
    }

    /**
     * Threads of one run of the backbone: one up to 1,769 MB of memory (a whole vCPU of Lambda),
     * then one for each such share.
     */
    public int threads() {
        return (int) Math.max(1, number("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", 128, 1, 1 << 20) / 1769);
    }

    /** A variable that may be missing; empty if it is, or says nothing. */
    public Optional<String> optional(String name) {
        return Optional.of(optional(name, "")).filter(value -> !value.isEmpty());
    }

    /** A variable that may be missing, and what counts then. */
    public String optional(String name, String otherwise) {
        String value = variables.getOrDefault(name, "");
        return value.isBlank() ? otherwise : value;
    }
}
