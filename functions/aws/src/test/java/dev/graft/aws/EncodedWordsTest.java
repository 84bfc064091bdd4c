package dev.graft.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncodedWordsTest {

    @ParameterizedTest
    @ValueSource(strings = {"red cat", "=?UTF-8?Q?a?=", "a\nb", "Café 猫", "", " "})
    void encodesWhatHeadersCannotHold(String text) {
        for (String one : List.of(text, text.repeat(60))) {
            String encoded = EncodedWords.encoded(one);
            assertTrue(encoded.matches("[ -~]*"), encoded);
            assertEquals(one, EncodedWords.decoded(encoded));
            boolean isWords = encoded.startsWith("=?UTF-8?B?");
            assertTrue(
                    !isWords
                            || List.of(encoded.split(" ")).stream()
                                    .allMatch(EncodedWordsTest::isShort));
        }
        assertEquals("=?UTF-8?B?Q2Fmw6k=?=", EncodedWords.encoded("Café"));
    }

    /** RFC 2047, section 2. */
    private static boolean isShort(String word) {
        return word.length() <= 75;
    }

    /** The last five are the examples of RFC 2047, section 8. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "cat|cat",
                "=?UTF-8?B?Q2Fmw6k=?=|Café",
                "=?UTF-8?Q?Caf=C3=A9?=|Café",
                "=?utf-8?q?red_cat?=|red cat",
                "=?UTF-8?B?54yr?= =?UTF-8?B?54yr?=|猫猫",
                "=?ISO-8859-1?Q?Patrik_F=E4ltstr=F6m?=|Patrik Fältström",
                "=?UTF-8*en?Q?cat?=|cat",
                "a =?UTF-8?B?54yr?= b|a 猫 b",
                "=?none-such?Q?cat?=|=?none-such?Q?cat?=",
                "=?UTF-8?Q?cat=Z?=|=?UTF-8?Q?cat=Z?=",
                "=?UTF-8?B?*?=|",
                "1 =? 2 ?= 3|1 =? 2 ?= 3",
                "$1|$1",
                "=?ISO-8859-1?Q?a?=|a",
                "=?ISO-8859-1?Q?a?= b|a b",
                "=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=|ab",
                "=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=|ab",
                "=?ISO-8859-1?Q?a_b?=|a b"
            })
    void decodes(String text, String meant) {
        assertEquals(meant == null ? "" : meant, EncodedWords.decoded(text));
    }
}
