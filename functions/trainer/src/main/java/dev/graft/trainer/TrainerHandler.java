package dev.graft.trainer;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.graft.aws.Aws;
import dev.graft.aws.Format1;
import dev.graft.feature.BadRequestException;
import dev.graft.feature.ConflictException;
import dev.graft.feature.LabelSet;
import dev.graft.feature.NotFoundException;
import dev.graft.feature.StoreException;
import dev.graft.index.FollowVectors;
import dev.graft.lambda.CallLog;
import dev.graft.training.LabelledImages;
import dev.graft.training.NotEnoughDataException;
import dev.graft.training.NotEnoughTimeException;
import dev.graft.training.TrainHead;
import dev.graft.training.Trainings;
import dev.graft.training.VerifyHead;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Any event in, new heads in S3, one of each label set that has something new. One run at a time.
 * Of the event only {@code verify} is looked at, a version to train again and compare, {@code
 * deleteFeatures}, the identity of a network that is out of use, {@code finish}, a fit in the index
 * to make a head of, and {@code takesOver}, said by whoever trains what is too large: EventBridge
 * Scheduler sends its {@code detail} as text, which AWS's {@code ScheduledEvent} cannot hold, and a
 * person who calls by hand may send nothing at all.
 */
public final class TrainerHandler implements RequestHandler<Object, Map<String, String>> {
    private static final String VERIFY = "verify";
    private static final String DELETE_FEATURES = "deleteFeatures";
    private static final String FINISH = "finish";
    private static final String TAKES_OVER = "takesOver";
    private static final long TO_END_MILLIS = 60_000;

    private final Work work;
    private final Trainings trainings;
    private final Network network;
    private final Optional<Format1> earlier;

