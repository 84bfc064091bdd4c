package dev.graft.feature;

import dev.graft.image.ImageDecoder;
import dev.graft.image.Preprocessing;
import dev.graft.image.RgbImage;
import dev.graft.image.Thumbnail;
import dev.graft.image.ThumbnailFile;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one way from a file to its feature, the same for ingest and for requests. The feature is
 * rounded to {@link Float16} at once, so that an image sent with a request gives the very numbers
 * that its stored twin has. Safe for use by many threads if the backbone is.
 */
public final class FeatureExtractor {
    private final Backbone backbone;

    /** The last input of the backbone: 600 kB, which need not be cleared for the next one. */
    private final AtomicReference<float @Nullable []> spare = new AtomicReference<>();

    /** Extracts with this backbone. */
    public FeatureExtractor(Backbone backbone) {
        this.backbone = backbone;
    }

    /**
     * What is known of a file once it was read.
     *
     * @param feature (backbone width), in the encoding of {@link Float16}
     * @param width of the upright picture, in pixels
     * @param height likewise
     * @param thumbnail of the upright picture, see {@link Thumbnail}
     * @param thumbnailFile a small JPEG of it, see {@link ThumbnailFile}
     */
    public record Extracted(
            byte[] feature, int width, int height, byte[] thumbnail, byte[] thumbnailFile) {}

    /**
     * Decodes, prepares and runs the backbone, for an image that is stored.
     *
     * @param file the bytes of a JPEG, PNG, GIF or WebP
     * @throws dev.graft.image.UnreadableImageException if it is none of these, damaged or too large
     * @throws dev.graft.image.MemoryExhaustedException if memory does not suffice at the moment
     */
    public Extracted extract(byte[] file) {
        Prepared image =
                decode(
                        file,
                        decoded ->
                                new Prepared(
                                        backbone.preprocessing().apply(decoded),
                                        decoded.width(),
                                        decoded.height(),
                                        Thumbnail.of(decoded),
                                        ThumbnailFile.of(decoded)));
        return new Extracted(
                feature(image.tensor()),
                image.width(),
                image.height(),
                image.thumbnail(),
                image.thumbnailFile());
    }

    private record Prepared(
            float[] tensor, int width, int height, byte[] thumbnail, byte[] thumbnailFile) {}

    /**
     * The small JPEG alone, see {@link ThumbnailFile}.
     *
     * @throws RuntimeException as {@link #extract}
     */
    public byte[] thumbnailFile(byte[] file) {
        return decode(file, ThumbnailFile::of);
    }

    /**
     * The same feature and nothing else, for an image that is only asked about: what the network
     * does not see of it need not be decoded.
     *
     * @return (backbone width), in the encoding of {@link Float16}
     * @throws RuntimeException as {@link #extract}
     */
    public byte[] feature(byte[] file) {
        float[] kept = spare.getAndSet(null);
        float[] tensor = kept == null ? new float[backbone.preprocessing().values()] : kept;
        float[] input =
                decodeSeen(file, decoded -> backbone.preprocessing().apply(decoded, tensor));
        byte[] feature = feature(input);
        spare.set(input);
        return feature;
    }

    /**
     * What the feature of a file is the mean of, and where that lies.
     *
     * @param seen the part of the picture that the positions of the map cover evenly
     */
    public record Mapped(FeatureMap map, Preprocessing.Region seen) {}

    private record Sized(float[] tensor, Preprocessing.Region seen) {}

    /**
     * The values of the feature at each position; empty if the backbone has no such map.
     *
     * @throws RuntimeException as {@link #extract}
     */
    public Optional<Mapped> map(byte[] file) {
        Preprocessing preprocessing = backbone.preprocessing();
        Sized image =
                decodeSeen(
                        file,
                        decoded ->
                                new Sized(
                                        preprocessing.apply(decoded),
                                        preprocessing.seen(decoded.width(), decoded.height())));
        return backbone.map(image.tensor()).map(map -> new Mapped(map, image.seen()));
    }

    private <T> T decode(byte[] file, Function<RgbImage, T> prepare) {
        return ImageDecoder.decode(file, backbone.pixelPath(), backbone.preprocessing(), prepare);
    }

    private <T> T decodeSeen(byte[] file, Function<RgbImage, T> prepare) {
        return ImageDecoder.decodeSeen(
                file, backbone.pixelPath(), backbone.preprocessing(), prepare);
    }

    private byte[] feature(float[] tensor) {
        return Float16.encode(backbone.feature(tensor));
    }

    /** The backbone in use. */
    public Backbone backbone() {
        return backbone;
    }
}
