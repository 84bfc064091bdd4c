package dev.graft.image;

import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.color.ProfileDataException;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.ColorModel;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The samples of a decoded image as 8-bit RGB and alpha, read as they were stored: Java's own
 * conversion of grey would apply a gamma that files do not mean. Of 16 bits the high byte is taken,
 * as libpng and Pillow do.
 */
final class DecodedPixels {
    private static final int INTENT_AT = ICC_Profile.icHdrRenderingIntent + 2;

    private final int width;
    private final int height;
    private final byte[] rgb;
    private final byte @Nullable [] alpha;

    /** Of an image of 1 or 3 colour channels or a palette, with or without alpha. */
    DecodedPixels(BufferedImage image) {
        width = image.getWidth();
        height = image.getHeight();
        rgb = new byte[3 * width * height];
        ColorModel model = image.getColorModel();
        alpha = model.hasAlpha() ? new byte[width * height] : null;
        if (image.getType() == BufferedImage.TYPE_3BYTE_BGR
                && image.getRaster().getDataBuffer() instanceof DataBufferByte data
                && data.getSize() == rgb.length) {
            swap(data.getData());
        } else if (model instanceof IndexColorModel palette) {
            look(image.getRaster(), palette);
        } else {
            copy(image.getRaster(), model);
        }
    }

    /** Of height x width x 3 bytes of RGB and height x width of alpha, which are kept. */
    DecodedPixels(int width, int height, byte[] rgb, byte @Nullable [] alpha) {
        this.width = width;
        this.height = height;
        this.rgb = rgb;
        this.alpha = alpha;
    }

    /** Of the four inks of a JPEG. */
    DecodedPixels(Raster raster, JpegInks inks) {
        width = raster.getWidth();
        height = raster.getHeight();
        rgb = inks.rgb(raster);
        alpha = null;
    }

    private void swap(byte[] bgr) {
        for (int i = 0; i < bgr.length; i += 3) {
            rgb[i] = bgr[i + 2];
            rgb[i + 1] = bgr[i + 1];
            rgb[i + 2] = bgr[i];
        }
    }

    private void look(Raster raster, IndexColorModel palette) {
        int[] colours = new int[palette.getMapSize()];
        palette.getRGBs(colours);
        int[] row = new int[width];
        for (int y = 0, at = 0; y < height; y++) {
            raster.getSamples(0, y, width, 1, 0, row);
            for (int x = 0; x < width; x++, at++) {
                int colour = colours[row[x]];
                rgb[3 * at] = (byte) (colour >> 16);
                rgb[3 * at + 1] = (byte) (colour >> 8);
                rgb[3 * at + 2] = (byte) colour;
                if (alpha != null) {
                    alpha[at] = (byte) (colour >>> 24);
                }
            }
        }
    }

    private void copy(Raster raster, ColorModel model) {
        int colours = model.getNumColorComponents();
        if (colours != 1 && colours != 3) {
            throw new IllegalArgumentException(
                    colours + " colour channels, expected grey or red, green and blue");
        }
        int shift = model.getComponentSize(0) - 8;
        if (shift < 0) {
            throw new IllegalArgumentException(model.getComponentSize(0) + " bits per channel");
        }
        int bands = raster.getNumBands();
        int[] row = new int[width * bands];
        for (int y = 0, at = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int x = 0; x < row.length; x += bands, at++) {
                rgb[3 * at] = (byte) (row[x] >> shift);
                rgb[3 * at + 1] = (byte) (row[x + colours / 2] >> shift);
                rgb[3 * at + 2] = (byte) (row[x + colours - 1] >> shift);
                if (alpha != null) {
                    alpha[at] = (byte) (row[x + colours] >> shift);
                }
            }
        }
    }

    /** From an ICC profile of grey or RGB to sRGB; a profile that is malformed does nothing. */
    DecodedPixels fromProfile(byte[] bytes) {
        ICC_Profile profile;
        try {
            profile = ICC_Profile.getInstance(withIntent(bytes));
        } catch (IllegalArgumentException malformed) {
            return this;
        }
        int channels = profile.getNumComponents();
        if (channels != 3 && channels != 1) {
            return this;
        }
        ICC_Profile[] path = {profile, ICC_Profile.getInstance(ColorSpace.CS_sRGB)};
        WritableRaster pixels = raster(rgb, 3);
        try {
            new ColorConvertOp(path, null)
                    .filter(channels == 3 ? pixels : raster(firstChannel(), 1), pixels);
        } catch (ProfileDataException | CMMException malformed) {
            return this;
        }
        return this;
    }

    /**
     * The profile with perceptual as its rendering intent where it has none that there is: Java
     * would leave the colours as they are. Source: ICC.1:2022, 7.2.15, of whose 32 bits the lower
     * 16 count.
     */
    private static byte[] withIntent(byte[] profile) {
        int intent = Short.toUnsignedInt(ByteBuffer.wrap(profile).getShort(INTENT_AT));
        if (intent <= ICC_Profile.icAbsoluteColorimetric) {
            return profile;
        }
        byte[] changed = profile.clone();
        ByteBuffer.wrap(changed).putShort(INTENT_AT, (short) ICC_Profile.icPerceptual);
        return changed;
    }

    private byte[] firstChannel() {
        byte[] channel = new byte[width * height];
        for (int i = 0; i < channel.length; i++) {
            channel[i] = rgb[3 * i];
        }
        return channel;
    }

    private WritableRaster raster(byte[] samples, int channels) {
        DataBufferByte data = new DataBufferByte(samples, samples.length);
        int[] bands = IntStream.range(0, channels).toArray();
        return Raster.createInterleavedRaster(
                data, width, height, channels * width, channels, bands, null);
    }

    /**
     * Laid on a white canvas with the first column at {@code left} and the first row at {@code
     * top}.
     */
    RgbImage onWhite(ImageHeader canvas) {
        blend();
        if (width == canvas.width() && height == canvas.height()) {
            return new RgbImage(width, height, rgb);
        }
        byte[] whole = new byte[3 * canvas.width() * canvas.height()];
        Arrays.fill(whole, (byte) 255);
        int columns = Math.min(width, canvas.width() - canvas.left());
        int rows = Math.min(height, canvas.height() - canvas.top());
        for (int y = 0; y < rows; y++) {
            int at = 3 * ((canvas.top() + y) * canvas.width() + canvas.left());
            System.arraycopy(rgb, 3 * y * width, whole, at, 3 * columns);
        }
        return new RgbImage(canvas.width(), canvas.height(), whole);
    }

    /** Upright, of a file with that header of which each side was divided while it was decoded. */
    RgbImage reduced(ImageHeader header, int reduction) {
        return new RgbImage(header.width(), header.height(), reduction, rgb);
    }

    private void blend() {
        if (alpha == null) {
            return;
        }
        for (int i = 0; i < rgb.length; i++) {
            int opacity = alpha[i / 3] & 0xff;
            int mixed = (rgb[i] & 0xff) * opacity + 255 * (255 - opacity);
            rgb[i] = (byte) ((mixed + 127) / 255);
        }
    }
}
