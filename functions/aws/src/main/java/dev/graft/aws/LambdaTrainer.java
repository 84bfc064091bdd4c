package dev.graft.aws;

import dev.graft.feature.RefusedException;
import dev.graft.feature.StoreException;
import dev.graft.training.Trainer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * A function of Lambda that trains, called asynchronously. Its one request is made here, as the
 * client of Lambda would add 3 MB to the classifier's zip. Safe for use by many threads.
 */
final class LambdaTrainer implements Trainer {
    private static final byte[] NO_EVENT = "{}".getBytes(StandardCharsets.UTF_8);
    private static final int ACCEPTED = 202;
    private static final int THROTTLED = 429;

    private final SignedRequests lambda;
    private final String function;

    /** With the name of the function. */
    LambdaTrainer(SignedRequests lambda, String function) {
        this.lambda = lambda;
        this.function = function;
    }

    @Override
    public void start() {
        String failed = "could not start the training in function " + function + ": Lambda ";
        String path = "/2015-03-31/functions/" + function + "/invocations";
        int status;
        try {
            status = lambda.post(path, Map.of("x-amz-invocation-type", "Event"), NO_EVENT).status();
        } catch (IOException | SdkException e) {
            throw new StoreException(failed + "did not answer, try again", e);
        }
        if (status == THROTTLED || status >= 500) {
            throw new StoreException(failed + "answered " + status + ", try again", null);
        }
        if (status != ACCEPTED) {
            throw new RefusedException(
                    failed
                            + "answered "
                            + status
                            + ", the function must be there and the role needs lambda:InvokeFunction on it",
                    null);
        }
    }
}
