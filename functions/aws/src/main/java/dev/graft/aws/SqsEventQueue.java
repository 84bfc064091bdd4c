package dev.graft.aws;

import dev.graft.ingest.EventQueue;
import java.time.Duration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Queues of SQS. Safe for use by many threads. */
final class SqsEventQueue implements EventQueue {
    private final SqsClient sqs;
    private final String deadLetters;

    /**
     * Over a client.
     *
     * @param deadLetters address of that queue
     */
    SqsEventQueue(SqsClient sqs, String deadLetters) {
        this.sqs = sqs;
        this.deadLetters = deadLetters;
    }

    @Override
    public void comesAgain(String queue, String receipt, Duration after) {
        String name = queue.substring(queue.lastIndexOf(':') + 1);
        // all queues of a stack are of one account and region, and so of one address but the name
        String address = deadLetters.substring(0, deadLetters.lastIndexOf('/') + 1) + name;
        try {
            sqs.changeMessageVisibility(
                    b ->
                            b.queueUrl(address)
                                    .receiptHandle(receipt)
                                    .visibilityTimeout((int) after.toSeconds()));
        } catch (SdkException e) {
            throw Failure.of("delay a message of queue " + name, e);
        }
    }

    @Override
    public void giveUp(String letter) {
        try {
            sqs.sendMessage(b -> b.queueUrl(deadLetters).messageBody(letter));
        } catch (SdkException e) {
            throw Failure.of("keep an event in the dead letters", e);
        }
    }
}
