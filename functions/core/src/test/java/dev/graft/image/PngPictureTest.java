package dev.graft.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.awt.Point;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our own decoder of PNG files against ImageIO's. */
class PngPictureTest {
    private static final byte[] CHANNELS = {0, 0, 4, 2, 6};

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1",
        "1, 37, 20",
        "2, 37, 20",
        "3, 37, 20",
        "4, 37, 20",
        "3, 1, 9",
        "4, 9, 1"
    })
    void isWhatImageIoDecodes(int channels, int width, int height) throws IOException {
        byte[] file = written(picture(channels, 8, width, height), false);

        DecodedPixels here = PngPicture.decode(header(file));

        assertNotNull(here);
        assertSame(file, here);
    }

    /** All filters in turn, whatever the samples are, in data cut into many chunks. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void undoesEveryFilter(int channels) throws IOException {
        int width = 23;
        byte[] rows = new byte[40 * (1 + width * channels)];
        new Random(channels).nextBytes(rows);
        for (int y = 0; y < 40; y++) {
            rows[y * (1 + width * channels)] = (byte) (y % 5);
        }
        byte[] file = file(width, 40, CHANNELS[channels], rows);

        DecodedPixels here = PngPicture.decode(header(file));

        assertNotNull(here);
        assertSame(file, here);
    }

    @Test
    void othersAreLeftToImageIo() throws IOException {
        assertNull(PngPicture.decode(header(written(picture(3, 8, 9, 9), true))), "interlaced");
        assertNull(PngPicture.decode(header(written(picture(3, 16, 9, 9), false))), "16 bits");
        byte[] unknownFilter = new byte[10 * 31];
        unknownFilter[31] = 5;
        assertNull(PngPicture.decode(header(file(10, 10, (byte) 2, unknownFilter))), "filter 5");
        byte[] oneRowShort = new byte[9 * 31];
        assertNull(PngPicture.decode(header(file(10, 10, (byte) 2, oneRowShort))), "short");
    }

    /** The canvas has the picture's size, so nothing but alpha is laid on it. */
    private static void assertSame(byte[] file, DecodedPixels here) throws IOException {
        ImageHeader header = header(file);
        BufferedImage expected = ImageIO.read(new ByteArrayInputStream(header.file()));
        assertArrayEquals(
                new DecodedPixels(expected).onWhite(header).pixels(),
                here.onWhite(header).pixels());
    }

    private static ImageHeader header(byte[] file) {
        return PngFile.header(ByteBuffer.wrap(file), PixelPath.CURRENT);
    }

    /** Smooth with some noise, so that a writer chooses all filters. */
    private static BufferedImage picture(int channels, int bits, int width, int height) {
        int type = bits == 8 ? DataBuffer.TYPE_BYTE : DataBuffer.TYPE_USHORT;
        ColorSpace space =
                ColorSpace.getInstance(channels < 3 ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB);
        boolean alpha = channels % 2 == 0;
        ColorModel model =
                new ComponentColorModel(
                        space,
                        alpha,
                        false,
                        alpha ? ColorModel.TRANSLUCENT : ColorModel.OPAQUE,
                        type);
        WritableRaster raster =
                Raster.createInterleavedRaster(type, width, height, channels, new Point());
        Random random = new Random(channels);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int band = 0; band < channels; band++) {
                    int sample = 3 * x + (y * band * 2) + random.nextInt(9);
                    raster.setSample(x, y, band, (sample & 0xff) << bits - 8);
                }
            }
        }
        return new BufferedImage(model, raster, false, null);
    }

    private static byte[] written(BufferedImage image, boolean interlaced) throws IOException {
        return written(image, "png", interlaced);
    }

    /** A file of that format, progressive or interlaced or not. */
    static byte[] written(BufferedImage image, String format, boolean progressive)
            throws IOException {
        return written(
                image,
                format,
                how ->
                        how.setProgressiveMode(
                                progressive
                                        ? ImageWriteParam.MODE_DEFAULT
                                        : ImageWriteParam.MODE_DISABLED));
    }

    /** A file of that format with those settings. */
    static byte[] written(BufferedImage image, String format, Consumer<ImageWriteParam> settings)
            throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        ImageWriteParam how = writer.getDefaultWriteParam();
        settings.accept(how);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (var stream = ImageIO.createImageOutputStream(file)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), how);
        } finally {
            writer.dispose();
        }
        return file.toByteArray();
    }

    /** Of rows with their filters, in chunks of 100 bytes. */
    private static byte[] file(int width, int height, byte colours, byte[] rows) {
        Deflater deflater = new Deflater();
        deflater.setInput(rows);
        deflater.finish();
        byte[] data = new byte[rows.length + 100];
        int length = deflater.deflate(data);
        deflater.end();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(new byte[] {(byte) 137, 'P', 'N', 'G', '\r', '\n', 26, '\n'});
        ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
        chunk(file, "IHDR", header.put((byte) 8).put(colours).array());
        for (int at = 0; at < length; at += 100) {
            byte[] part = new byte[Math.min(100, length - at)];
            System.arraycopy(data, at, part, 0, part.length);
            chunk(file, "IDAT", part);
        }
        chunk(file, "IEND", new byte[0]);
        return file.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream file, String type, byte[] data) {
        ByteBuffer chunk = ByteBuffer.allocate(12 + data.length).putInt(data.length);
        chunk.put(type.getBytes(StandardCharsets.US_ASCII)).put(data);
        CRC32 sum = new CRC32();
        sum.update(chunk.array(), 4, 4 + data.length);
        file.writeBytes(chunk.putInt((int) sum.getValue()).array());
    }
}
