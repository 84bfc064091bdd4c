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
import dev.graft.image.UnreadableImageException;
import dev.graft.ingest.ImageIngest;
import dev.graft.lambda.CallLog;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * After a change of the network: keys in, their features of the new network stored. Takes the
 * events of S3 Batch Operations, which {@code infra/refill.py} sends too. A function of its own, so
 * that its calls do not count as new images. Safe for use by many threads.
 */
public final class RefillHandler implements RequestHandler<Map<String, Object>, S3BatchResponse> {
    private final ImageIngest images;
    private final String bucket;

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
        this(FeaturizerConfig.from(environment), new Aws(environment));
    }

    private RefillHandler(FeaturizerConfig config, Aws aws) {
        this(
                FeaturizerHandler.images(
                        config,
                        aws.imageStore(config.imagesBucket()),
                        aws.featureStore(config.table())),
                config.imagesBucket());
    }

    /**
     * Between these.
     *
     * @param bucket of the images; keys of another are refused
     */
    RefillHandler(ImageIngest images, String bucket) {
        this.images = images;
        this.bucket = bucket;
    }

    /**
     * Deals with every task, also when another of the event fails.
     *
     * @return for each task {@code Succeeded} with the {@link ImageIngest.Outcome}, {@code
     *     TemporaryFailure} if a store did not answer, or {@code PermanentFailure} if it is of no
     *     use to try again, both with the reason
     * @throws BadRequestException if the event is none of S3 Batch Operations
     */
    @Override
    public S3BatchResponse handleRequest(Map<String, Object> fields, Context context) {
        BatchEvent event = BatchEvent.of(fields);
        CallLog log = new CallLog(context);
        List<Result> results = event.tasks().stream().map(task -> refill(task, log)).toList();
        Map<String, Integer> metrics =
                Map.of(
                        "ImagesRefilled",
                        count(results, r -> FEATURIZED.name().equals(r.getResultString())),
                        "ImagesUnreadable",
                        count(results, r -> r.getResultCode() == PermanentFailure));
        log.metrics(metrics, System.currentTimeMillis());
        return S3BatchResponse.builder()
                .withInvocationSchemaVersion(event.invocationSchemaVersion())
                .withInvocationId(event.invocationId())
                .withTreatMissingKeysAs(PermanentFailure)
                .withResults(results)
                .build();
    }

    private Result refill(BatchEvent.Task task, CallLog log) {
        try {
            return result(task, Succeeded, images.refill(key(task)).name());
        } catch (UnreadableImageException | BadRequestException e) {
            String reason = String.valueOf(e.getMessage());
            log.warning(task.s3Key(), reason);
            return result(task, PermanentFailure, reason);
        } catch (StoreException e) {
            log.failure(task.s3Key(), e);
            return result(task, TemporaryFailure, String.valueOf(e.getMessage()));
        }
    }

    private String key(BatchEvent.Task task) {
        if (!task.bucket().equals(bucket)) {
            throw new BadRequestException(
                    "%s is in bucket %s, expected the images bucket %s"
                            .formatted(task.s3Key(), task.bucket(), bucket));
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
