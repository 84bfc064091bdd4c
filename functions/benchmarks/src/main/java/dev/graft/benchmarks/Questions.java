package dev.graft.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * How the programs of the suite talk with {@code programs.py}: a question is a line on standard
 * input, words between tabs, and an answer is a line that begins with {@value #ANSWER}, then JSON.
 */
public final class Questions {
    private static final String ANSWER = "answer ";
    private static final ObjectMapper JSON = new ObjectMapper();

    private Questions() {}

    /** Answers one question. */
    public interface Answers {
        /** Gives figures by name: numbers, texts, or lists of these. */
        Map<String, ?> to(String[] words) throws IOException;
    }

    /** Tells something. */
    public static void answer(Map<String, ?> figures) {
        try {
            System.out.println(ANSWER + JSON.writeValueAsString(figures));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers until nobody asks any more. */
    public static void answerAll(Answers answers) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            answer(answers.to(line.split("\t")));
        }
    }
}
