package dev.graft.local;

import dev.graft.testing.EventsUnderStress;
import java.util.stream.LongStream;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.sync.RequestBody;

/** Events under stress on S3 and DynamoDB: one seed in every build, two under stress. */
@EnabledIf(
        value = "dev.graft.local.LocalStack#notAskedOrThere",
        disabledReason = "profile localstack is on, but no Docker answers")
class CloudUnderStressTest extends EventsUnderStress {
    static LongStream seeds() {
        return seeds(STRESS ? 2 : 1);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void endsWithATableThatIsEqualToTheBucket(long seed) throws Exception {
        theTableEndsEqualToTheBucket(seed);
    }

    CloudUnderStressTest() {
        super(stores(), 200);
    }

    private static Stores stores() {
        String bucket = TestCloud.newBucket();
        String table = TestCloud.newTable();
        var s3 = TestCloud.AWS.s3();
        return new Stores(
                TestCloud.AWS.imageStore(bucket),
                TestCloud.AWS.featureStore(table),
                TestCloud.AWS.labelStore(table),
                (key, file) ->
                        s3.putObject(b -> b.bucket(bucket).key(key), RequestBody.fromBytes(file)),
                key -> s3.deleteObject(b -> b.bucket(bucket).key(key)));
    }
}
