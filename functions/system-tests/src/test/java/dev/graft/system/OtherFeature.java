package dev.graft.system;

import dev.graft.feature.ImageFeature;

/** A feature as something else would have stored it. */
final class OtherFeature {
    private OtherFeature() {}

    /** The same vector under another key or of another network. */
    static ImageFeature of(ImageFeature image, String key, String network) {
        return new ImageFeature(
                key,
                image.labels(),
                network,
                image.feature(),
                image.imageHash(),
                image.width(),
                image.height(),
                image.sequencer(),
                image.time(),
                "",
                new byte[0]);
    }
}
