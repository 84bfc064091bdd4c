package dev.graft.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.ConflictException;
import dev.graft.feature.Float16;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Two heads over kept answers: one splits the only value of a feature at 0, the other at 2. */
class ShadowTest {
    private final List<KeptAnswer> answers = new ArrayList<>();

    private static Head head(String version, String backbone, float from) {
        return new Head(
                version,
                List.of("high", "low"),
                backbone,
                new Head.Parameters(
                        new float[] {1, -1},
                        new float[2],
                        new float[] {from},
                        new float[] {1},
                        1,
                        Activation.SOFTMAX));
    }

    private void keep(float value, String key, KeptAnswer.@Nullable Told told, String backbone) {
        answers.add(
                new KeptAnswer(
                        KeptAnswer.FORMAT,
                        "id-" + answers.size(),
                        "2026-11-29T12:00:00Z",
                        key,
                        "",
                        "an earlier one",
                        backbone,
                        Float16.encode(new float[] {value}),
                        Map.of(),
                        "whatever was answered then",
                        null,
                        null,
                        told));
    }

    private static KeptAnswer.Told told(@Nullable String label) {
        return new KeptAnswer.Told(label, "", "2026-11-29T12:00:00Z");
    }

    private Shadow shadow(Head other) {
        var day = new KeptAnswers.Day(LocalDate.parse("2026-11-29"), answers.size(), answers);
        return Shadow.of(List.of(day), head("v1", "net", 0), other);
    }

    @Test
    void countsWhereBothDifferAndWhoWasRight() {
        keep(-1, "", told("low"), "net");
        keep(1, "images/a.jpg", told("low"), "net");
        keep(1, "", told("high"), "net");
        keep(1, "images/b.jpg", told(null), "net");
        keep(1, "images/c.jpg", told("low"), "net");
        keep(3, "", null, "net");
        keep(1, "", told("low"), "an earlier network");
        Shadow shadow = shadow(head("v2", "net", 2));
        assertEquals(6, shadow.answers());
        assertEquals(1, shadow.otherNetwork());
        assertEquals(4, shadow.differ());
        assertEquals(
                List.of(
                        new Shadow.Pair(
                                "high",
                                "low",
                                4,
                                List.of(
                                        new Shadow.Example("id-1", "images/a.jpg"),
                                        new Shadow.Example("id-2", ""),
                                        new Shadow.Example("id-3", "images/b.jpg")))),
                shadow.pairs());
        assertEquals(new Shadow.Truth(4, 2, 3), shadow.truth());
    }

    @Test
    void aHeadAgreesWithItself() {
        keep(1, "", null, "net");
        Shadow shadow = shadow(head("v1", "net", 0));
        assertEquals(1, shadow.answers());
        assertEquals(0, shadow.differ());
        assertEquals(List.of(), shadow.pairs());
    }

    @Test
    void featuresOfOneNetworkSayNothingOfAnother() {
        Head other = head("v2", "another", 2);
        var refused = assertThrows(ConflictException.class, () -> shadow(other));
        assertTrue(refused.getMessage().contains("GET /heads/v2/preview"), refused::getMessage);
    }
}
