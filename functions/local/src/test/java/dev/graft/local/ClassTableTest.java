package dev.graft.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.head.HeadCard;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClassTableTest {
    private static HeadCard.Validated validated(List<String> names, int[]... confusion) {
        int[] support =
                IntStream.range(0, names.size())
                        .map(i -> IntStream.of(confusion[i]).sum())
                        .toArray();
        List<HeadCard.OfClass> classes =
                IntStream.range(0, names.size())
                        .mapToObj(
                                i ->
                                        new HeadCard.OfClass(
                                                names.get(i), support[i], 0.5, 1, 0.5, null))
                        .toList();
        return new HeadCard.Validated(
                0,
                0,
                0,
                0,
                confusion,
                support,
                support,
                null,
                0,
                null,
                null,
                classes,
                null,
                List.of(),
                new HeadCard.LabelDoctor(0, List.of()),
                null,
                null);
    }

    @Test
    void fewClassesHaveTheirMatrixUnderNumbers() {
        var validated =
                validated(List.of("fox", "Löwenzahn"), new int[] {9, 1}, new int[] {0, 120});
        assertEquals(
                List.of(
                        "    class     images  precision  recall   predicted as     1     2",
                        "  1 fox           10      50.0%  100.0%                    9     1",
                        "  2 Löwenzahn    120      50.0%  100.0%                    0   120"),
                ClassTable.lines(validated));
    }

    @Test
    void ofManyClassesTheWorstPairsFollow() {
        int many = 60;
        List<String> names = IntStream.range(0, many).mapToObj("class %02d"::formatted).toList();
        int[][] confusion = new int[many][many];
        for (int i = 0; i < many; i++) {
            confusion[i][i] = 4;
            confusion[i][(i + 1) % many] = i == 41 ? 6 : i % 2;
        }
        List<String> lines = ClassTable.lines(validated(names, confusion));
        assertEquals("    class    images  precision  recall", lines.getFirst());
        assertEquals("    class       predicted as images  of all", lines.get(many + 2));
        assertEquals("    class 41 -> class 42      6   60.0%", lines.get(many + 3));
        assertEquals("    and 10 pairs more", lines.getLast());
        assertTrue(lines.stream().allMatch(line -> line.length() <= 80), lines::toString);
    }

    @Test
    void aNameTakesNoMoreThanFortyCharacters() {
        String line = ClassTable.lines(validated(List.of("x".repeat(60)), new int[] {1})).get(1);
        assertTrue(line.startsWith("  1 " + "x".repeat(39) + "… "), line);
    }

    @Test
    void classesThatAreNeverMixedUpHaveNoPairs() {
        int many = 20;
        int[][] confusion = new int[many][many];
        for (int i = 0; i < many; i++) {
            confusion[i][i] = 1;
        }
        List<String> names = IntStream.range(0, many).mapToObj("class %02d"::formatted).toList();
        assertEquals(many + 1, ClassTable.lines(validated(names, confusion)).size());
    }
}
