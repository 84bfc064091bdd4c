package dev.graft.aws;

import dev.graft.feature.ImageRecord;
import dev.graft.feature.LabelChange;
import dev.graft.feature.LabelStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Decisions about labels in DynamoDB, see {@link ImageTable}. */
public final class DynamoLabelStore implements LabelStore {
    private final DynamoRecords records;
    private final InstantSource clock;

    /** Keeps decisions in this table. */
    public DynamoLabelStore(DynamoDbClient client, String table, InstantSource clock) {
        this.records = new DynamoRecords(client, table);
        this.clock = clock;
    }

    @Override
    public Answer decide(Decision decision) {
        var read = new AtomicReference<ImageRecord>();
        ImageRecord now =
                records.change(
                        decision.key(),
                        Optional.empty(),
                        before -> {
                            read.set(before);
                            return decision.applied(before, clock.instant());
                        });
        return Answer.of(decision, Objects.requireNonNull(read.get()), now);
    }

    @Override
    public List<LabelChange> history(String key) {
        return records.record(key).labels();
    }
}
