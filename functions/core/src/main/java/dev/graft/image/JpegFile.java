package dev.graft.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The segments of a JPEG file (ITU-T T.81, annex B). */
final class JpegFile {
    private static final int LAST_SEQUENTIAL = 0xc1;
    private static final int FIRST_ARITHMETIC = 0xc9;
    private static final int END_OF_IMAGE = 0xd9;
    private static final int START_OF_SCAN = 0xda;
    private static final int JFIF = 0xe0;
    private static final int EXIF = 0xe1;
    private static final int PROFILE = 0xe2;
    private static final int ADOBE = 0xee;
    private static final int PROFILE_HEADER = 16;

    /**
     * Most scans times pixels: a scan goes over all pixels, whatever it says of them. Ten scans, as
     * encoders make them, of the largest picture are half of it; it takes about two seconds.
     */
    private static final long MOST_SCANNED_PIXELS = 2_000_000_000;

    /** Of fewer bytes the decoder does not notice that they are too few. */
    private static final int SHORTEST_SCAN = 2;

    private final ByteBuffer file;
    private final PixelPath path;
    private final ByteArrayOutputStream profile = new ByteArrayOutputStream();
    private final List<Integer> profileAt = new ArrayList<>();
    private boolean profileInOrder = true;
    private int width;
    private int height;
    private int orientation;
    private int frame;
    private int components;
    private int scanned;
    private int scans;
    private int scanAt;
    private int adobeAt;
    private boolean jfif;

    private JpegFile(ByteBuffer file, PixelPath path) {
        this.file = file;
        this.path = path;
    }

    /**
     * Walks to the end-of-image marker; what follows it (other pictures, a maker's notes) is left
     * alone. A file without that marker may still hold every pixel, which the decoder finds out if
     * there is one scan; of a progressive one nobody can tell.
     */
    static ImageHeader header(ByteBuffer file, PixelPath path) {
        JpegFile jpeg = new JpegFile(file, path);
        boolean ended = jpeg.walk();
        if (jpeg.width == 0 || jpeg.height == 0 || jpeg.scanned == 0) {
            throw new IllegalArgumentException("no picture before the end-of-image marker");
        }
        return jpeg.header(ended);
    }

    private ImageHeader header(boolean ended) {
        boolean fits = profileInOrder && ImageHeader.tagsFit(profile.toByteArray());
        int transform = adobeAt == 0 ? -1 : file.get(adobeAt + 13);
        @Nullable JpegInks inks = components == 4 && !fits ? JpegInks.of(transform) : null;
        byte[] bytes = file.array();
        boolean copied = !ended;
        if (copied) {
            bytes = Arrays.copyOf(bytes, bytes.length + 2);
            bytes[bytes.length - 2] = (byte) 0xff;
            bytes[bytes.length - 1] = (byte) END_OF_IMAGE;
        }
        if (!fits && !profileAt.isEmpty()) {
            bytes = copied ? bytes : bytes.clone();
            copied = true;
            for (int at : profileAt) {
                bytes[at + 2] = '-'; // not for the decoder
            }
        }
        if (path == PixelPath.P1) {
            return new ImageHeader(width, height, 0, 0, turn(), null, inks, bytes);
        }
        if (jfif && adobeAt > 0 && components == 3) {
            // JFIF says YCbCr; the decoder would believe the Adobe marker (libjpeg believes JFIF)
            bytes = copied ? bytes : bytes.clone();
            bytes[adobeAt + 2] = '-';
        }
        byte @Nullable [] grey =
                components == 1 ? ImageHeader.suitable(profile.toByteArray(), true) : null;
        return new ImageHeader(width, height, 0, 0, turn(), grey, inks, bytes);
    }

    private int turn() {
        return Math.max(1, orientation);
    }

    /** Whether there is an end-of-image marker. */
    private boolean walk() {
        int at = 2;
        while (true) {
            at = marker(at);
            if (at >= file.limit() && endsWithWholeScan()) {
                return false;
            }
            int marker = file.get(at++) & 0xff;
            if (marker == END_OF_IMAGE) {
                return true;
            }
            if (marker <= 0x01 || marker >= 0xd0 && marker <= 0xd8) {
                continue; // stuffed byte of a scan, or a marker without a segment
            }
            int length = Short.toUnsignedInt(file.getShort(at));
            segment(marker, at, length);
            at += length;
        }
    }

    private boolean endsWithWholeScan() {
        boolean whole = frame > 0 && frame <= LAST_SEQUENTIAL && scanned == components;
        return whole && file.limit() > scanAt + SHORTEST_SCAN;
    }

    private void segment(int marker, int at, int length) {
        if (isFrame(marker)) {
            if (marker >= FIRST_ARITHMETIC) {
                throw new UnreadableImageException(
                        UnreadableImageException.Reason.UNSUPPORTED,
                        "the JPEG file is compressed by arithmetic coding, which hardly any program"
                                + " reads; save it anew in an image editor");
            }
            frame = marker;
            height = Short.toUnsignedInt(file.getShort(at + 3));
            width = Short.toUnsignedInt(file.getShort(at + 5));
            components = file.get(at + 7);
        } else if (marker == START_OF_SCAN) {
            countScan();
            scanned += file.get(at + 2);
            scanAt = at + length;
        } else if (marker == JFIF && begins(at, length, "JFIF\0")) {
            jfif = true;
        } else if (marker == EXIF && begins(at, length, "Exif\0\0")) {
            if (orientation == 0 || path == PixelPath.P1) {
                orientation = ExifOrientation.of(file.slice(at + 8, length - 8), path);
            }
        } else if (marker == PROFILE && begins(at, length, "ICC_PROFILE")) {
            profileAt.add(at);
            // what others would make of any other start or order is not known
            profileInOrder &=
                    begins(at, length, "ICC_PROFILE\0")
                            && (file.get(at + 14) & 0xff) == profileAt.size();
            profile.write(file.array(), at + PROFILE_HEADER, Math.max(0, length - PROFILE_HEADER));
        } else if (marker == ADOBE && begins(at, length, "Adobe")) {
            adobeAt = at;
        }
    }

    private void countScan() {
        scans++;
        long most = MOST_SCANNED_PIXELS / Math.max(1, (long) width * height);
        if (scans > most) {
            throw new UnreadableImageException(
                    UnreadableImageException.Reason.DAMAGED,
                    "the JPEG file has more than %d scans for its %d x %d pixels, where about ten are usual; save it anew in an image editor"
                            .formatted(most, width, height));
        }
    }

    /** Whether the segment of that length has that signature. */
    private boolean begins(int at, int length, String signature) {
        byte[] expected = signature.getBytes(StandardCharsets.US_ASCII);
        return length >= 2 + expected.length
                && ByteBuffer.wrap(expected).equals(file.slice(at + 2, expected.length));
    }

    /** The place of the next marker's second byte; the end of the file if there is none. */
    private int marker(int from) {
        byte[] bytes = file.array();
        int at = from;
        while (at < bytes.length && bytes[at] != (byte) 0xff) {
            at++;
        }
        while (at < bytes.length && bytes[at] == (byte) 0xff) {
            at++;
        }
        return at;
    }

    private static boolean isFrame(int marker) {
        return marker >= 0xc0
                && marker <= 0xcf
                && marker != 0xc4
                && marker != 0xc8
                && marker != 0xcc;
    }
}
