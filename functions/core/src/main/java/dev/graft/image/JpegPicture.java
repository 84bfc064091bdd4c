package dev.graft.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pixels of a JPEG file, whole or at a half, a quarter or an eighth of both sides, decoded here
 * and not by ImageIO, which decodes all pixels first. It reads what cameras and programs write:
 * Huffman code, 8 bits, grey or YCbCr, sequential or progressive. Whole pictures equal those of
 * libjpeg 6b, on every machine.
 *
 * <p>Whatever is irregular about a file is left to ImageIO, and so is every verdict about damage.
 */
final class JpegPicture {
    private static final int SEQUENTIAL = 0xc0;
    private static final int EXTENDED = 0xc1;
    private static final int PROGRESSIVE = 0xc2;
    private static final int CODES = 0xc4;
    private static final int END_OF_IMAGE = 0xd9;
    private static final int START_OF_SCAN = 0xda;
    private static final int QUANTIZATION = 0xdb;
    private static final int RESTART_INTERVAL = 0xdd;
    private static final int JFIF = 0xe0;
    private static final int PROFILE = 0xe2;
    private static final int ADOBE = 0xee;
    private static final int LAST_APPLICATION = 0xef;
    private static final int COMMENT = 0xfe;
    private static final int PROFILE_HEADER = 16;
    private static final int LARGEST_STEP = 255;

    private final ImageHeader header;
    private final ByteBuffer file;
    private final int side;
    private final Window read;
    private final int[] @Nullable [] steps = new int[4][];
    private final @Nullable JpegCode[] firsts = new JpegCode[4];
    private final @Nullable JpegCode[] others = new JpegCode[4];
    private final ByteArrayOutputStream profile = new ByteArrayOutputStream();
    private @Nullable JpegFrame frame;
    private JpegScript script = new JpegScript(0);
    private int restartEvery;
    private boolean jfif;
    private int adobe = -1;

    private JpegPicture(ImageHeader header, int reduction, Window read) {
        this.header = header;
        this.read = read;
        file = ByteBuffer.wrap(header.file());
        side = 8 / reduction;
    }

    /**
     * Decodes the file of a header. The code is read to its end whatever the window, so that a file
     * is damaged or not whoever asks.
     *
     * @param reduction what both sides are divided by: 1, 2, 4 or 8
     * @param read of the picture as stored and divided
     * @return null if ImageIO is to decode it
     */
    static @Nullable DecodedPixels decode(ImageHeader header, int reduction, Window read) {
        try {
            JpegPicture picture = new JpegPicture(header, reduction, read);
            return picture.pixels(picture.read());
        } catch (IrregularJpegException | IndexOutOfBoundsException irregular) {
            return null;
        }
    }

    private DecodedPixels pixels(JpegFrame whole) {
        byte[] rgb = new JpegColours(whole, read).rgb();
        DecodedPixels pixels = new DecodedPixels(whole.width(), whole.height(), rgb, null);
        byte @Nullable [] colours =
                whole.components().size() == 1
                        ? header.profile()
                        : ImageHeader.suitable(profile.toByteArray(), false);
        return colours == null ? pixels : pixels.fromProfile(colours);
    }

    /** The frame with the samples of all its components. */
    private JpegFrame read() {
        int at = 2;
        while (true) {
            if (file.get(at) != (byte) 0xff) {
                throw new IrregularJpegException();
            }
            int marker = file.get(at + 1) & 0xff;
            if (marker == END_OF_IMAGE) {
                return whole();
            }
            int length = Short.toUnsignedInt(file.getShort(at + 2));
            if (length < 2) {
                throw new IrregularJpegException();
            }
            ByteBuffer segment = file.slice(at + 2, length);
            at += 2 + length;
            if (marker == START_OF_SCAN) {
                at = scan(segment, at);
            } else {
                segment(marker, segment);
            }
        }
    }

    private void segment(int marker, ByteBuffer segment) {
        switch (marker) {
            case SEQUENTIAL, EXTENDED, PROGRESSIVE -> {
                boolean another = frame != null;
                int height = Short.toUnsignedInt(segment.getShort(3));
                int width = Short.toUnsignedInt(segment.getShort(5));
                if (another || width != header.width() || height != header.height()) {
                    throw new IrregularJpegException();
                }
                frame = JpegFrame.of(segment, marker == PROGRESSIVE, side);
                frame.only(read);
                script = new JpegScript(frame.components().size());
            }
            case CODES -> codes(segment);
            case QUANTIZATION -> quantization(segment);
            case RESTART_INTERVAL -> {
                if (segment.limit() != 4) {
                    throw new IrregularJpegException();
                }
                restartEvery = Short.toUnsignedInt(segment.getShort(2));
            }
            case JFIF -> jfif |= begins(segment, "JFIF\0");
            case ADOBE -> adobe = begins(segment, "Adobe") ? segment.get(13) : adobe;
            case PROFILE -> {
                if (begins(segment, "ICC_PROFILE\0")) {
                    int from = segment.arrayOffset() + PROFILE_HEADER;
                    profile.write(file.array(), from, segment.limit() - PROFILE_HEADER);
                }
            }
            default -> {
                if (marker != COMMENT && (marker < JFIF || marker > LAST_APPLICATION)) {
                    throw new IrregularJpegException();
                }
            }
        }
    }

