package dev.graft.testing;

import dev.graft.head.Head;
import dev.graft.head.HeadCard;
import dev.graft.head.HeadCard.Provenance;
import dev.graft.training.TrainHead;
import dev.graft.training.TrainingSettings;
import dev.graft.versions.HeadReport;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Cards and trainings of heads in tests. */
public final class Heads {
    private Heads() {}

    /** The card of a head about which nothing else is known. */
    public static HeadCard card(Head head) {
        return card(head, null);
    }

    /** Likewise, of which it is known when it was made. */
    public static HeadCard card(Head head, Instant created) {
        return new HeadCard(
                HeadCard.FORMAT,
                head.version(),
                head.classes(),
                head.backbone(),
                head.parameters().temperature(),
                head.activation().name().toLowerCase(Locale.ROOT),
                null,
                provenance(1),
                1,
                1,
                null,
                null,
                0,
                null,
                List.of(),
                Map.of(),
                Map.of(),
                null,
                null,
                created == null ? null : created.toString(),
                null,
                null,
                HeadCard.Decision.first(),
                null);
    }

    /** A training with these settings. */
    public static TrainHead.Setup setup(TrainingSettings settings) {
        return new TrainHead.Setup(
                settings,
                provenance(TrainHead.VERSION),
                HeadReport::write,
                new InMemoryNetworkStore(),
                stage -> {});
    }

    /** What a version of the training leaves behind. */
    public static Provenance provenance(int training) {
        return new Provenance("commit 1234567", "test", training, "Java 25", "Linux amd64");
    }
}
