package dev.graft.featurizer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.StoreException;
import dev.graft.ingest.EventQueue;
import dev.graft.ingest.ObjectIngest;
import dev.graft.ingest.Reconcile;
import dev.graft.testing.EventsUnderStress;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryImageStore;
import dev.graft.testing.MeanBackbone;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same events as EventBridge tells them, by a queue, which has no order either. */
class QueueUnderStressTest extends EventsUnderStress {
    private static final InMemoryImageStore IMAGES = new InMemoryImageStore();
    private static final InMemoryFeatureStore FEATURES = new InMemoryFeatureStore();

    private final AtomicInteger delayed = new AtomicInteger();
    private final AtomicInteger letters = new AtomicInteger();

    QueueUnderStressTest() {
        super(new Stores(IMAGES, FEATURES, FEATURES, IMAGES::put, IMAGES::delete), 1_500);
    }

    static LongStream seeds() {
        return seeds(1);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theTableEndsEqualToTheBucketByAQueueToo(long seed) throws Exception {
        theTableEndsEqualToTheBucket(seed);
        assertTrue(delayed.get() > 0 && letters.get() > 0, delayed + " again, " + letters);
    }

    @Override
    protected void deal(ObjectIngest ingest, Event event) {
        EventQueue queue =
                new EventQueue() {
                    @Override
                    public void comesAgain(String queue, String receipt, Duration after) {
                        delayed.incrementAndGet();
                        throw new StoreException("it is tried again", null);
                    }

                    @Override
                    public void giveUp(String letter) {
                        letters.incrementAndGet();
                        throw new StoreException("it is dead", null);
                    }
                };
        Reconcile none = new Reconcile(IMAGES, FEATURES, new MeanBackbone().id());
        Object answer =
                new FeaturizerHandler(
                                new Wiring("b", ingest, none, Optional.of(queue), Optional.empty()))
                        .handleRequest(message(event), RecordedContext.of(new StringBuilder()));
        if (!answer.equals(Map.of("batchItemFailures", List.of()))) {
            throw new StoreException(answer.toString(), null);
        }
    }

    private static Map<String, Object> message(Event event) {
        String body =
                "{\"source\": \"aws.s3\", \"detail-type\": \"Object %s\", \"detail\": {\"object\": {\"key\": \"%s\", \"sequencer\": \"%s\"}}}"
                        .formatted(
                                event.created() ? "Created" : "Deleted",
                                event.key(),
                                event.sequencer());
        return Map.of(
                "Records",
                List.of(
                        Map.of(
                                "messageId",
                                event.sequencer(),
                                "receiptHandle",
                                event.sequencer(),
                                "eventSource",
                                "aws:sqs",
                                "eventSourceARN",
                                "arn:aws:sqs:eu-central-1:123456789012:graft-uploads",
                                "attributes",
                                Map.of("ApproximateReceiveCount", "" + event.attempt()),
                                "body",
                                body)));
    }
}
