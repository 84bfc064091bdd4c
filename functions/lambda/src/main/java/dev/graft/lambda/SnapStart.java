package dev.graft.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.feature.ConfigurationException;
import dev.graft.feature.FeatureExtractor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import javax.imageio.ImageIO;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * Lets Lambda SnapStart keep a function that is warm: before the snapshot, a picture is decoded,
 * goes through the backbone and something through JSON, so that the snapshot holds what these load;
 * after a restore the same picture must give the same feature. A request may be made too. Nothing
 * happens without SnapStart.
 */
public final class SnapStart implements Resource {
    private static final int SIDE = 256;

    /** The context keeps weak references; a function lives as long as its process. */
    private static final List<Resource> KEPT = new CopyOnWriteArrayList<>();

    private final FeatureExtractor extractor;
    private byte[] picture = {};
    private byte[] feature = {};

    private SnapStart(FeatureExtractor extractor) {
        this.extractor = extractor;
    }

    /** Has this extractor made warm before a snapshot, and checked after. */
    public static FeatureExtractor warm(FeatureExtractor extractor) {
        register(new SnapStart(extractor));
        return extractor;
    }

    /**
     * Has a request made before a snapshot, like those that come after a restore, so that the
     * snapshot holds what it loads.
     *
     * @param request takes a picture and says what came of it
     */
    public static void prime(Function<byte[], String> request) {
        before(() -> System.out.println("snapshot: primed, " + request.apply(picture())));
    }

    /** Has something done before a snapshot, once for all that are restored from it. */
    public static void before(Runnable work) {
        register(
                new Resource() {
                    @Override
                    public void beforeCheckpoint(Context<? extends Resource> context) {
                        work.run();
                    }

                    @Override
                    public void afterRestore(Context<? extends Resource> context) {
                        // what was read before the snapshot is looked after where it is kept
                    }
                });
    }

    private static void register(Resource resource) {
        KEPT.add(resource);
        Core.getGlobalContext().register(resource);
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) throws IOException {
        picture = picture();
        feature = extractor.extract(picture).feature();
        jsonRoundTrip();
        System.out.println("snapshot: warm, feature of " + feature.length / 2 + " values");
    }

    /**
     * {@inheritDoc}
     *
     * @throws ConfigurationException if the backbone gives another feature than before
     */
    @Override
    public void afterRestore(Context<? extends Resource> context) {
        if (!Arrays.equals(feature, extractor.extract(picture).feature())) {
            throw new ConfigurationException(
                    "the restored backbone gives another feature than before the snapshot: publish"
                            + " the function again");
        }
        System.out.println("snapshot: restored, the feature is the same");
    }

    /** A JPEG of coloured tiles. */
    private static byte[] picture() {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                image.setRGB(x, y, (x / 32 * 32) << 16 | (y / 32 * 32) << 8 | (x ^ y));
            }
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "jpg", file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toByteArray();
    }

    private static void jsonRoundTrip() throws JsonProcessingException {
        ObjectMapper json = new ObjectMapper();
        json.readTree(json.writeValueAsString(Map.of("key", "images/cat.jpg", "top", 5)));
    }
}
