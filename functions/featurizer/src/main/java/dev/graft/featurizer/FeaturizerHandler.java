package dev.graft.featurizer;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.S3Event;
import com.amazonaws.services.lambda.runtime.events.models.s3.S3EventNotification.S3EventNotificationRecord;
import dev.graft.feature.BadRequestException;
import dev.graft.feature.StoreException;
import dev.graft.ingest.ImageIngest;
import dev.graft.lambda.CallLog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** S3 event in, stored features and labels out. Safe for use by many threads. */
public final class FeaturizerHandler implements RequestHandler<S3Event, List<String>> {
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
        this(Wiring.from(environment));
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
     * @return one outcome per record
     * @throws StoreException if a store did not answer for at least one record; all of the event
     *     may be sent again
     * @throws BadRequestException if at least one record is none of S3
     */
    @Override
    public List<String> handleRequest(S3Event event, Context context) {
        CallLog log = new CallLog(context);
        long start = System.currentTimeMillis();
        List<String> outcomes = new ArrayList<>();
        Optional<RuntimeException> failure = Optional.empty();
        for (S3EventNotificationRecord record : records(event)) {
            String key = "a record of an event";
            try {
                key = key(record);
                outcomes.add(handle(record, key).name());
            } catch (RuntimeException e) {
                failure = Optional.of(e);
                log.failure(key, e);
            }
        }
        log.metrics(metrics(outcomes, start), start);
        if (failure.isPresent()) {
            throw failure.get();
        }
        return outcomes;
    }

    private static String key(S3EventNotificationRecord record) {
        @Nullable Throwable cause = null;
        try {
            String key = record.getS3().getObject().getUrlDecodedKey();
            if (key != null && !key.isEmpty()) {
                return key;
            }
        } catch (IllegalArgumentException | NullPointerException e) {
            cause = e;
        }
        throw new BadRequestException(
                "a record of the event names no key that is URL-encoded: expected the S3 event"
                        + " message structure 2.x, as in events/put.json",
                cause);
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

    private ImageIngest.Outcome handle(S3EventNotificationRecord record, String key) {
        String sequencer = String.valueOf(record.getS3().getObject().getSequencer());
        String name = String.valueOf(record.getEventName());
        if (name.contains("ObjectCreated:")) {
            return wiring.objects().created(key, sequencer);
        }
        if (name.contains("ObjectRemoved:") || name.contains("LifecycleExpiration:")) {
            return wiring.objects().removed(key, sequencer);
        }
        if (name.contains("ObjectTagging:")) {
            return wiring.objects().tagged(key);
        }
        return ImageIngest.Outcome.IGNORED;
    }

    /** S3 sends a test event without records when the notification is set up. */
    private static List<S3EventNotificationRecord> records(S3Event event) {
        return event.getRecords() == null ? List.of() : event.getRecords();
    }
}
