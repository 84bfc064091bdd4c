package dev.graft.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodedWordsTest {

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
