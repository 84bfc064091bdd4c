package dev.graft.image;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.plugins.jpeg.JPEGImageWriteParam;
import javax.imageio.spi.ImageWriterSpi;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * A small JPEG of an image for people to look at in a list: at most {@value #SIDE} pixels a side,
 * about 10 KB, upright, in sRGB, without any metadata of the file.
 */
public final class ThumbnailFile {
    /** Most pixels of the longer side. */
    public static final int SIDE = 320;

    private static final float QUALITY = 0.75f;

    /** Pixels are left out where so many times more than {@link #SIDE} are left. */
    private static final int ENOUGH = 4;

    private static final ColorModel RGB =
            new ComponentColorModel(
                    ColorSpace.getInstance(ColorSpace.CS_sRGB),
                    false,
                    false,
                    Transparency.OPAQUE,
                    DataBuffer.TYPE_BYTE);

    /** Looked up once, which takes as long as a tenth of a thumbnail. */
    private static final ImageWriterSpi JPEG =
            ImageIO.getImageWritersByFormatName("jpeg").next().getOriginatingProvider();

    private ThumbnailFile() {}

    /** The whole picture, never larger than it is. */
    public static byte[] of(RgbImage image) {
        if (image.reduction() == 1 && Math.max(image.width(), image.height()) <= SIDE) {
            return jpeg(image);
        }
        RgbImage source = sparse(image);
        double scale = Math.min(1, (double) SIDE / Math.max(image.width(), image.height()));
        int width = Math.max(1, (int) Math.round(image.width() * scale));
        int height = Math.max(1, (int) Math.round(image.height() * scale));
        var across = new Resampling(Interpolation.BILINEAR, source.across(), width, 0, width);
        var down = new Resampling(Interpolation.BILINEAR, source.down(), height, 0, height);
        return jpeg(new RgbImage(width, height, Resampling.resized(source, across, down)));
    }

    /** Every second pixel of every second row, or fewer, of a large image: soon read. */
    private static RgbImage sparse(RgbImage image) {
        int step = Math.max(image.columns(), image.rows()) / (ENOUGH * SIDE);
        if (step < 2) {
            return image;
        }
        int width = Math.ceilDiv(image.columns(), step);
        int height = Math.ceilDiv(image.rows(), step);
        byte[] pixels = new byte[width * height * 3];
        int at = 0;
        for (int y = 0; y < image.rows(); y += step) {
            for (int x = 0; x < image.columns(); x += step, at += 3) {
                System.arraycopy(image.pixels(), (y * image.columns() + x) * 3, pixels, at, 3);
            }
        }
        return new RgbImage(width, height, pixels);
    }

    private static byte[] jpeg(RgbImage image) {
        byte[] pixels = image.pixels();
        var rows =
                Raster.createInterleavedRaster(
                        new DataBufferByte(pixels, pixels.length),
                        image.width(),
                        image.height(),
                        3 * image.width(),
                        3,
                        new int[] {0, 1, 2},
                        null);
        BufferedImage picture = new BufferedImage(RGB, rows, false, null);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ImageWriter writer = writer();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(file)) {
            JPEGImageWriteParam parameters = new JPEGImageWriteParam(Locale.ROOT);
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality(QUALITY);
            parameters.setOptimizeHuffmanTables(true);
            writer.setOutput(out);
            writer.write(null, new IIOImage(picture, null, null), parameters);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        } finally {
            writer.dispose();
        }
        return file.toByteArray();
    }

    private static ImageWriter writer() {
        try {
            return JPEG.createWriterInstance();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // it is part of Java
        }
    }
}