    private static boolean begins(ByteBuffer segment, String signature) {
        byte[] expected = signature.getBytes(StandardCharsets.US_ASCII);
        return segment.limit() >= 2 + expected.length
                && ByteBuffer.wrap(expected).equals(segment.slice(2, expected.length));
    }

    private void codes(ByteBuffer segment) {
        segment.position(2);
        while (segment.hasRemaining()) {
            int told = segment.get();
            int[] lengths = new int[17];
            int sum = 0;
            for (int length = 1; length <= 16; length++) {
                lengths[length] = segment.get(segment.position() + length - 1) & 0xff;
                sum += lengths[length];
            }
            segment.position(segment.position() + 16);
            if ((told & 15) > 3
                    || told >> 4 < 0
                    || told >> 4 > 1
                    || sum > 256
                    || sum > segment.remaining()) {
                throw new IrregularJpegException();
            }
            byte[] values = new byte[sum];
            segment.get(values);
            if (told >> 4 == 0) {
                checkSizes(values);
                firsts[told & 15] = new JpegCode(lengths, values);
            } else {
                others[told & 15] = new JpegCode(lengths, values);
            }
        }
    }

    private static void checkSizes(byte[] symbols) {
        for (byte symbol : symbols) {
            if (symbol < 0 || symbol > 15) {
                throw new IrregularJpegException();
            }
        }
    }

    private void quantization(ByteBuffer segment) {
        segment.position(2);
        while (segment.hasRemaining()) {
            int told = segment.get();
            boolean wide = told >> 4 == 1;
            if ((told & 15) > 3
                    || told >> 4 < 0
                    || told >> 4 > 1
                    || segment.remaining() < (wide ? 128 : 64)) {
                throw new IrregularJpegException();
            }
            int[] table = new int[64];
            for (int k = 0; k < 64; k++) {
                table[k] = wide ? Short.toUnsignedInt(segment.getShort()) : segment.get() & 0xff;
                if (table[k] > LARGEST_STEP) {
                    throw new IrregularJpegException();
                }
            }
            steps[told & 15] = table;
        }
    }

    /** The place of the marker behind it. */
    private int scan(ByteBuffer segment, int data) {
        JpegFrame of = frame;
        int count = segment.get(2);
        if (of == null || count < 1 || count > 3 || segment.limit() != 6 + 2 * count) {
            throw new IrregularJpegException();
        }
        int last = segment.get(4 + 2 * count);
        int bits = segment.get(5 + 2 * count);
        var range =
                new ProgressiveScan.Range(segment.get(3 + 2 * count), last, bits >> 4, bits & 15);
        List<JpegScan.Part> parts = new ArrayList<>();
        int previous = -1;
        for (int i = 0; i < count; i++) {
            int index = index(of, segment.get(3 + 2 * i) & 0xff);
            if (index <= previous) {
                throw new IrregularJpegException();
            }
            previous = index;
            script.add(index, range, count, of.isProgressive());
            JpegComponent component = of.components().get(index);
            component.quantizedBy(there(steps[component.table]));
            parts.add(part(component, segment.get(4 + 2 * i), range, of.isProgressive()));
        }
        JpegBits at = new JpegBits(header.file(), data);
        JpegScan scan =
                of.isProgressive()
                        ? new ProgressiveScan(parts, at, restartEvery, range)
                        : new SequentialScan(parts, at, restartEvery);
        return scan.decode();
    }

    private static int index(JpegFrame frame, int id) {
        for (int i = 0; i < frame.components().size(); i++) {
            if (frame.components().get(i).id == id) {
                return i;
            }
        }
        throw new IrregularJpegException();
    }

    /** With the codes that the scan needs; the other one takes the place of one it does not. */
    private JpegScan.Part part(
            JpegComponent component, int told, ProgressiveScan.Range range, boolean progressive) {
        if (told < 0 || told >> 4 > 3 || (told & 15) > 3) {
            throw new IrregularJpegException();
        }
        JpegCode first = firsts[told >> 4];
        JpegCode other = others[told & 15];
        boolean needsFirst = range.from() == 0 && range.before() == 0;
        boolean needsOther = !progressive || range.from() > 0;
        return new JpegScan.Part(
                component,
                needsFirst ? there(first) : NO_CODE,
                needsOther ? there(other) : NO_CODE);
    }

    private static final JpegCode NO_CODE = new JpegCode(new int[17], new byte[0]);

    private static <T> T there(@Nullable T told) {
        if (told == null) {
            throw new IrregularJpegException();
        }
        return told;
    }

    private JpegFrame whole() {
        JpegFrame told = there(frame);
        if (!script.isWhole() || told.components().size() == 3 && !isYcc(told)) {
            throw new IrregularJpegException();
        }
        if (told.isProgressive()) {
            told.components().forEach(JpegComponent::transformKept);
        }
        return told;
    }

    /** Whether all who read it take its colours for YCbCr. */
    private boolean isYcc(JpegFrame told) {
        boolean usual = areNumberedFrom(1, told);
        return jfif && adobe < 0 && (usual || areNumberedFrom(0, told))
                || usual && (adobe == 1 || adobe < 0);
    }

    private static boolean areNumberedFrom(int first, JpegFrame told) {
        boolean are = true;
        for (int i = 0; i < told.components().size(); i++) {
            are &= told.components().get(i).id == first + i;
        }
        return are;
    }
}
