package dev.graft.trainer;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.graft.aws.Aws;
import dev.graft.aws.Format1;
import dev.graft.lambda.Build;
import dev.graft.lambda.CallLog;
import dev.graft.training.NotEnoughDataException;
import dev.graft.training.NotEnoughTimeException;
import dev.graft.training.TrainHead;
import dev.graft.training.TrainingSettings;
import dev.graft.training.VerifyHead;
import dev.graft.versions.HeadReport;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Any event in, new head in S3. One run at a time. Of the event only {@code verify} is looked at, a
 * version to train again and compare: EventBridge Scheduler sends its {@code detail} as text, which
 * AWS's {@code ScheduledEvent} cannot hold, and a person who calls by hand may send nothing at all.
 */
public final class TrainerHandler implements RequestHandler<Object, Map<String, String>> {
    private static final String VERIFY = "verify";
    private static final long TO_END_MILLIS = 60_000;

    private final TrainHead training;
    private final VerifyHead verification;
    private final String backboneId;
    private final String backboneName;
    private final Optional<Format1> earlier;

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
                        aws.featureStore(config.table()),
                        aws.imageIndex(config.table()),
                        aws.headStore(config.headsBucket()),
                        setup(config, aws),
                        InstantSource.system()),
                new VerifyHead(
                        aws.featureStore(config.table()),
                        aws.headStore(config.headsBucket()),
                        TrainingSettings.standard(config.activation()),
                        Build.provenance(TrainHead.VERSION)),
                config.backboneId(),
                config.backboneName(),
                config.format1Table().map(from -> aws.format1(from, config.table())));
    }

    private static TrainHead.Setup setup(TrainerConfig config, Aws aws) {
        return new TrainHead.Setup(
                TrainingSettings.standard(config.activation()),
                Build.provenance(TrainHead.VERSION),
                HeadReport::write,
                aws.networkStore(config.headsBucket()));
    }

    TrainerHandler(
            TrainHead training,
            VerifyHead verification,
            String backboneId,
            String backboneName,
            Optional<Format1> earlier) {
        this.training = training;
        this.verification = verification;
        this.earlier = earlier;
        this.backboneId = backboneId;
        this.backboneName = backboneName;
    }

    /**
     * Moves what a stack of an earlier version left, then trains if anything changed, within the
     * time the call has left. With {@code verify} in the event it trains that version ({@code
     * latest}: the one in use) again instead, and says whether the bytes are the same.
     *
     * @return {@code outcome} (Trained, NothingNew, Kept, Waiting, NotEnoughData, NotEnoughTime;
     *     Moving; Same, Different), {@code version} and, where there is one, the {@code reason}
     * @throws dev.graft.feature.StoreException if a store does not answer; the old head stays
     */
    @Override
    public Map<String, String> handleRequest(Object event, Context context) {
        Object version = event instanceof Map<?, ?> fields ? fields.get(VERIFY) : null;
        try {
            return version == null ? train(context) : verify(version.toString());
        } catch (NotEnoughDataException | NotEnoughTimeException e) {
            new CallLog(context).failure(backboneName, e);
            String outcome = e.getClass().getSimpleName().replace("Exception", "");
            return Map.of("outcome", outcome, "reason", e.getMessage());
        }
    }

    private Map<String, String> verify(String version) {
        VerifyHead.Verification found = verification.verify(version);
        return Map.of(
                "outcome", found.same() ? "Same" : "Different",
                "version", found.version(),
                "reason", found.finding());
    }

    private Map<String, String> train(Context context) {
        long start = System.currentTimeMillis();
        Optional<Format1.Progress> moving = move(context);
        if (moving.filter(progress -> progress.passes() == 0).isPresent()) {
            return Map.of(
                    "outcome",
                    "Moving",
                    "reason",
                    "%d images moved from the table of the version before: call again"
                            .formatted(moving.get().moved()));
        }
        Duration left = Duration.ofMillis(context.getRemainingTimeInMillis());
        TrainHead.Outcome outcome = training.run(backboneId, backboneName, left);
        new CallLog(context).metrics(metrics(outcome, start), start);
        String reason =
                switch (outcome) {
                    case TrainHead.NothingNew nothing -> "";
                    case TrainHead.Kept kept -> kept.reason();
                    case TrainHead.Waiting waiting ->
                            String.format(
                                    Locale.ROOT,
                                    "%,d of %,d images have a feature of the network %s; until all have, head %s predicts with its own network",
                                    waiting.featurized(),
                                    waiting.images(),
                                    backboneName,
                                    waiting.version());
                    case TrainHead.Trained trained ->
                            trained.reason()
                                    + (trained.leftOut().isEmpty()
                                            ? ""
                                            : "; left out, too few images: " + trained.leftOut());
                };
        if (!outcome.cutShort().isEmpty()) {
            new CallLog(context).warning(outcome.version(), outcome.cutShort());
            reason += "; " + outcome.cutShort();
        }
        Map<String, String> answer = new TreeMap<>();
        answer.put("outcome", outcome.getClass().getSimpleName());
        answer.put("version", outcome.version());
        if (!reason.isEmpty()) {
            answer.put("reason", reason);
        }
        return answer;
    }

    private Optional<Format1.Progress> move(Context context) {
        long left = context.getRemainingTimeInMillis();
        Instant end = Instant.now().plusMillis(left - Math.min(left / 2, TO_END_MILLIS));
        return earlier.map(table -> table.move(end, moved -> {}));
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
