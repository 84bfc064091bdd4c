package dev.graft.evaluation;

import dev.graft.image.RgbImage;
import dev.graft.image.Thumbnail;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Pictures, then altered copies of each: half the size, cut to 80 %, turned by 5 and -5 degrees,
 * mirrored.
 *
 * @param names of all
 * @param originals of each: its own index for a picture that is no copy
 */
public record AlteredPictures(List<String> names, List<Integer> originals, List<RgbImage> images) {
    private static final int SIDE = 96;

    /** Index of the picture that one of them was made from; its own if it was drawn. */
    public int original(int picture) {
        return originals.get(picture);
    }

    /** Of all, see {@link Thumbnail}. */
    public List<byte[]> thumbnails() {
        return images.stream().map(Thumbnail::of).toList();
    }

    /** So many pictures of coloured ellipses, each on a background of its own. */
    public static AlteredPictures drawn(int count) {
        AlteredPictures all =
                new AlteredPictures(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        List<BufferedImage> drawn = new ArrayList<>();
        Random random = new Random(5);
        for (int i = 0; i < count; i++) {
            drawn.add(draw(random));
            all.add("drawn " + i, i, drawn.get(i));
        }
        for (int i = 0; i < count; i++) {
            BufferedImage image = drawn.get(i);
            double cut = 0.2 * SIDE * random.nextDouble();
            all.add(i + " half", i, altered(image, SIDE / 2, at(0.5, 0.5)));
            all.add(i + " cut", i, altered(image, SIDE * 4 / 5, cut(cut)));
            all.add(i + " turned", i, altered(image, SIDE, turn(5)));
            all.add(i + " turned back", i, altered(image, SIDE, turn(-5)));
            AffineTransform mirror = at(-1, 1);
            mirror.translate(-SIDE, 0);
            all.add(i + " mirrored", i, altered(image, SIDE, mirror));
        }
        return all;
    }

    private static AffineTransform at(double x, double y) {
        return AffineTransform.getScaleInstance(x, y);
    }

    private static AffineTransform cut(double at) {
        return AffineTransform.getTranslateInstance(-at, -at / 2);
    }

    private static AffineTransform turn(double degrees) {
        return AffineTransform.getRotateInstance(Math.toRadians(degrees), SIDE / 2.0, SIDE / 2.0);
    }

    private void add(String name, int original, BufferedImage image) {
        names.add(name);
        originals.add(original);
        byte[] pixels = new byte[image.getWidth() * image.getHeight() * 3];
        for (int i = 0; i < pixels.length / 3; i++) {
            int rgb = image.getRGB(i % image.getWidth(), i / image.getWidth());
            pixels[3 * i] = (byte) (rgb >> 16);
            pixels[3 * i + 1] = (byte) (rgb >> 8);
            pixels[3 * i + 2] = (byte) rgb;
        }
        images.add(new RgbImage(image.getWidth(), image.getHeight(), pixels));
    }

    private static BufferedImage draw(Random random) {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        for (int i = 0; i < 12; i++) {
            graphics.setColor(new Color(random.nextInt(1 << 24)));
            int width = i == 0 ? 4 * SIDE : 8 + random.nextInt(SIDE / 2);
            int height = i == 0 ? 4 * SIDE : 8 + random.nextInt(SIDE / 2);
            int x = i == 0 ? -SIDE : random.nextInt(SIDE) - width / 2;
            int y = i == 0 ? -SIDE : random.nextInt(SIDE) - height / 2;
            graphics.fillOval(x, y, width, height);
        }
        graphics.dispose();
        return image;
    }

    private static BufferedImage altered(BufferedImage image, int side, AffineTransform by) {
        BufferedImage altered = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = altered.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(image, by, null);
        graphics.dispose();
        return altered;
    }
}
