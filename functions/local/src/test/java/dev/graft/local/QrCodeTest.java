package dev.graft.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.decoder.Decoder;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A phone reads what the terminal and the page draw. */
class QrCodeTest {
    private static final String ADDRESS =
            "http://192.168.178.123:8080/?token=0123456789abcdef0123456789abcdef01234567";

    private final QrCode code = QrCode.of(ADDRESS);

    @Test
    void theLinesOfTheTerminalAreRead() throws Exception {
        List<String> lines = code.halfBlocks().lines().toList();
        BitMatrix read = new BitMatrix(code.size() - 2 * QrCode.MARGIN);
        for (int y = 0; y < read.getHeight(); y++) {
            for (int x = 0; x < read.getWidth(); x++) {
                char drawn = lines.get((y + QrCode.MARGIN) / 2).charAt(x + QrCode.MARGIN);
                String light = (y + QrCode.MARGIN) % 2 == 0 ? "\u2588\u2580" : "\u2588\u2584";
                if (light.indexOf(drawn) < 0) {
                    read.set(x, y);
                }
            }
        }
        assertEquals(ADDRESS, new Decoder().decode(read).getText());
    }

    @Test
    void thePathOfThePageIsRead() throws Exception {
        BitMatrix read = new BitMatrix(code.size() - 2 * QrCode.MARGIN);
        Pattern.compile("M(\\d+) (\\d+)h1v1h-1z")
                .matcher(code.path())
                .results()
                .forEach(
                        module ->
                                read.set(
                                        Integer.parseInt(module.group(1)) - QrCode.MARGIN,
                                        Integer.parseInt(module.group(2)) - QrCode.MARGIN));
        assertEquals(ADDRESS, new Decoder().decode(read).getText());
    }

    @Test
    void aMarginIsLight() {
        for (int i = 0; i < code.size(); i++) {
            for (int edge : List.of(0, QrCode.MARGIN - 1, code.size() - 1)) {
                assertFalse(code.isDark(i, edge) || code.isDark(edge, i));
            }
        }
        assertEquals((code.size() + 1) / 2, code.coloured().lines().count());
    }
}
