package dev.graft.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graft.feature.RefusedException;
import dev.graft.feature.StoreException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

class FailureTest {

    @ParameterizedTest
    @CsvSource({
        "500, InternalServerError, the service answered 500; try again",
        "503, SlowDown, the service answered 503; try again",
        "429, ThrottlingException, the service answered 429; try again",
        "400, ProvisionedThroughputExceededException, the service answered 400; try again",
        "400, ExpiredTokenException, the service answered 400; try again",
        "400, AccessDeniedException, the service does not allow it; give the function's role that permission",
        "403, AccessDenied, the service does not allow it; give the function's role that permission",
        "400, ValidationException, the service does not take it (ValidationException); trying again would not help",
        "400, EntityTooLarge, the service does not take it (EntityTooLarge); trying again would not help",
    })
    void saysToTryAgainOnlyWhereThatCanHelp(int status, String code, String told) {
        StoreException failure =
                Failure.of(
                        "store a",
                        DynamoDbException.builder()
                                .statusCode(status)
                                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                                .build());
        assertEquals("could not store a: " + told.replace(';', ','), failure.getMessage());
        assertEquals(!told.endsWith("try again"), failure instanceof RefusedException);
    }
}
