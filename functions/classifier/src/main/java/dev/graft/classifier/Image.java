package dev.graft.classifier;

import dev.graft.feature.ImageIndex;
import dev.graft.feature.KeyFolders;
import dev.graft.feature.Label;
import dev.graft.library.Links;
import org.jspecify.annotations.Nullable;

/** An image with its label, as openapi.json describes it. */
record Image(
        String key,
        @Nullable String label,
        @Nullable String source,
        @Nullable String split,
        int width,
        int height,
        String time,
        String url,
        String thumbnail) {

    static Image of(ImageIndex.Entry entry, Links links) {
        return new Image(
                entry.key(),
                entry.label().map(Label::name).orElse(null),
                entry.label().map(label -> label.source().name()).orElse(null),
                KeyFolders.of(entry.key()).split().orElse(null),
                entry.width(),
                entry.height(),
                entry.time().toString(),
                links.toRead(entry.key()),
                links.toThumbnail(entry.key()));
    }
}
