package dev.graft.testing;

import dev.graft.feature.LabelSet;
import dev.graft.library.Links;
import java.util.Map;

/** Links that say what they are for; nothing listens at them. */
public final class InMemoryLinks implements Links {
    @Override
    public String toRead(String key) {
        return "https://images.example/" + key + "?read";
    }

    @Override
    public String toWrite(String key) {
        return "https://images.example/" + key + "?write";
    }

    @Override
    public Put toWrite(String key, LabelSet set, String label) {
        return new Put(toWrite(key), Map.of("x-amz-meta-label-" + set, label));
    }

    @Override
    public String uri(String key) {
        return "s3://images/" + key;
    }
}
