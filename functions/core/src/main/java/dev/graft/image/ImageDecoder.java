package dev.graft.image;

import dev.graft.image.UnreadableImageException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntBinaryOperator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads JPEG, PNG, GIF (its first frame) and WebP files. Decoding is ImageIO's, with the readers of
 * TwelveMonkeys where they are on the class path (they have to be for WebP and for the colours of
 * CMYK); what ImageIO passes over in silence is done here: files that break off are refused, EXIF
 * turns undone, ICC profiles applied, alpha laid on white. Safe for use by many threads; writes no
 * files.
 */
public final class ImageDecoder {
    /** Most pixels an image may have: 100 million, which takes 300 MB of memory and more. */
    public static final long MAX_PIXELS = 100_000_000;

    private static final DecoderMemory MEMORY = new DecoderMemory(Runtime.getRuntime().maxMemory());

    private static final String REMEDY = "send a JPEG, PNG, GIF or WebP file";

    private ImageDecoder() {}

    /**
     * The media type that a file's first bytes tell, such as {@code image/jpeg}.
     *
     * @return empty if it is no format that {@link #decode} reads
     */
    public static Optional<String> mediaType(byte[] file) {
        return ImageFormat.of(file).map(ImageFormat::mediaType);
    }

    /**
     * Walks a file to its end without decoding it, which takes a moment alone.
     *
     * @throws UnreadableImageException as {@link #decode} does, unless only decoding finds that the
     *     file is damaged
     */
    public static void check(byte[] file) {
        ImageFormat format = ImageFormat.of(file).orElseThrow(() -> unsupported(file));
        read(format, file.length, () -> header(format, file, PixelPath.CURRENT));
    }

    /**
     * The upright image in sRGB on white.
     *
     * @throws UnreadableImageException UNSUPPORTED if the file is empty or does not begin as one of
     *     the four formats; TOO_LARGE if its header tells more than {@link #MAX_PIXELS}, or more
     *     than all the memory there is; DAMAGED if it breaks off or cannot be decoded, or if it is
     *     made to take hours
     * @throws MemoryExhaustedException if memory does not suffice at the moment
     * @throws IllegalStateException if the class path lacks the reader for WebP
     */
    public static RgbImage decode(byte[] file) {
        return decode(file, PixelPath.CURRENT);
    }

    /** The same by a certain version of the code. */
    public static RgbImage decode(byte[] file, PixelPath path) {
        return decode(file, path, image -> image);
    }

    /**
     * The same, and what is made of the image, which counts as in memory until then.
     *
     * @param use what is made of it, small
     */
    public static <T> T decode(byte[] file, PixelPath path, Function<RgbImage, T> use) {
        return decode(file, path, (width, height) -> 1, Window::whole, use);
    }

    /**
     * The same for an image that is resized next: from {@link PixelPath#P3} on it need not have all
     * its pixels, see {@link RgbImage#reduction}.
     *
     * @param next how it is resized
     */
    public static <T> T decode(
            byte[] file, PixelPath path, Preprocessing next, Function<RgbImage, T> use) {
        return decode(file, path, next::reduction, Window::whole, use);
    }

    /**
     * The same for an image of which nothing but {@link Preprocessing#apply} reads pixels: those it
     * does not read may be black, as much as decoding them would cost. All others are the same, and
     * so is what is refused.
     */
    public static <T> T decodeSeen(
            byte[] file, PixelPath path, Preprocessing next, Function<RgbImage, T> use) {
        return decode(file, path, next::reduction, next::window, use);
    }

    private static <T> T decode(
            byte[] file,
            PixelPath path,
            IntBinaryOperator next,
            BiFunction<ImageSide, ImageSide, Window> read,
            Function<RgbImage, T> use) {
        ImageFormat format = ImageFormat.of(file).orElseThrow(() -> unsupported(file));
        ImageHeader header = read(format, file.length, () -> header(format, file, path));
        int share = MEMORY.take(header.area());
        try {
            return use.apply(
                    read(format, file.length, () -> upright(format, header, path, next, read)));
        } catch (OutOfMemoryError memory) {
            throw exhausted(memory);
        } finally {
            MEMORY.giveBack(share);
        }
    }

