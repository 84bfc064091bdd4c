package dev.graft.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.graft.image.Thumbnail;
import dev.graft.image.UnreadableImageException;
import dev.graft.testing.MeanBackbone;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class FeatureExtractorTest {
    private final FeatureExtractor extractor = new FeatureExtractor(new MeanBackbone());

    @Test
    void whatIsAskedAboutHasTheFeatureOfItsStoredTwin() throws IOException {
        BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int i = 0; i < 1200; i++) {
            image.setRGB(i % 40, i / 40, random.nextInt(1 << 24));
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ImageIO.write(image, "png", file);
        FeatureExtractor.Extracted stored = extractor.extract(file.toByteArray());
        assertArrayEquals(stored.feature(), extractor.feature(file.toByteArray()));
        assertEquals(40, stored.width());
        assertEquals(30, stored.height());
        assertEquals(Thumbnail.SIDE * Thumbnail.SIDE, stored.thumbnail().length);
    }

    @Test
    void bothRefuseWhatIsNoImage() {
        byte[] text = {'t', 'e', 'x', 't'};
        assertThrows(UnreadableImageException.class, () -> extractor.extract(text));
        assertThrows(UnreadableImageException.class, () -> extractor.feature(text));
    }
}
