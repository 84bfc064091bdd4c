package dev.graft.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Formats that people send and that are not read, told by their first bytes, to name them. */
enum ForeignFormat {
    HEIC("HEIC", "    ftyphei", "    ftyphev", "    ftypmif1", "    ftypmsf1"),
    AVIF("AVIF", "    ftypavi"),
    RAW("camera raw", "    ftypcrx", "FUJIFILMCCD-RAW"),
    MOVIE("video", "    ftyp", "\u001aE\u00df\u00a3", "RIFF    AVI "),
    JPEG_XL("JPEG XL", "\u00ff\n", "\0\0\0\fJXL "),
    JPEG_2000("JPEG 2000", "\0\0\0\fjP  ", "\u00ffO\u00ffQ"),
    TIFF("TIFF (or camera raw)", "II*\0", "MM\0*", "II+\0", "MM\0+", "IIU\0"),
    BMP("BMP", "BM"),
    ICON("icon", "\0\0\1\0"),
    PHOTOSHOP("Photoshop", "8BPS"),
    PDF("PDF", "%PDF"),
    SVG("SVG", "<svg"),
    XML("XML or HTML", "<"),
    ZIP("zip", "PK\u0003\u0004");

    private static final int LONGEST = 16;

    private final String title;
    private final List<String> starts;

    /**
     * @param starts of which a file has one, a space standing for any byte
     */
    ForeignFormat(String title, String... starts) {
        this.title = title;
        this.starts = List.of(starts);
    }

    /** The first that fits: the more exact ones stand before the others. */
    static Optional<ForeignFormat> of(byte[] file) {
        String start =
                new String(file, 0, Math.min(LONGEST, file.length), StandardCharsets.ISO_8859_1);
        return Arrays.stream(values())
                .filter(format -> format.starts.stream().anyMatch(one -> begins(start, one)))
                .findFirst();
    }

    private static boolean begins(String start, String pattern) {
        if (start.length() < pattern.length()) {
            return false;
        }
        for (int i = 0; i < pattern.length(); i++) {
            if (pattern.charAt(i) != ' ' && pattern.charAt(i) != start.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** As people call it. */
    String title() {
        return title;
    }
}
