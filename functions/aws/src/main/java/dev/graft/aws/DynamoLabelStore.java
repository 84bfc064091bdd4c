package dev.graft.aws;

import dev.graft.feature.ImageRecord;
import dev.graft.feature.LabelChange;
import dev.graft.feature.LabelSet;
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
    private final LabelSet set;

    /** Keeps decisions in this table. */
    public DynamoLabelStore(DynamoDbClient client, String table, InstantSource clock) {
        this(new DynamoRecords(client, table), clock, LabelSet.DEFAULT);
    }

    private DynamoLabelStore(DynamoRecords records, InstantSource clock, LabelSet set) {
        this.records = records;
        this.clock = clock;
        this.set = set;
    }

    @Override
    public LabelStore in(LabelSet other) {
        return new DynamoLabelStore(records, clock, other);
    }

    @Override
    public Answer decide(Decision decision) {
        var read = new AtomicReference<ImageRecord>();
        ImageRecord now =
                records.change(
                        decision.key(),
                        Optional.empty(),
                        before -> {
                            ImageRecord there = before.in(set);
                            read.set(there);
                            return decision.applied(there, clock.instant()).in(LabelSet.DEFAULT);
                        });
        return Answer.of(decision, Objects.requireNonNull(read.get()), now.in(set));
    }

    @Override
    public List<LabelChange> history(String key) {
        return records.record(key).in(set).labels();
    }
}
