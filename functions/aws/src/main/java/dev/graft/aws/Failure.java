package dev.graft.aws;

import dev.graft.feature.StoreException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What went wrong in a service, in our words; the SDK's stay in the cause, for the log. */
final class Failure {
    private Failure() {}

    /**
     * Names a failed operation.
     *
     * @param operation what was tried on which thing, such as {@code read images/a.jpg in bucket b}
     */
    static StoreException of(String operation, SdkException cause) {
        String answer =
                cause instanceof AwsServiceException service
                        ? "the service answered " + service.statusCode()
                        : "the service did not answer";
        return new StoreException("could not " + operation + ": " + answer + ", try again", cause);
    }
}