    /** With what goes wrong in a file told in our words. */
    private static <T> T read(ImageFormat format, int length, Callable<T> part) {
        try {
            return part.call();
        } catch (UnreadableImageException | MissingReaderException told) {
            throw told;
        } catch (IndexOutOfBoundsException end) {
            throw damaged(format, "it breaks off within its " + length + " bytes", end);
        } catch (OutOfMemoryError memory) {
            throw exhausted(memory);
        } catch (Exception | StackOverflowError malformed) {
            throw damaged(format, String.valueOf(malformed.getMessage()), malformed);
        }
    }

    private static MemoryExhaustedException exhausted(OutOfMemoryError memory) {
        return new MemoryExhaustedException(
                "there is too little memory for the image at the moment; try again, or send a"
                        + " smaller version",
                memory);
    }

    private static ImageHeader header(ImageFormat format, byte[] file, PixelPath path) {
        ImageHeader header = format.header(file, path);
        if (header.width() < 1 || header.height() < 1) {
            throw damaged(format, "its header tells no size", null);
        }
        checkSize(header.area(), header.width() + " x " + header.height());
        return header;
    }

    private static RgbImage upright(
            ImageFormat format,
            ImageHeader header,
            PixelPath path,
            IntBinaryOperator next,
            BiFunction<ImageSide, ImageSide, Window> read)
            throws IOException {
        int reduction = reduction(header, next);
        DecodedPixels reduced = reduced(format, header, path, reduction, read);
        if (reduced != null) {
            return ExifOrientation.turn(reduced.reduced(header, reduction), header.orientation());
        }
        DecodedPixels pixels = format == ImageFormat.PNG ? PngPicture.decode(header) : null;
        if (pixels == null) {
            pixels = read(format, header);
        }
        if (header.profile() != null) {
            pixels.fromProfile(header.profile());
        }
        return ExifOrientation.turn(pixels.onWhite(header), header.orientation());
    }

    private static @Nullable DecodedPixels reduced(
            ImageFormat format,
            ImageHeader header,
            PixelPath path,
            int reduction,
            BiFunction<ImageSide, ImageSide, Window> read) {
        if (format == ImageFormat.JPEG && path.compareTo(PixelPath.P3) >= 0) {
            return JpegPicture.decode(header, reduction, stored(header, reduction, read));
        }
        return format == ImageFormat.WEBP && path.compareTo(PixelPath.P4) >= 0
                ? WebpPicture.decode(header, reduction, stored(header, reduction, read))
                : null;
    }

    /** What is read of an image before it is turned. */
    private static Window stored(
            ImageHeader header, int reduction, BiFunction<ImageSide, ImageSide, Window> read) {
        ImageSide across = new ImageSide(header.width(), reduction);
        ImageSide down = new ImageSide(header.height(), reduction);
        Window upright =
                ExifOrientation.isTransposed(header.orientation())
                        ? read.apply(down, across)
                        : read.apply(across, down);
        return ExifOrientation.asStored(
                upright, header.orientation(), across.samples(), down.samples());
    }

    /** Turned or mirrored, an image must not begin with a sample of fewer pixels. */
    private static int reduction(ImageHeader header, IntBinaryOperator next) {
        boolean transposed = ExifOrientation.isTransposed(header.orientation());
        int reduction =
                transposed
                        ? next.applyAsInt(header.height(), header.width())
                        : next.applyAsInt(header.width(), header.height());
        while (header.orientation() > 1
                && (header.width() % reduction > 0 || header.height() % reduction > 0)) {
            reduction /= 2;
        }
        return reduction;
    }

