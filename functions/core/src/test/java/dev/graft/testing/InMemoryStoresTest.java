package dev.graft.testing;

import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageStore;
import dev.graft.feature.LabelSets;
import dev.graft.feature.LabelStore;
import dev.graft.feature.NetworkStore;
import dev.graft.head.HeadStore;
import dev.graft.index.IndexStore;
import dev.graft.index.VectorIndex;
import dev.graft.library.History;
import dev.graft.library.ResultStore;
import dev.graft.library.Shares;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

/** The fakes keep the contracts of the stores they stand for. */
class InMemoryStoresTest {
    @Nested
    class Features extends FeatureStoreContract {
        private final FeatureStore store = new InMemoryFeatureStore();

        @Override
        protected FeatureStore store() {
            return store;
        }
    }

    @Nested
    class Labels extends LabelStoreContract {
        private final InMemoryFeatureStore store = new InMemoryFeatureStore();

        @Override
        protected FeatureStore features() {
            return store;
        }

        @Override
        protected LabelStore store() {
            return store;
        }
    }

    @Nested
    class Index extends ImageIndexContract {
        private final InMemoryFeatureStore store = new InMemoryFeatureStore();

        @Override
        protected FeatureStore features() {
            return store;
        }

        @Override
        protected LabelStore labels() {
            return store;
        }

        @Override
        protected ImageIndex index() {
            return new InMemoryImageIndex(store);
        }
    }

    @Nested
    class Sets extends LabelSetsContract {
        private final InMemoryFeatureStore store = new InMemoryFeatureStore();
        private final InMemoryLabelSets sets = new InMemoryLabelSets(store);

        @Override
        protected FeatureStore features() {
            return store;
        }

        @Override
        protected LabelStore labels() {
            return store;
        }

        @Override
        protected ImageIndex index() {
            return new InMemoryImageIndex(store);
        }

        @Override
        protected LabelSets sets() {
            return sets;
        }
    }

    @Nested
    class Networks extends NetworkStoreContract {
        private final InMemoryNetworkStore store = new InMemoryNetworkStore();

        @Override
        protected NetworkStore store() {
            return store;
        }
    }

    @Nested
    class IndexFiles extends IndexStoreContract {
        private final IndexStore store = new InMemoryIndexStore();

        @Override
        protected IndexStore store() {
            return store;
        }
    }

    @Nested
    class Vectors extends VectorIndexContract {
        private final VectorIndex index = new InMemoryVectorIndex();

        @Override
        protected VectorIndex index() {
            return index;
        }
    }

    @Nested
    class Acts extends HistoryContract {
        private final History history = new InMemoryHistory();

        @Override
        protected History history() {
            return history;
        }
    }

    @Nested
    class ShareLinks extends SharesContract {
        private final Shares shares = new InMemoryShares();

        @Override
        protected Shares shares() {
            return shares;
        }
    }

    @Nested
    class Results extends ResultStoreContract {
        private final InMemoryResultStore store = new InMemoryResultStore();

        @Override
        protected ResultStore store() {
            return store;
        }

        @Override
        protected void upload(String key) {
            store.upload(key);
        }
    }

    @Nested
    class Images extends ImageStoreContract {
        private final InMemoryImageStore store = new InMemoryImageStore();

        @Override
        protected ImageStore store() {
            return store;
        }

        @Override
        protected void upload(
                String key,
                byte[] bytes,
                Optional<String> tagLabel,
                Optional<String> metadataLabel) {
            store.put(key, bytes, tagLabel, metadataLabel);
        }

        @Override
        protected void delete(String key) {
            store.delete(key);
        }
    }

    @Nested
    class Heads extends HeadStoreContract {
        private final HeadStore store = new InMemoryHeadStore();

        @Override
        protected HeadStore store() {
            return store;
        }
    }
}
