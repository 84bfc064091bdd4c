package dev.graft.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageFile;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageStore;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSets;
import dev.graft.feature.LabelSource;
import dev.graft.feature.LabelStore;
import dev.graft.feature.NetworkStore;
import dev.graft.feature.SetLabels;
import dev.graft.head.HeadStore;
import dev.graft.index.IndexStore;
import dev.graft.library.History;
import dev.graft.library.ResultStore;
import dev.graft.library.Shares;
import dev.graft.testing.FeatureStoreContract;
import dev.graft.testing.HeadStoreContract;
import dev.graft.testing.HistoryContract;
import dev.graft.testing.ImageIndexContract;
import dev.graft.testing.ImageStoreContract;
import dev.graft.testing.IndexStoreContract;
import dev.graft.testing.LabelSetsContract;
import dev.graft.testing.LabelStoreContract;
import dev.graft.testing.NetworkStoreContract;
import dev.graft.testing.ResultStoreContract;
import dev.graft.testing.SharesContract;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.Tagging;

/** The stores on S3 and DynamoDB keep their contracts. */
@EnabledIf(
        value = "dev.graft.local.LocalStack#notAskedOrThere",
        disabledReason = "profile localstack is on, but no Docker answers")
class CloudStoresTest {
    @Nested
    class Features extends FeatureStoreContract {
        private static final String TABLE = TestCloud.newTable();

        @Override
        protected FeatureStore store() {
            return TestCloud.AWS.featureStore(TABLE);
        }
    }

    @Nested
    class Labels extends LabelStoreContract {
        private static final String TABLE = TestCloud.newTable();

        @Override
        protected FeatureStore features() {
            return TestCloud.AWS.featureStore(TABLE);
        }

        @Override
        protected LabelStore store() {
            return TestCloud.AWS.labelStore(TABLE);
        }
    }

    @Nested
    class Index extends ImageIndexContract {
        private final String table = TestCloud.newTable();

        @Override
        protected FeatureStore features() {
            return TestCloud.AWS.featureStore(table);
        }

        @Override
        protected LabelStore labels() {
            return TestCloud.AWS.labelStore(table);
        }

        @Override
        protected ImageIndex index() {
            return TestCloud.AWS.imageIndex(table);
        }
    }

    @Nested
    class Sets extends LabelSetsContract {
        private final String table = TestCloud.newTable();

        @Override
        protected FeatureStore features() {
            return TestCloud.AWS.featureStore(table);
        }

        @Override
        protected LabelStore labels() {
            return TestCloud.AWS.labelStore(table);
        }

        @Override
        protected ImageIndex index() {
            return TestCloud.AWS.imageIndex(table);
        }

        @Override
        protected LabelSets sets() {
            return TestCloud.AWS.labelSets(table);
        }
    }

    @Nested
    class Partitions {
        private static final int MANY = 240;

        private final String table = TestCloud.newTable();

        /** Each partition takes 1,000 writes a second. */
        @Test
        void writesOfOneClassAreSpread() {
            var store = TestCloud.AWS.featureStore(table);
            IntStream.range(0, MANY).parallel().forEach(i -> store.put(cat(i)));
            var items = TestCloud.AWS.dynamoDb().scan(b -> b.tableName(table)).items();
            assertSpread(16, "default#cat#", "list", items);
            assertSpread(16, "#", "list", items);
            assertSpread(4, "", "shard", items);
            assertSpread(4, "#counts/", "key", items);
        }

        private static ImageFeature cat(int number) {
            return new ImageFeature(
                    "images/cat/%03d.jpg".formatted(number),
                    SetLabels.of(Optional.of(new Label("cat", LabelSource.FOLDER))),
                    "b",
                    Float16.encode(new float[] {1}),
                    "00",
                    1,
                    1,
                    "1",
                    Instant.EPOCH,
                    "",
                    new byte[0]);
        }

        private static void assertSpread(
                int partitions,
                String prefix,
                String attribute,
                List<Map<String, AttributeValue>> items) {
            Map<String, Long> each =
                    items.stream()
                            .filter(item -> item.containsKey(attribute))
                            .map(item -> item.get(attribute).s())
                            .filter(value -> value.startsWith(prefix))
                            .collect(Collectors.groupingBy(v -> v, Collectors.counting()));
            assertEquals(partitions, each.size(), each::toString);
            assertTrue(
                    each.values().stream().allMatch(n -> n <= 2.5 * MANY / partitions),
                    each::toString);
        }
    }

    @Nested
    class IndexFiles extends IndexStoreContract {
        private final IndexStore store = TestCloud.AWS.indexStore(TestCloud.newBucket());

