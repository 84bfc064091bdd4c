package dev.graft.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.KeyFolders;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeNameTest {
    @ParameterizedTest
    @CsvSource({
        "cat, cat",
        "sea view, sea view",
        "none of these, none of these",
        "Straße ü, Straße ü",
        "train, train",
        "red/green, red_green",
        "a+b, a_b",
        "a:b?*|, a_b___",
        "'dot.', dot_",
        ".hidden, _.hidden",
        "CON, _CON",
        "nul.txt, _nul.txt",
        "console, console",
        "val, _val",
        "Test, _Test",
        "Thumbs.db, _Thumbs.db",
        "' ', _",
        ".., _._"
    })
    void aClassHasAFolderThatIsReadAsThatClass(String label, String expected) {
        String folder = SafeName.ofClass(label);
        assertEquals(expected, folder);
        assertEquals(Optional.of(folder), KeyFolders.of("images/" + folder + "/1.jpg").label());
    }

    @ParameterizedTest
    @CsvSource({
        "1.JPG, image/jpeg, 1.JPG",
        "1, image/jpeg, 1.jpg",
        "1.png, image/jpeg, 1.png.jpg",
        "a.b, image/webp, a.b.webp",
        ".jpg, image/jpeg, _.jpg.jpg",
        "aux.jpg, image/jpeg, _aux.jpg",
        "a\\b?.jpeg, image/jpeg, a_b_.jpeg"
    })
    void aPictureHasTheEndingOfItsType(String name, String type, String expected) {
        assertEquals(expected, SafeName.ofFile(name, type));
    }

    @Test
    void longNamesAreCutAndStayDifferent() {
        String name = "😀".repeat(100);
        String one = SafeName.ofFile(name + "a.png", "image/png");
        String other = SafeName.ofFile(name + "b.png", "image/png");
        assertNotEquals(one, other);
        assertTrue(one.getBytes(StandardCharsets.UTF_8).length <= 255, one);
        assertTrue(one.startsWith("😀😀") && one.endsWith(".png") && !one.contains("?"), one);
    }
}
