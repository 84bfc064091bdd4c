package dev.graft.featurizer;

import static com.amazonaws.services.lambda.runtime.events.S3BatchResponse.ResultCode.PermanentFailure;
import static com.amazonaws.services.lambda.runtime.events.S3BatchResponse.ResultCode.Succeeded;
import static com.amazonaws.services.lambda.runtime.events.S3BatchResponse.ResultCode.TemporaryFailure;
import static dev.graft.ingest.ImageIngest.Outcome.FEATURIZED;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.S3BatchResponse;
import com.amazonaws.services.lambda.runtime.events.S3BatchResponse.Result;
import com.amazonaws.services.lambda.runtime.events.S3BatchResponse.ResultCode;
import dev.graft.aws.Aws;
import dev.graft.feature.BadRequestException;
import dev.graft.feature.StoreException;
import dev.graft.image.MemoryExhaustedException;
import dev.graft.image.UnreadableImageException;
import dev.graft.ingest.ImageIngest;
import dev.graft.lambda.CallLog;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Looks at objects of which no event tells. Keys in, as S3 Batch Operations sends them and {@code
 * infra/refill.py} too: after a change of the network, features of the new one stored. A scheduled
 * event in: the bucket is compared with what is stored, and what differs is read, until the time of
 * the call is over; the next one goes on. A function of its own, so that its calls do not count as
 * new images. Safe for use by many threads.
 */
public final class RefillHandler implements RequestHandler<Map<String, Object>, S3BatchResponse> {
    private static final int LAST_MILLIS = 60_000;

    private final Wiring wiring;

    /** For Lambda: everything from the environment. */
    public RefillHandler() {
        this(System.getenv());
    }

    /**
     * With the variables of an environment.
     *
     * @throws dev.graft.feature.ConfigurationException if any is missing or wrong
     */
    public RefillHandler(Map<String, String> environment) {
        this(Wiring.from(environment, new Aws(environment)));
    }

    RefillHandler(Wiring wiring) {
        this.wiring = wiring;
    }

    /**
     * Deals with every task, also when another of the event fails.
     *
     * @return for each task {@code Succeeded} with the {@link ImageIngest.Outcome}, {@code
     *     TemporaryFailure} if a store did not answer, or {@code PermanentFailure} if it is of no
     *     use to try again, both with the reason; none for a scheduled event
     * @throws BadRequestException if the event is neither of S3 Batch Operations nor scheduled
     * @throws StoreException if a store did not answer to the comparison
     */
    @Override
    public S3BatchResponse handleRequest(Map<String, Object> fields, Context context) {
        CallLog log = new CallLog(context);
        if ("Scheduled Event".equals(fields.get("detail-type"))) {
            sweep(log);
            return response(List.of()).build();
        }
        BatchEvent event = BatchEvent.of(fields);
        List<Result> results = event.tasks().stream().map(task -> reread(task, log)).toList();
        log.metrics(metrics(results), System.currentTimeMillis());
        return response(results)
                .withInvocationSchemaVersion(event.invocationSchemaVersion())
                .withInvocationId(event.invocationId())
                .build();
    }

    private static S3BatchResponse.S3BatchResponseBuilder response(List<Result> results) {
        return S3BatchResponse.builder()
                .withTreatMissingKeysAs(PermanentFailure)
                .withResults(results);
    }

    private void sweep(CallLog log) {
        List<String> keys = wiring.reconcile().keys();
        List<Result> results = new ArrayList<>();
        for (String key : keys) {
            if (log.context().getRemainingTimeInMillis() < LAST_MILLIS) {
                log.warning(
                        wiring.bucket(),
                        "%d of %d objects that differ from what is stored were read in the time of a call; the next one goes on"
                                .formatted(results.size(), keys.size()));
                break;
            }
            results.add(reread(BatchEvent.Task.of(key, wiring.bucket()), log));
        }
        Map<String, Integer> metrics = new HashMap<>(metrics(results));
        metrics.put("ObjectsSwept", keys.size());
        log.metrics(metrics, System.currentTimeMillis());
    }

    private static Map<String, Integer> metrics(List<Result> results) {
        return Map.of(
                "ImagesRefilled",
                count(results, r -> FEATURIZED.name().equals(r.getResultString())),
                "ImagesUnreadable",
                count(results, r -> r.getResultCode() == PermanentFailure));
    }

    private Result reread(BatchEvent.Task task, CallLog log) {
        try {
            return result(task, Succeeded, wiring.objects().reread(key(task)).name());
        } catch (UnreadableImageException | BadRequestException e) {
            String reason = String.valueOf(e.getMessage());
            log.warning(task.s3Key(), reason);
            return result(task, PermanentFailure, reason);
        } catch (StoreException | MemoryExhaustedException e) {
            log.failure(task.s3Key(), e);
            return result(task, TemporaryFailure, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            log.failure(task.s3Key(), e);
            return result(task, PermanentFailure, String.valueOf(e.getMessage()));
        }
    }

    private String key(BatchEvent.Task task) {
        if (!task.bucket().equals(wiring.bucket())) {
            throw new BadRequestException(
                    "%s is in bucket %s, expected the images bucket %s"
                            .formatted(task.s3Key(), task.bucket(), wiring.bucket()));
        }
        try {
            // in a key, unlike in a form, a plus is one
            return URLDecoder.decode(task.s3Key().replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException(
                    "key %s is not percent-encoded: write %%25 for a percent sign"
                            .formatted(task.s3Key()),
                    e);
        }
    }

    private static Result result(BatchEvent.Task task, ResultCode code, String text) {
        return Result.builder()
                .withTaskId(task.taskId())
                .withResultCode(code)
                .withResultString(text)
                .build();
    }

    private static int count(List<Result> results, Predicate<Result> which) {
        return (int) results.stream().filter(which).count();
    }
}
