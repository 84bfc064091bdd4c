package dev.graft.training;

import dev.graft.feature.ImageIndex;
import dev.graft.feature.Label;
import dev.graft.feature.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;

/**
 * A hash of all that the image index tells of the labelled images, which needs no features: it says
 * cheaply whether there is anything new. A new feature has a new time.
 */
final class ListingHash {
    private final byte[] sum = new byte[32];

    private ListingHash() {}

    /** Of pictures as they are listed. */
    static String of(
            String backbone, TrainingSettings settings, Collection<ImageIndex.Change> listed) {
        ListingHash hash = new ListingHash();
        listed.forEach(
                image ->
                        image.picture()
                                .filter(picture -> picture.backbones().contains(backbone))
                                .ifPresent(picture -> hash.add(image, picture.time())));
        return hash.text(backbone, settings);
    }

    /** The same of images that were read. */
    static String of(String backbone, TrainingSettings settings, List<TrainingImage> images) {
        ListingHash hash = new ListingHash();
        images.forEach(image -> hash.add(image.key(), image.label(), image.time()));
        return hash.text(backbone, settings);
    }

    private void add(ImageIndex.Change image, Instant time) {
        image.label()
                .map(Label::name)
                .filter(Label::isOfClass)
                .ifPresent(label -> add(image.key(), label, time));
    }

    /** The exclusive or of the hashes of all images, so that their order does not matter. */
    private void add(String key, String label, Instant time) {
        String image = key + "\0" + label + "\0" + time;
        byte[] hash = Sha256.digest().digest(image.getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < sum.length; i++) {
            sum[i] ^= hash[i];
        }
    }

    private String text(String backbone, TrainingSettings settings) {
        return text(backbone, settings, HexFormat.of().formatHex(sum));
    }

    /**
     * Of a sum that was made elsewhere.
     *
     * @param sum as this class makes it, hex
     */
    static String text(String backbone, TrainingSettings settings, String sum) {
        String text = backbone + "\0" + settings.hashed() + "\0" + sum;
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
