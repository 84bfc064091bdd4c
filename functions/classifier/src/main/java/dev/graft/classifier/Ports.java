package dev.graft.classifier;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageStore;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelSets;
import dev.graft.feature.LabelStore;
import dev.graft.head.HeadStore;
import dev.graft.index.IndexStore;
import dev.graft.index.VectorIndex;
import dev.graft.library.Forgetting;
import dev.graft.library.History;
import dev.graft.library.Links;
import dev.graft.library.ResultStore;
import dev.graft.library.Shares;
import dev.graft.training.Trainer;
import java.util.Optional;

/**
 * What is behind the API: S3, DynamoDB and the trainer on Lambda, memory in tests.
 *
 * @param vectors empty where similar images are those in memory
 */
record Ports(
        FeatureStore features,
        LabelStore labels,
        ImageIndex index,
        LabelSets sets,
        ImageStore images,
        HeadStore heads,
        IndexStore indexFiles,
        ResultStore results,
        Links links,
        History history,
        Shares shares,
        Trainer trainer,
        Optional<VectorIndex> vectors) {

    /** The same looked at in a label set. */
    Ports in(LabelSet set) {
        return new Ports(
                features.in(set),
                labels.in(set),
                index.in(set),
                sets,
                images,
                heads.in(set),
                indexFiles.in(set),
                results,
                links,
                history,
                shares,
                trainer,
                vectors);
    }

    /** Those that may name an image. */
    Forgetting.Stores forgetting() {
        return new Forgetting.Stores(
                features, images, heads, indexFiles, results, history, Optional.empty());
    }
}
