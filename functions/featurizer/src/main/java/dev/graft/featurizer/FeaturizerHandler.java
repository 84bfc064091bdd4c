package dev.graft.featurizer;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.aws.Aws;
import dev.graft.feature.BadRequestException;
import dev.graft.feature.StoreException;
import dev.graft.ingest.EventQueue;
import dev.graft.ingest.FollowedBucket;
import dev.graft.ingest.ImageIngest;
import dev.graft.lambda.CallLog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Events of S3 in, by a queue or without one, stored features and labels out. Safe for use by many
 * threads.
 */
public final class FeaturizerHandler implements RequestHandler<Map<String, Object>, Object> {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Wiring wiring;

    /** For Lambda: everything from the environment. */
    public FeaturizerHandler() {
        this(System.getenv());
    }

    /**
     * With the variables of an environment.
     *
     * @throws dev.graft.feature.ConfigurationException if any is missing or wrong
     */
    public FeaturizerHandler(Map<String, String> environment) {
        this(environment, new Aws(environment));
    }

    /** Likewise, with connections that are there. */
    public FeaturizerHandler(Map<String, String> environment, Aws aws) {
        this(Wiring.from(environment, aws));
    }

    FeaturizerHandler(Wiring wiring) {
        this.wiring = wiring;
    }

    /** The function that looks at what no event told, with the same network and stores. */
    public RefillHandler refill() {
        return new RefillHandler(wiring);
    }

    /**
     * Deals with every record, also when another of the event fails.
     *
     * @return for an event of SQS {@code batchItemFailures}, as Lambda expects them: the messages
     *     that come again, as each that was tried three times is kept among the dead letters; for
     *     one of S3 or EventBridge an outcome per record
     * @throws StoreException if it is none of SQS and a store did not answer for at least one
     *     record; all of the event may be sent again
     * @throws BadRequestException if it is none of SQS and at least one record is none of S3
     */
    @Override
    public Object handleRequest(Map<String, Object> fields, Context context) {
        JsonNode event = JSON.valueToTree(fields);
        CallLog log = new CallLog(context);
        long start = System.currentTimeMillis();
        List<String> outcomes = new ArrayList<>();
        List<Map<String, String>> failed = new ArrayList<>();
        Optional<RuntimeException> failure = Optional.empty();
        boolean queued = QueueMessage.isOne(event.at("/Records/0"));
        if (queued) {
            for (JsonNode record : event.path("Records")) {
                QueueMessage message = QueueMessage.of(record);
                if (comesAgain(message, outcomes, log)) {
                    failed.add(Map.of("itemIdentifier", message.id()));
                }
            }
        } else {
            failure = handle(event, outcomes, log);
        }
        log.metrics(metrics(outcomes, start), start);
        if (failure.isPresent()) {
            throw failure.get();
        }
        return queued ? Map.of("batchItemFailures", failed) : outcomes;
    }

    /** Deals with a message; whether it failed, and stays in its queue. */
    private boolean comesAgain(QueueMessage message, List<String> outcomes, CallLog log) {
        Optional<RuntimeException> failure;
        try {
            failure = handle(message.message(), outcomes, log);
        } catch (BadRequestException e) {
            log.failure(message.id(), e);
            failure = Optional.of(e);
        }
        return failure.isPresent() && !isKept(message, failure.get(), log);
    }

    /** Keeps a message among the dead letters if it was tried in vain; else has it come again. */
    private boolean isKept(QueueMessage message, RuntimeException failure, CallLog log) {
        if (wiring.queue().isEmpty()) {
            return false;
        }
        EventQueue queue = wiring.queue().get();
        try {
            if (message.isInVain(failure)) {
                String function = log.context().getInvokedFunctionArn();
                queue.giveUp(message.letter(function, failure));
                return true;
            }
            queue.comesAgain(message.queue(), message.receipt(), message.pause());
        } catch (StoreException e) {
            log.failure(message.id(), e); // it comes again, and at last without a reason
        }
        return false;
    }

    /** Deals with every record of a message; the last failure. */
    private Optional<RuntimeException> handle(
            JsonNode message, List<String> outcomes, CallLog log) {
        Optional<RuntimeException> failure = Optional.empty();
        for (JsonNode record : ObjectEvent.records(message)) {
            String about = "a record of an event";
            try {
                ObjectEvent event = ObjectEvent.of(record);
                about = event.key();
                outcomes.add(handle(event).name());
            } catch (RuntimeException e) {
                failure = Optional.of(e);
                log.failure(about, e);
            }
        }
        return failure;
    }

    private ImageIngest.Outcome handle(ObjectEvent event) {
        Optional<FollowedBucket> followed =
                wiring.followed().filter(other -> other.name().equals(event.bucket()));
        if (followed.isPresent()) {
            followed.get().copy(event.key());
            return ImageIngest.Outcome.COPIED;
        }
        return switch (event.change()) {
            case CREATED -> wiring.objects().created(event.key(), event.sequencer());
            case REMOVED -> wiring.objects().removed(event.key(), event.sequencer());
            case TAGGED -> wiring.objects().tagged(event.key());
            case OTHER -> ImageIngest.Outcome.IGNORED;
        };
    }

    private static Map<String, Integer> metrics(List<String> outcomes, long start) {
        return Map.of(
                "ImagesFeaturized",
                Collections.frequency(outcomes, ImageIngest.Outcome.FEATURIZED.name()),
                "ImagesUnreadable",
                Collections.frequency(outcomes, ImageIngest.Outcome.UNREADABLE.name()),
                "FeaturizeMilliseconds",
                (int) (System.currentTimeMillis() - start));
    }
}
