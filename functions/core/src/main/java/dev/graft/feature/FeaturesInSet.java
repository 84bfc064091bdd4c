package dev.graft.feature;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Features whose labels are those of one label set.
 *
 * @param features with the labels of all
 * @param set that is looked at
 */
public record FeaturesInSet(FeatureStore features, LabelSet set) implements FeatureStore {
    @Override
    public FeatureStore in(LabelSet other) {
        return features.in(other);
    }

    @Override
    public boolean put(ImageFeature feature) {
        return features.put(feature);
    }

    @Override
    public boolean putUnreadable(UnreadableImage image) {
        return features.putUnreadable(image);
    }

    @Override
    public boolean remove(String key, String sequencer) {
        return features.remove(key, sequencer);
    }

    @Override
    public Optional<ImageFeature> find(String key, String backbone) {
        return features.find(key, backbone).map(image -> image.in(set));
    }

    @Override
    public List<Vector> vectors(List<String> keys, String backbone) {
        return features.vectors(keys, backbone);
    }

    @Override
    public ImageRecord known(String key) {
        return features.known(key).in(set);
    }

    @Override
    public boolean replace(ImageRecord before, ImageRecord after, Optional<ImageFeature> feature) {
        return features.replace(before, after, feature);
    }

    @Override
    public boolean purge(ImageRecord gone) {
        return features.purge(gone);
    }

    /** Each is read by itself. */
    @Override
    public void keys(Consumer<ImageIndex.Change> consumer) {
        features.keys(image -> consumer.accept(ImageIndex.Change.of(known(image.key()))));
    }

    @Override
    public void scan(String backbone, Consumer<ImageFeature> consumer) {
        features.scan(backbone, image -> consumer.accept(image.in(set)));
    }

    @Override
    public boolean deleteFeatures(String backbone, Instant end) {
        return features.deleteFeatures(backbone, end);
    }
}