    private static DecodedPixels read(ImageFormat format, ImageHeader header) throws IOException {
        ImageReader reader = Readers.of(format);
        List<String> warnings = new ArrayList<>();
        try (ImageInputStream stream = new FileStream(header.file())) {
            reader.setInput(stream, true, true);
            reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
            long area = (long) reader.getWidth(0) * reader.getHeight(0);
            if (area > header.area()) {
                throw damaged(format, "it tells two sizes, one larger than the other", null);
            }
            DecodedPixels pixels =
                    header.inks() == null
                            ? new DecodedPixels(reader.read(0))
                            : new DecodedPixels(reader.readRaster(0, null), header.inks());
            Optional<String> damage = warnings.stream().filter(ImageDecoder::isDamage).findFirst();
            if (damage.isPresent()) {
                throw damaged(format, damage.get(), null);
            }
            return pixels;
        } finally {
            reader.dispose();
        }
    }

    /** Whether a warning means missing pixels; the words are libjpeg's. */
    private static boolean isDamage(String warning) {
        return warning.startsWith("Premature end of JPEG")
                || warning.startsWith("Corrupt JPEG data") && !warning.contains("extraneous");
    }

    private static void checkSize(long area, String size) {
        if (area > MAX_PIXELS) {
            throw new UnreadableImageException(
                    Reason.TOO_LARGE,
                    "the image has "
                            + (size + " pixels, expected at most " + MAX_PIXELS / 1_000_000)
                            + " million; send a smaller version");
        }
    }

    private static UnreadableImageException damaged(
            ImageFormat format, String how, @Nullable Throwable cause) {
        return new UnreadableImageException(
                Reason.DAMAGED,
                "the "
                        + (format.title() + " file is damaged: " + how)
                        + "; send it again, or save it anew in an image editor",
                cause);
    }

    private static UnreadableImageException unsupported(byte[] file) {
        if (file.length == 0) {
            return new UnreadableImageException(
                    Reason.UNSUPPORTED, "the file is empty (0 bytes); " + REMEDY);
        }
        Optional<ForeignFormat> foreign = ForeignFormat.of(file);
        if (foreign.isPresent()) {
            return new UnreadableImageException(
                    Reason.UNSUPPORTED,
                    "the file is %s, which Graft does not read; %s"
                            .formatted(foreign.get().title(), REMEDY));
        }
        byte[] start = Arrays.copyOf(file, Math.min(9, file.length));
        String text = new String(start, StandardCharsets.ISO_8859_1);
        boolean readable = text.chars().allMatch(c -> c >= '\t' && c < 0x7f);
        String shown =
                readable ? "'" + text.strip() + "'" : HexFormat.ofDelimiter(" ").formatHex(start);
        return new UnreadableImageException(
                Reason.UNSUPPORTED,
                "not an image that Graft reads: starts with " + shown + "…; " + REMEDY);
    }

    /** Of ImageIO, which are looked for when the first file needs one: few do. */
    private static final class Readers {
        static {
            ImageIO.setUseCache(false);
            Thread thread = Thread.currentThread();
            ClassLoader context = thread.getContextClassLoader();
            // ImageIO looks for readers in the context class loader only, which need not be ours.
            thread.setContextClassLoader(ImageDecoder.class.getClassLoader());
            try {
                ImageIO.scanForPlugins();
            } finally {
                thread.setContextClassLoader(context);
            }
        }

        static ImageReader of(ImageFormat format) {
            Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format.title());
            if (!readers.hasNext()) {
                throw new MissingReaderException(format);
            }
            return readers.next();
        }
    }

    /** The deployment lacks a jar; no file is to blame. */
    private static final class MissingReaderException extends IllegalStateException {
        MissingReaderException(ImageFormat format) {
            super(
                    "no ImageIO reader for "
                            + format.title()
                            + ": put TwelveMonkeys' imageio-webp and imageio-jpeg on the class"
                            + " path");
        }
    }
}
