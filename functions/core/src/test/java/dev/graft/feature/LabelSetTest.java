package dev.graft.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelSetTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Damage",
                "2nd",
                "-a",
                "a b",
                "a.b",
                "a/b",
                "a#b",
                "*",
                "ä",
                "a_b",
                "train",
                "validation",
                "abcdefghijklmnopqrstuvwxyz1234567"
            })
    void refusesWhatATagAHeaderAndAPathCannotAllHold(String name) {
        var refused = assertThrows(BadRequestException.class, () -> LabelSet.of(name));
        assertTrue(refused.getMessage().contains("'" + name + "'"), refused.getMessage());
        assertEquals(Optional.empty(), LabelSet.named(name));
    }

    @Test
    void theFilesOfTheDefaultSetAreWhereThereAreNoSets() {
        assertEquals("", LabelSet.of("default").folder());
        assertEquals("sets/sub-type2/", LabelSet.of("sub-type2").folder());
    }

    @Test
    void theDefaultSetIsTheFirst() {
        var sets = new TreeSet<>(List.of(LabelSet.of("a"), LabelSet.of("z"), LabelSet.DEFAULT));
        assertEquals("[default, a, z]", sets.toString());
    }

    @Test
    void anObjectNamesTheSetInItsTagsAndMetadata() {
        ImageFile file =
                ImageFile.of(
                        new StoredObject("images/a.jpg", "", java.time.Instant.EPOCH),
                        new byte[0],
                        Map.of(
                                "label.damage",
                                "dent",
                                "label",
                                "car",
                                "label.No",
                                "x",
                                "other",
                                "y"),
                        Map.of("label-damage", "rust", "label-sub-type", "van", "labelled", "z"));
        LabelSet damage = new LabelSet("damage");
        assertEquals(Map.of(LabelSet.DEFAULT, "car", damage, "dent"), file.tagLabels());
        assertEquals(
                Map.of(damage, "rust", new LabelSet("sub-type"), "van"), file.metadataLabels());
        assertEquals(Optional.of("car"), file.tagLabel());
        assertEquals(Optional.empty(), file.metadataLabel());
    }
}
