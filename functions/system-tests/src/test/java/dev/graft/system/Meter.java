package dev.graft.system;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;

/**
 * Counts what is asked of S3 and DynamoDB in this process: calls, bytes of the responses, and read
 * units as DynamoDB bills them. The AWS SDK finds it by its file of global interceptors.
 */
public final class Meter implements ExecutionInterceptor {
    private static final double LEAST = 0.5;
    private static final AtomicLong CALLS = new AtomicLong();
    private static final AtomicLong BYTES = new AtomicLong();
    private static final DoubleAdder UNITS = new DoubleAdder();

    /**
     * What was asked for.
     *
     * @param calls to either
     * @param bytes of the responses
     * @param readUnits of DynamoDB
     */
    record Used(long calls, long bytes, double readUnits) {}

    /** What a task, and all else that ran meanwhile, asked for. */
    static Used during(Runnable task) {
        CALLS.set(0);
        BYTES.set(0);
        UNITS.reset();
        task.run();
        return new Used(CALLS.get(), BYTES.get(), UNITS.sum());
    }

    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
        ReturnConsumedCapacity total = ReturnConsumedCapacity.TOTAL;
        return switch (context.request()) {
            case QueryRequest query -> query.toBuilder().returnConsumedCapacity(total).build();
            case BatchGetItemRequest get -> get.toBuilder().returnConsumedCapacity(total).build();
            case ScanRequest scan -> scan.toBuilder().returnConsumedCapacity(total).build();
            default -> context.request();
        };
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        CALLS.incrementAndGet();
        context.httpResponse()
                .firstMatchingHeader("Content-Length")
                .map(Long::valueOf)
                .ifPresent(BYTES::addAndGet);
        consumed(context.response().getValueForField("ConsumedCapacity", Object.class).orElse(null))
                // DynamoDB Local takes nothing for an empty answer, AWS does
                .map(consumed -> Math.max(LEAST, consumed.capacityUnits()))
                .forEach(UNITS::add);
    }

    private static Stream<ConsumedCapacity> consumed(Object field) {
        return switch (field) {
            case null -> Stream.empty();
            case ConsumedCapacity one -> Stream.of(one);
            case Collection<?> each -> List.copyOf(each).stream().flatMap(Meter::consumed);
            default -> Stream.empty();
        };
    }
}
