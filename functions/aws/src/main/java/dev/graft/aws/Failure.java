package dev.graft.aws;

import dev.graft.feature.RefusedException;
import dev.graft.feature.StoreException;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What went wrong in a service, in our words; the SDK's stay in the cause, for the log. */
final class Failure {
    private static final Set<String> NOT_ALLOWED = Set.of("AccessDenied", "AccessDeniedException");
    private static final Set<String> NOT_TAKEN =
            Set.of(
                    "ValidationException",
                    "SerializationException",
                    "EntityTooLarge",
                    "InvalidArgument",
                    "InvalidRequest");

    private Failure() {}

    /**
     * Names a failed operation, and says to try again only where that can help.
     *
     * @param operation what was tried on which thing, such as {@code read images/a.jpg in bucket b}
     */
    static StoreException of(String operation, SdkException cause) {
        if (!(cause instanceof AwsServiceException service)) {
            return new StoreException(
                    "could not " + operation + ": the service did not answer, try again", cause);
        }
        AwsErrorDetails details = service.awsErrorDetails();
        String code = details == null ? "" : String.valueOf(details.errorCode());
        String failed = "could not " + operation + ": the service ";
        if (NOT_ALLOWED.contains(code)) {
            return new RefusedException(
                    failed + "does not allow it, give the function's role that permission", cause);
        }
        if (NOT_TAKEN.contains(code)) {
            return new RefusedException(
                    failed + "does not take it (" + code + "), trying again would not help", cause);
        }
        return new StoreException(
                failed + "answered " + service.statusCode() + ", try again", cause);
    }
}
