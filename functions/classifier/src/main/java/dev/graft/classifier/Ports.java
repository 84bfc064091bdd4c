package dev.graft.classifier;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageStore;
import dev.graft.feature.LabelStore;
import dev.graft.head.HeadStore;
import dev.graft.index.IndexStore;
import dev.graft.library.Forgetting;
import dev.graft.library.History;
import dev.graft.library.Links;
import dev.graft.library.ResultStore;
import dev.graft.library.Shares;
import dev.graft.training.Trainer;

/** What is behind the API: S3, DynamoDB and the trainer on Lambda, memory in tests. */
record Ports(
        FeatureStore features,
        LabelStore labels,
        ImageIndex index,
        ImageStore images,
        HeadStore heads,
        IndexStore indexFiles,
        ResultStore results,
        Links links,
        History history,
        Shares shares,
        Trainer trainer) {

    /** Those that may name an image. */
    Forgetting.Stores forgetting() {
        return new Forgetting.Stores(features, images, heads, indexFiles, results, history);
    }
}