    /**
     * To learn from.
     *
     * @param id identity of its features
     * @param name what people call it
     */
    record Network(String id, String name) {}

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
        this(environment, new Aws(environment));
    }

    /** Likewise, with connections that are there. */
    public TrainerHandler(Map<String, String> environment, Aws aws) {
        this(TrainerConfig.from(environment), aws);
    }

    private TrainerHandler(TrainerConfig config, Aws aws) {
        this(
                config,
                aws,
                new Trainings(aws.indexStore(config.headsBucket()), InstantSource.system()));
    }

    private TrainerHandler(TrainerConfig config, Aws aws, Trainings trainings) {
        this(
                new Wiring(config, aws, trainings).work(),
                trainings,
                new Network(config.backboneId(), config.backboneName()),
                config.format1Table().map(from -> aws.format1(from, config.table())));
    }

    TrainerHandler(Work work, Trainings trainings, Network network, Optional<Format1> earlier) {
        this.work = work;
        this.trainings = trainings;
        this.network = network;
        this.earlier = earlier;
    }

    /**
     * Moves what a stack of an earlier version left, then trains if anything changed, within the
     * time the call has left, unless another call does so. With {@code verify} in the event it
     * trains that version ({@code latest}: the one in use) again instead, and says whether the
     * bytes are the same. With {@code deleteFeatures} it deletes the features of that network
     * instead. With {@code finish} it makes a head of the fit in that folder of the index.
     *
     * @return {@code outcome} (Trained, NothingNew, Kept, Waiting, GaveUp, NotEnoughData,
     *     NotEnoughTime; TooLarge, or with {@code takesOver} in the event HandedOver with its size;
     *     Moving, Running; Same, Different; Deleted, Deleting, Refused) and, where there is one,
     *     the {@code version} and the {@code reason}; of each other label set that had anything new
     *     the same as {@code <set>.outcome} and so on
     * @throws StoreException if a store does not answer; the old head stays
     */
    @Override
    public Map<String, String> handleRequest(Object event, Context context) {
        Map<?, ?> fields = event instanceof Map<?, ?> map ? map : Map.of();
        Object identity = fields.get(DELETE_FEATURES);
        if (identity != null) {
            return delete(identity.toString(), context);
        }
        Object version = fields.get(VERIFY);
        if (version != null) {
            return orReason(context, () -> verify(version.toString()));
        }
        Object fit = fields.get(FINISH);
        return fit == null
                ? alone(context, () -> train(context, fields.containsKey(TAKES_OVER)))
                : alone(context, () -> orReason(context, () -> finish(context, fit.toString())));
    }

    private Map<String, String> train(Context context, boolean takesOver) {
        Duration left = Duration.ofMillis(context.getRemainingTimeInMillis());
        Map<String, String> answer =
                work.large()
                        .flatMap(large -> large.instead(left, takesOver))
                        .orElseGet(
                                () ->
                                        TrainingAnswers.told(
                                                work.forgetting().after(() -> trainEach(context))));
        if (!takesOver) { // who takes over waits for the answer
            work.vectors().ifPresent(vectors -> follow(context, vectors));
        }
        return answer;
    }

    /** What a head needs is done by then: a failure is told, and the next training goes on. */
    private void follow(Context context, FollowVectors vectors) {
        try {
            vectors.run(network.id(), end(context));
        } catch (StoreException e) {
            new CallLog(context).failure("vectors", e);
        }
    }

    /** Of the default label set, whose fit a job left in the index. */
    private Map<String, String> finish(Context context, String fit) {
        long start = System.currentTimeMillis();
        TrainHead head = Objects.requireNonNull(work.heads().get().get(LabelSet.DEFAULT));
        Duration left = Duration.ofMillis(context.getRemainingTimeInMillis());
        TrainHead.Outcome outcome;
        try {
            outcome = head.finish(fit, network.id(), network.name(), left);
        } catch (BadRequestException e) {
            return Map.of("outcome", "Refused", "reason", String.valueOf(e.getMessage()));
        }
        new CallLog(context).metrics(metrics(outcome, start), start);
        return new TrainingAnswers(network.name()).of(outcome, new CallLog(context));
    }

    private Map<String, String> alone(Context context, Supplier<Map<String, String>> training) {
        Duration left = Duration.ofMillis(context.getRemainingTimeInMillis());
        if (!trainings.begin(context.getAwsRequestId(), left)) {
            return Map.of("outcome", "Running", "reason", "another call trains: its head will do");
        }
        Map<String, String> answer = Trainings.failed("the log of the trainer says why");
        try {
            answer = training.get();
            return answer;
        } finally {
            trainings.end(answer);
        }
    }

    /**
     * One after the other, the default one first, with one read of the features. What goes wrong
     * with another set is an outcome, so that it ends no training but its own.
     */
    private SortedMap<LabelSet, Map<String, String>> trainEach(Context context) {
        SortedMap<LabelSet, Map<String, String>> answers = new TreeMap<>();
        Optional<Map<String, String>> moving = move(context);
        if (moving.isPresent()) {
            answers.put(LabelSet.DEFAULT, moving.get());
            return answers;
        }
        try (LabelledImages images = new LabelledImages(work.features(), network.id())) {
            work.heads()
                    .get()
                    .forEach(
                            (set, head) ->
                                    answers.put(
                                            set,
                                            set.isDefault()
                                                    ? orReason(
                                                            context,
                                                            () -> train(context, set, head, images))
                                                    : other(context, set, head, images)));
        }
        return answers;
    }

    /** A set with few labels, as any has at first, is no failure. */
    private Map<String, String> other(
            Context context, LabelSet set, TrainHead head, LabelledImages images) {
        try {
            return train(context, set, head, images);
        } catch (NotEnoughDataException e) {
            return TrainingAnswers.of(e);
        } catch (RuntimeException e) {
            new CallLog(context).failure("label set " + set, e);
            return e instanceof NotEnoughTimeException
                    ? TrainingAnswers.of(e)
                    : Trainings.failed("the log of the trainer says why");
        }
    }

    /** What the owner or the deployer has to mend is an outcome. */
    private Map<String, String> orReason(Context context, Supplier<Map<String, String>> task) {
        try {
            return task.get();
        } catch (NotEnoughDataException | NotEnoughTimeException e) {
            new CallLog(context).failure(network.name(), e);
            return TrainingAnswers.of(e);
        }
    }

    private Map<String, String> verify(String version) {
        VerifyHead.Verification found = work.verification().verify(version);
        return Map.of(
                "outcome", found.same() ? "Same" : "Different",
                "version", found.version(),
                "reason", found.finding());
    }

    private Map<String, String> delete(String identity, Context context) {
        try {
            boolean done = work.deletion().run(identity, end(context));
            work.vectors().ifPresent(vectors -> vectors.delete(identity));
            return done
                    ? Map.of("outcome", "Deleted")
                    : Map.of("outcome", "Deleting", "reason", "features are left: call again");
        } catch (ConflictException | NotFoundException e) {
            return Map.of("outcome", "Refused", "reason", String.valueOf(e.getMessage()));
        }
    }

    private Map<String, String> train(
            Context context, LabelSet set, TrainHead head, LabelledImages images) {
        long start = System.currentTimeMillis();
        Duration left = Duration.ofMillis(context.getRemainingTimeInMillis());
        TrainHead.Outcome outcome = head.run(images, set, network.name(), left);
        new CallLog(context).metrics(metrics(outcome, start), start);
        return new TrainingAnswers(network.name()).of(outcome, new CallLog(context));
    }

    /** What is to be told while a table of the version before is not moved yet. */
    private Optional<Map<String, String>> move(Context context) {
        return earlier.map(table -> table.move(end(context), moved -> {}))
                .filter(progress -> progress.passes() == 0)
                .map(
                        progress ->
                                Map.of(
                                        "outcome",
                                        "Moving",
                                        "reason",
                                        "%d images moved from the table of the version before: call again"
                                                .formatted(progress.moved())));
    }

    /** When to stop what can go on in another call. */
    private static Instant end(Context context) {
        long left = context.getRemainingTimeInMillis();
        return Instant.now().plusMillis(left - Math.min(left / 2, TO_END_MILLIS));
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
