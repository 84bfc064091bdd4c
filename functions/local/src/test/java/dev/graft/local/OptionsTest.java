package dev.graft.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
    @TempDir Path folder;

    @Test
    void everyOptionHasADefault() {
        Options options =
                parsed(
                        new String[] {
                            "-Dimages=", "-Dserve=", "-Dport=", "-Ddata=" + folder, "-Dbackbone="
                        },
                        Map.of("CI", "true"));
        assertTrue(options.serve());
        assertEquals(8080, options.port());
        assertEquals("", options.backbone());
        assertEquals(Optional.empty(), options.images(), "the samples are for a first try only");
        assertEquals(Optional.empty(), options.report());
        assertFalse(options.verify());
        assertFalse(options.lan());
        assertEquals(Removal.ASK, options.removal());
        assertEquals("one", options.labelsPerImage());
        assertEquals(0, options.answerDays());
        assertFalse(options.answerPictures());
    }

    @Test
    void answersAreKeptForAYearAtMost() {
        String[] given = {"-Ddata=" + folder, "-DanswerDays=365", "-DanswerPictures=true"};
        Options options = parsed(given, Map.of());
        assertEquals(365, options.answerDays());
        assertTrue(options.answerPictures());
        for (String wrong : new String[] {"366", "-1", "1.5", "a year"}) {
            String[] args = {"-Ddata=" + folder, "-DanswerDays=" + wrong};
            var refused =
                    assertThrows(
                            IllegalArgumentException.class, () -> parsed(args, Map.of()), wrong);
            assertTrue(refused.getMessage().contains("a number from 0 to 365"), wrong);
        }
    }

    @Test
    void readsWhatWasGiven() {
        Options options =
                parsed(
                        new String[] {
                            "-Dimages=" + folder, "-Dserve=false", "-Dport=0", "-Dreport=r.json"
                        },
                        Map.of("CI", "true"));
        assertEquals(Optional.of(folder), options.images());
        assertFalse(options.serve());
        assertEquals(0, options.port());
        assertEquals(Optional.of(Path.of("r.json")), options.report());
    }

    @ParameterizedTest
    @ValueSource(strings = {"~", "~/pictures of mine"})
    void aPathMayStartAtHome(String given) {
        String home = System.getProperty("user.home");
        Options options =
                parsed(
                        new String[] {"-Dimages=" + folder, "-Ddata=" + given},
                        Map.of("CI", "true"));
        assertEquals(Optional.of(Path.of(home + given.substring(1))), options.data());
        options = parsed(new String[] {"-Dimages=" + folder, "-Ddata=a/~b"}, Map.of("CI", "true"));
        assertEquals(Optional.of(Path.of("a/~b")), options.data());
        assertEquals(
                " with the pictures in "
                        + folder
                        + ", and keeps everything in a/~b (delete that folder to start afresh)",
                options.from());
    }

    @Test
    void dataOfOwnPicturesIsKeptUnlessABuildServerRuns() {
        String[] own = {"-Dimages=" + folder};
        Map<String, String> home = Map.of("XDG_DATA_HOME", folder.resolve("kept").toString());
        Path kept = parsed(own, home).data().orElseThrow();
        assertEquals(folder.resolve("kept/graft"), kept.getParent());
        assertEquals(Optional.empty(), parsed(own, Map.of("CI", "true")).data());
        String[] said = {"-Dimages=" + folder, "-Ddata=here"};
        assertEquals(Optional.of(Path.of("here")), parsed(said, home).data());
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, /home/ann/.local/share/graft/pets-",
        "Mac OS X, /home/ann/Library/Application Support/graft/pets-",
        "Windows 11, /home/ann/AppData/Local/graft/pets-"
    })
    void dataIsKeptWhereTheProgramsOfTheSystemKeepTheirs(String system, String start) {
        Path home = Path.of("/home/ann");
        Path pets = DefaultData.of(Path.of("/a/pets"), Map.of(), system, home).orElseThrow();
        assertTrue(pets.toString().matches(start + "[0-9a-f]{8}"), pets.toString());
        Path others = DefaultData.of(Path.of("/b/pets"), Map.of(), system, home).orElseThrow();
        assertNotEquals(pets, others, "another folder of the same name");
    }

    @ParameterizedTest
    @CsvSource({
        "-Dserve=yes, true or false",
        "-Dverify=1, true or false",
        "-Dremove=yes, true or false",
        "-Dlan=yes, true or false",
        "-DlabelsPerImage=2, one or several",
        "-Dport=80000, 65535",
        "-Dimages=nowhere, folder"
    })
    void aWrongValueNamesItAndListsTheOptions(String given, String expected) {
        String message = refused(given);
        assertTrue(message.contains(given) && message.contains(expected), message);
        assertTrue(message.contains("-Dbackbone="), message);
    }

    @Test
    void phonesAreLetInWhereItGoesOnServing() {
        String[] given = {"-Dimages=" + folder, "-Dlan=true"};
        assertTrue(parsed(given, Map.of("CI", "true")).lan());
        String[] ended = {"-Dimages=" + folder, "-Dlan=true", "-Dserve=false"};
        String message =
                assertThrows(IllegalArgumentException.class, () -> parsed(ended, Map.of()))
                        .getMessage();
        assertTrue(message.contains("-Dlan=true: expected that it goes on serving"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"image", "Port", "backbon"})
    void aMistypedOptionListsTheOptions(String name) {
        String message = refused("given={" + name + "=x, maven.test.skip=true}");
        assertTrue(message.contains("unknown option " + name + "\n"), message);
        assertTrue(message.contains("-Dreport="), message);
    }

    @Test
    void whatMavenAndItsPluginsSetIsNoOption() {
        String given = "given={git.commit.id=cd76c81, maven.test.skip=true, style.color=never}";
        assertTrue(
                parsed(new String[] {"-Dimages=" + folder, given}, Map.of("CI", "true")).serve());
    }

    private static Options parsed(String[] arguments, Map<String, String> environment) {
        return Options.parse(new MavenProperties(), arguments, environment);
    }

    private String refused(String argument) {
        String[] arguments = {"-Dimages=" + folder, argument};
        return assertThrows(IllegalArgumentException.class, () -> parsed(arguments, Map.of()))
                .getMessage();
    }
}
