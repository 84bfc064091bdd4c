package dev.graft.trainer;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.graft.aws.Aws;
import dev.graft.aws.CallLog;
import dev.graft.training.NotEnoughDataException;
import dev.graft.training.TrainHead;
import dev.graft.training.TrainingSettings;
import java.time.InstantSource;
import java.util.Map;

/**
 * Any event in, new head in S3. One run at a time. The event is not looked at: EventBridge
 * Scheduler sends its {@code detail} as text, which AWS's {@code ScheduledEvent} cannot hold, and a
 * person who calls by hand may send nothing at all.
 */
public final class TrainerHandler implements RequestHandler<Object, Map<String, String>> {
    private final TrainHead training;
    private final String backboneId;
    private final String backboneName;

    /** For Lambda: everything from the environment. */
    public TrainerHandler() {
        this(System.getenv());
    }

    /**
     * With the variables of an environment.
     *
     * @throws dev.graft.feature.ConfigurationException if any is missing or wrong
     */
    public TrainerHandler(Map<String, String> environment) {
        this(TrainerConfig.from(environment), new Aws(environment));
    }

    private TrainerHandler(TrainerConfig config, Aws aws) {
        this(
                new TrainHead(
                        aws.featureStore(config.featuresTable()),
                        aws.headStore(config.headsBucket()),
                        TrainingSettings.standard(),
                        InstantSource.system()),
                config.backboneId(),
                config.backboneName());
    }

    TrainerHandler(TrainHead training, String backboneId, String backboneName) {
        this.training = training;
        this.backboneId = backboneId;
        this.backboneName = backboneName;
    }

    /**
     * Trains if anything changed.
     *
     * @return {@code outcome} (Trained, NothingNew, Kept, NotEnoughData), {@code version} and,
     *     where there is one, the {@code reason}
     * @throws dev.graft.feature.StoreException if a store does not answer; the old head stays
     */
    @Override
    public Map<String, String> handleRequest(Object event, Context context) {
        try {
            long start = System.currentTimeMillis();
            TrainHead.Outcome outcome = training.run(backboneId, backboneName);
            new CallLog(context).metrics(metrics(outcome, start), start);
            return switch (outcome) {
                case TrainHead.Trained trained ->
                        Map.of(
                                "outcome",
                                "Trained",
                                "version",
                                trained.version(),
                                "reason",
                                trained.reason()
                                        + (trained.leftOut().isEmpty()
                                                ? ""
                                                : "; left out, too few images: "
                                                        + trained.leftOut()));
                case TrainHead.NothingNew nothing ->
                        Map.of("outcome", "NothingNew", "version", nothing.version());
                case TrainHead.Kept kept ->
                        Map.of(
                                "outcome", "Kept",
                                "version", kept.version(),
                                "reason", kept.reason());
            };
        } catch (NotEnoughDataException e) {
            new CallLog(context).failure(backboneName, e);
            return Map.of("outcome", "NotEnoughData", "reason", e.getMessage());
        }
    }

    private static Map<String, Integer> metrics(TrainHead.Outcome outcome, long start) {
        return Map.of(
                "HeadsTrained",
                outcome instanceof TrainHead.Trained ? 1 : 0,
                "HeadsKept",
                outcome instanceof TrainHead.Kept ? 1 : 0,
                "TrainMilliseconds",
                (int) (System.currentTimeMillis() - start));
    }
}
