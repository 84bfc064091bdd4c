package dev.graft.classifier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.BadRequestException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartFormTest {
    private static final String TYPE = "multipart/form-data; boundary=X-1";
    private static final String PART =
            "--X-1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\r\n";

    @Test
    void givesTheBytesOfItsFile() {
        byte[] content = new byte[999];
        new Random(1).nextBytes(content);
        var form = new ByteArrayOutputStream();
        form.writeBytes(bytes(PART));
        form.writeBytes(content);
        form.writeBytes(bytes("\r\n--X-1--\r\n"));
        assertArrayEquals(content, MultipartForm.file(TYPE, form.toByteArray()));
        String quoted = "Multipart/Form-Data; charset=utf-8; boundary=\"X-1\"";
        assertArrayEquals(content, MultipartForm.file(quoted, form.toByteArray()));
    }

    @Test
    void anEmptyFileIsEmpty() {
        assertArrayEquals(new byte[0], MultipartForm.file(TYPE, bytes(PART + "\r\n--X-1--")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--X-1--",
                "--X-2\r\n\r\na\r\n--X-2--",
                PART + "a",
                PART + "a\r\n--X-1",
                PART + "a\r\n" + PART + "b\r\n--X-1--",
                "--X-1\r\nno end of the headers"
            })
    void refusesWhatHasNotExactlyOneFile(String form) {
        var refused =
                assertThrows(
                        BadRequestException.class, () -> MultipartForm.file(TYPE, bytes(form)));
        assertTrue(refused.getMessage().contains("exactly one file"), refused.getMessage());
    }

    @Test
    void anyOtherBodyIsNone() {
        for (String type :
                new String[] {"", "image/jpeg", "multipart/form-data", "text/plain; boundary=a"}) {
            assertFalse(MultipartForm.is(type), type);
        }
        assertTrue(MultipartForm.is(TYPE));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
