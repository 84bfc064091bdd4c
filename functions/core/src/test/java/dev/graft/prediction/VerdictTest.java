package dev.graft.prediction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.feature.BadRequestException;
import dev.graft.feature.DamagedFileException;
import dev.graft.feature.StoreException;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import dev.graft.testing.InMemoryHeadStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {
    private static final Recognition KNOWN = new Recognition(true, null, null);
    private static final Recognition UNKNOWN = new Recognition(false, "unlike all", null);

    private final InMemoryHeadStore store = new InMemoryHeadStore();
    private Instant now = Instant.EPOCH;
    private final List<RuntimeException> failures = new ArrayList<>();
    private final LatestSettings latest =
            new LatestSettings(store, Duration.ofMinutes(1), () -> now, failures::add);

    private static Head head(Activation activation) {
        return new Head(
                "v",
                List.of("cat", "dog", "fox"),
                "b",
                new Head.Parameters(
                        new float[3], new float[3], new float[1], new float[] {1}, 1, activation));
    }

    private static VerdictSettings settings(String json) {
        try {
            return VerdictSettings.of(new ObjectMapper().readTree(json.replace('\'', '"')));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    private static Verdict verdict(String settings, double... probabilities) {
        return Verdict.of(settings(settings), head(Activation.SOFTMAX), probabilities, KNOWN);
    }

    @Test
    void withoutSettingsAClassIsGivenThatIsMoreProbableThanAllOthers() {
        Verdict sure = verdict("{}", 0.2, 0.6, 0.2);
        assertEquals("label", sure.action());
        assertEquals("dog", sure.label());
        assertEquals(0.4, sure.expectedCost(), 1e-12);
        assertNull(sure.reason());
        Verdict doubtful = verdict("{}", 0.3, 0.4, 0.3);
        assertEquals("review", doubtful.action());
        assertEquals(0.5, doubtful.expectedCost());
        assertEquals(
                "dog is expected to cost 0.600, and a person who looks 0.500", doubtful.reason());
    }

    @Test
    void anImageThatIsNotKnownIsForAPerson() {
        double[] sure = {1, 0, 0};
        Head head = head(Activation.SOFTMAX);
        Verdict unknown = Verdict.of(VerdictSettings.DEFAULT, head, sure, UNKNOWN);
        assertEquals(new Verdict("unknown", "cat", 0.5, "unlike all"), unknown);
        Recognition unsure = Recognition.notCompared();
        Verdict review = Verdict.of(VerdictSettings.DEFAULT, head, sure, unsure);
        assertEquals(new Verdict("review", "cat", 0.5, unsure.reason()), review);
    }

    @Test
    void aThresholdDecidesAloneAboutItsClass() {
        String some = "{'thresholds': {'cat': 0.9, 'dog': 0.3, 'fox': 1}}";
        assertEquals("review", verdict(some, 0.89, 0.11, 0).action());
        assertEquals("label", verdict(some, 0.9, 0.1, 0).action());
        assertEquals("label", verdict(some, 0.3, 0.4, 0.3).action());
        assertEquals("review", verdict(some, 0, 0, 1).action(), "1 has a person look at each");
    }

    @Test
    void theClassIsGivenThatIsExpectedToCostLeast() {
        String fox = "{'costs': {'fox': {'cat': 10}}, 'review': 0.7}"; // a fox let in as a cat
        Verdict verdict = verdict(fox, 0.55, 0.35, 0.10);
        assertEquals("dog", verdict.label()); // 0.65 against 0.45 + 0.1 x 9
        assertEquals("label", verdict.action());
        assertEquals(0.65, verdict.expectedCost(), 1e-12);
        assertEquals("cat", verdict(fox, 0.65, 0.35, 0).label());
    }

    @Test
    void eachLabelOfAMultiLabelHeadHasToReachItsThreshold() {
        VerdictSettings dog = settings("{'thresholds': {'dog': 0.8}}");
        Head head = head(Activation.SIGMOID);
        Verdict both = Verdict.of(dog, head, new double[] {0.6, 0.8, 0.1}, KNOWN);
        assertEquals(new Verdict("label", "cat+dog", null, null), both);
        Verdict doubt = Verdict.of(dog, head, new double[] {0.9, 0.7, 0.1}, KNOWN);
        assertEquals("review", doubt.action());
        assertEquals("dog has the probability 0.700, and its threshold is 0.800", doubt.reason());
        assertTrue(
                settings("{'costs': {'cat': {'dog': 2}}}")
                        .notFor(head)
                        .getFirst()
                        .contains("multi-label"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"thresholds": {"cat": 1.1}}     | thresholds.cat is 1.1: expected a number from 0 to 1
                    {"thresholds": {"cat": "high"}}  | thresholds.cat is "high": expected a number
                    {"thresholds": [0.5]}            | thresholds is [0.5]: expected an object
                    {"costs": {"cat": 5}}            | costs.cat is 5: expected an object
                    {"costs": {"cat": {"dog": -1}}}  | costs.cat.dog is -1: expected a number
                    {"costs": {"cat": {"cat": 0}}}   | costs.cat has the class itself
                    {"review": null}                 | review is null: expected a number
                    """)
    void refusesWhatIsNoSetting(String json, String reason) {
        var refused = assertThrows(BadRequestException.class, () -> settings(json));
        assertTrue(refused.getMessage().startsWith(reason), refused.getMessage());
    }

    @Test
    void namesTheClassesThatAHeadDoesNotHave() {
        VerdictSettings settings =
                settings("{'thresholds': {'cow': 1}, 'costs': {'cat': {'elk': 2}}}");
        List<String> unused = settings.notFor(head(Activation.SOFTMAX));
        assertEquals(2, unused.size());
        assertEquals(
                "thresholds has the class 'cow', which head v does not have: expected one of cat, dog, fox",
                unused.getFirst());
    }

    @Test
    void settingsAreReadOnceAMinuteAndStayWhileTheFileIsDamaged() {
        assertEquals(VerdictSettings.DEFAULT, latest.get());
        VerdictSettings strict = settings("{'thresholds': {'cat': 0.9}}");
        new LatestSettings(store, Duration.ZERO, () -> now, failures::add).replace(strict);
        assertEquals(VerdictSettings.DEFAULT, latest.get(), "not read again so soon");
        now = now.plusSeconds(60);
        assertEquals(strict, latest.get());
        assertTrue(store.replaceSettings("{".getBytes(), store.settings()));
        now = now.plusSeconds(60);
        assertEquals(strict, latest.get());
        assertEquals(1, failures.size());
        LatestSettings other = new LatestSettings(store, Duration.ZERO, () -> now, failures::add);
        StoreException damaged = assertThrows(DamagedFileException.class, other::get);
        assertTrue(damaged.getMessage().contains("PUT /settings"), damaged.getMessage());
        VerdictSettings all = new VerdictSettings(Map.of("cat", 0.5), Map.of(), 2);
        latest.replace(all);
        assertEquals(all, latest.get(), "at once where it was replaced");
        assertEquals(all, other.get());
    }
}
