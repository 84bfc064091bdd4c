package dev.graft.featurizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.feature.BadRequestException;
import java.time.Duration;

/**
 * A message of SQS as Lambda hands it over. Source: AWS Lambda Developer Guide, "Using Lambda with
 * Amazon SQS".
 *
 * @param id by which a failure is reported
 * @param queue that it came by, as an ARN
 * @param receipt of this delivery
 * @param deliveries how often it came, this time included
 * @param body what was sent
 */
record QueueMessage(String id, String queue, String receipt, int deliveries, String body) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** As Lambda tries asynchronous events. */
    private static final int TRIES = 3;

    /** Whether a record of an event is one. */
    static boolean isOne(JsonNode record) {
        return record.path("eventSource").asText().equals("aws:sqs");
    }

    static QueueMessage of(JsonNode record) {
        return new QueueMessage(
                record.path("messageId").asText(),
                record.path("eventSourceARN").asText(),
                record.path("receiptHandle").asText(),
                record.at("/attributes/ApproximateReceiveCount").asInt(1),
                record.path("body").asText());
    }

    /**
     * What S3 or EventBridge wrote.
     *
     * @throws BadRequestException if it is no JSON
     */
    JsonNode message() {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new BadRequestException(
                    "message %s of %s is no JSON: expected an event of S3 or of EventBridge"
                            .formatted(id, queue),
                    e);
        }
    }

    /** Whether it is of no use, or was of none often enough, to try it again. */
    boolean isInVain(RuntimeException failure) {
        return deliveries >= TRIES || failure instanceof BadRequestException;
    }

    /** One minute after the first failure, two after the second. */
    Duration pause() {
        return Duration.ofMinutes(deliveries);
    }

    /** As Lambda words its dead letters, and with the queue that takes the event again. */
    String letter(String function, RuntimeException failure) {
        ObjectNode letter = JSON.createObjectNode();
        letter.putObject("requestContext")
                .put("functionArn", function)
                .put("condition", "RetriesExhausted")
                .put("approximateInvokeCount", deliveries)
                .put("queueArn", queue);
        letter.put("requestPayload", body);
        letter.putObject("responsePayload")
                .put("errorType", failure.getClass().getName())
                .put("errorMessage", failure.getMessage());
        return letter.toString();
    }
}
