package dev.graft.trainer;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.LabelSet;
import dev.graft.index.FollowVectors;
import dev.graft.training.DeleteFeatures;
import dev.graft.training.TrainHead;
import dev.graft.training.VerifyHead;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;

/**
 * What an event may ask for.
 *
 * @param heads trains the head of each label set that there is, the default one included
 * @param large answers for trainings that do not fit; empty where any is tried
 * @param vectors follow the images after each training; empty where there are none
 */
record Work(
        FeatureStore features,
        Supplier<SortedMap<LabelSet, TrainHead>> heads,
        VerifyHead verification,
        DeleteFeatures deletion,
        FinishForgetting forgetting,
        Optional<LargeTraining> large,
        Optional<FollowVectors> vectors) {}