        @Override
        protected IndexStore store() {
            return store;
        }
    }

    @Nested
    class Followed {
        private static final String KEY = "red cat/a+b% 猫.jpg";

        private final String shop = TestCloud.newBucket();
        private final String images = TestCloud.newBucket();

        @Test
        void anImageIsWhatTheObjectIsNow() {
            var followed = TestCloud.AWS.followedBucket(shop, images);
            var store = TestCloud.AWS.imageStore(images);
            followed.copy(KEY);
            assertTrue(store.find("images/" + KEY).isEmpty());
            TestCloud.AWS
                    .s3()
                    .putObject(
                            b -> b.bucket(shop).key(KEY).metadata(Map.of("label", "cat")),
                            RequestBody.fromString("a picture"));
            followed.copy(KEY);
            ImageFile copy = store.read("images/" + KEY, 99).orElseThrow();
            assertEquals("a picture", new String(copy.bytes(), UTF_8));
            assertEquals(Optional.of("cat"), copy.metadataLabel());
            TestCloud.AWS.s3().deleteObject(b -> b.bucket(shop).key(KEY));
            followed.copy(KEY);
            followed.copy(KEY);
            assertTrue(store.find("images/" + KEY).isEmpty());
        }
    }

    @Nested
    class Acts extends HistoryContract {
        private final History history = TestCloud.AWS.history(TestCloud.newTable());

        @Override
        protected History history() {
            return history;
        }
    }

    @Nested
    class ShareLinks extends SharesContract {
        private final Shares shares = TestCloud.AWS.shares(TestCloud.newTable());

        @Override
        protected Shares shares() {
            return shares;
        }
    }

    @Nested
    class Results extends ResultStoreContract {
        private final String bucket = TestCloud.newBucket();

        @Override
        protected ResultStore store() {
            return TestCloud.AWS.resultStore(bucket);
        }

        @Override
        protected void upload(String key) {
            TestCloud.AWS
                    .s3()
                    .putObject(b -> b.bucket(bucket).key(key), RequestBody.fromBytes(new byte[1]));
        }
    }

    @Nested
    class Images extends ImageStoreContract {
        private final String bucket = TestCloud.newBucket();

        @Override
        protected ImageStore store() {
            return TestCloud.AWS.imageStore(bucket);
        }

        @Override
        protected void upload(
                String key,
                byte[] bytes,
                Optional<String> tagLabel,
                Optional<String> metadataLabel) {
            var request =
                    PutObjectRequest.builder()
                            .bucket(bucket)
                            .key(key)
                            .metadata(
                                    metadataLabel
                                            .map(label -> Map.of("label", label))
                                            .orElse(Map.of()));
            tagLabel.ifPresent(
                    label ->
                            request.tagging(
                                    Tagging.builder()
                                            .tagSet(Tag.builder().key("label").value(label).build())
                                            .build()));
            TestCloud.AWS.s3().putObject(request.build(), RequestBody.fromBytes(bytes));
        }

        @Override
        protected void delete(String key) {
            TestCloud.AWS.s3().deleteObject(b -> b.bucket(bucket).key(key));
        }
    }

    @Nested
    class Networks extends NetworkStoreContract {
        private final NetworkStore store = TestCloud.AWS.networkStore(TestCloud.newBucket());

        @Override
        protected NetworkStore store() {
            return store;
        }
    }

    @Nested
    class Heads extends HeadStoreContract {
        private final String bucket = TestCloud.newBucket();
        private final HeadStore store = TestCloud.AWS.headStore(bucket);

        @Override
        protected HeadStore store() {
            return store;
        }

        /** As every version that was saved before it was recorded which were in use. */
        @Test
        void aVersionWithoutAMarkIsNeverDeleted() {
            store.save("20261123-1", Map.of("head.json", "{}".getBytes(UTF_8)));
            TestCloud.AWS.s3().deleteObject(b -> b.bucket(bucket).key("unused/20261123-1"));
            assertEquals(List.of(), store.neverUsed());
            assertFalse(store.delete("20261123-1"));
            assertEquals(List.of("20261123-1"), store.versions());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"", "not json", "{}", "{\"version\": 3}", "{\"version\": \"../a\"}"})
        void aPointerThatNamesNoVersionCountsAsNoneAndIsReplaced(String text) {
            store.save("1", Map.of("head.json", new byte[] {1}));
            TestCloud.AWS
                    .s3()
                    .putObject(
                            b -> b.bucket(bucket).key("heads/latest.json"),
                            RequestBody.fromString(text));
            assertEquals(Optional.empty(), store.latest());
            assertTrue(store.promote("1", store.latest()));
            assertEquals("1", store.latest().orElseThrow().version());
        }
    }
}
