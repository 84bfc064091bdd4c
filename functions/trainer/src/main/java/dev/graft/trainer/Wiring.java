package dev.graft.trainer;

import dev.graft.aws.Aws;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.LabelSet;
import dev.graft.head.Activation;
import dev.graft.head.HeadStore;
import dev.graft.index.BuildIndex;
import dev.graft.index.FollowVectors;
import dev.graft.index.ImageListing;
import dev.graft.index.IndexStore;
import dev.graft.lambda.Build;
import dev.graft.library.Forgetting;
import dev.graft.training.DeleteFeatures;
import dev.graft.training.ForgetRequests;
import dev.graft.training.TrainHead;
import dev.graft.training.TrainingSettings;
import dev.graft.training.Trainings;
import dev.graft.training.VerifyHead;
import dev.graft.versions.HeadReport;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the trainer works with, over the stores of an environment.
 *
 * @param config says which
 */
record Wiring(TrainerConfig config, Aws aws, Trainings trainings) {
    Work work() {
        Optional<FollowVectors> vectors = vectors();
        return new Work(
                aws.featureStore(config.table()),
                this::heads,
                new VerifyHead(
                        aws.featureStore(config.table()),
                        aws.headStore(config.headsBucket()),
                        TrainingSettings.standard(config.activation()),
                        Build.provenance(TrainHead.VERSION)),
                new DeleteFeatures(
                        aws.featureStore(config.table()),
                        aws.imageIndex(config.table()),
                        aws.headStore(config.headsBucket()),
                        index(),
                        config.backboneId()),
                new FinishForgetting(
                        new Forgetting(forgetting(vectors), InstantSource.system()), index()),
                config.large().map(this::large),
                vectors);
    }

    private Optional<FollowVectors> vectors() {
        return config.vectorBucket()
                .map(
                        bucket ->
                                new FollowVectors(
                                        aws.featureStore(config.table()),
                                        aws.imageIndex(config.table()),
                                        aws.indexStore(config.headsBucket()),
                                        aws.vectorIndex(bucket),
                                        InstantSource.system()));
    }

    private LargeTraining large(LargeTraining.Place place) {
        ImageIndex index = aws.imageIndex(config.table());
        return new LargeTraining(
                () ->
                        Stream.concat(
                                        Stream.of(LabelSet.DEFAULT),
                                        aws.labelSets(config.table()).all().keySet().stream())
                                .distinct()
                                .map(index::in)
                                .toList(),
                aws.headStore(config.headsBucket()),
                aws.indexStore(config.headsBucket()),
                place,
                InstantSource.system());
    }

    /**
     * Of sets that have labels; while an image is to be forgotten, also of those that have heads
     * and may have lost their labels.
     */
    private SortedMap<LabelSet, TrainHead> heads() {
        SortedMap<LabelSet, Activation> sets = new TreeMap<>();
        HeadStore heads = aws.headStore(config.headsBucket());
        IndexStore files = aws.indexStore(config.headsBucket());
        if (!new ForgetRequests(files).keys().isEmpty()) {
            heads.sets().forEach(set -> sets.put(set, Activation.SOFTMAX));
        }
        aws.labelSets(config.table())
                .all()
                .forEach((set, labels) -> sets.put(set, Activation.of(labels)));
        sets.put(LabelSet.DEFAULT, config.activation());
        BuildIndex index = index();
        SortedMap<LabelSet, TrainHead> each = new TreeMap<>();
        sets.forEach(
                (set, activation) ->
                        each.put(
                                set,
                                new TrainHead(
                                        aws.featureStore(config.table()).in(set),
                                        index.in(set),
                                        heads.in(set),
                                        setup(activation),
                                        InstantSource.system())));
        return each;
    }

    private Forgetting.Stores forgetting(Optional<FollowVectors> vectors) {
        return new Forgetting.Stores(
                aws.featureStore(config.table()),
                aws.imageStore(config.imagesBucket()),
                aws.headStore(config.headsBucket()),
                aws.indexStore(config.headsBucket()),
                aws.resultStore(config.imagesBucket()),
                aws.history(config.table()),
                vectors);
    }

    private BuildIndex index() {
        IndexStore files = aws.indexStore(config.headsBucket());
        InstantSource clock = InstantSource.system();
        var listing = new ImageListing(aws.imageIndex(config.table()), files, clock);
        return new BuildIndex(aws.featureStore(config.table()), listing, files, clock);
    }

    private TrainHead.Setup setup(Activation activation) {
        return new TrainHead.Setup(
                TrainingSettings.standard(activation),
                Build.provenance(TrainHead.VERSION),
                HeadReport::write,
                aws.networkStore(config.headsBucket()),
                trainings::reached);
    }
}
