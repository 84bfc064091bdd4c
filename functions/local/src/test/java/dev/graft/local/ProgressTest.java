package dev.graft.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static String shown(boolean terminal, int total) {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            Progress progress = new Progress(total, terminal);
            for (int done = 0; done <= total; done++) {
                progress.show(done);
            }
            progress.show(total + 1);
            progress.end();
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aFileGetsALineForEachTenth() {
        String text = shown(false, 5_500);
        assertEquals(10, text.lines().count());
        assertFalse(text.contains("\r"));
        assertTrue(text.startsWith("550 of 5,500 images featurized\n1,100 of"), text);
        assertTrue(text.endsWith("\n5,500 of 5,500 images featurized\n"), text);
        assertEquals(3, shown(false, 3).lines().count());
        assertEquals("", shown(false, 0));
    }

    @Test
    void aTerminalGetsABar() {
        String text = shown(true, 40);
        assertTrue(text.startsWith("\r[" + " ".repeat(40) + "] 0 of 40 images"), text);
        assertTrue(text.endsWith("\r[" + "#".repeat(40) + "] 40 of 40 images featurized\n"), text);
    }
}
