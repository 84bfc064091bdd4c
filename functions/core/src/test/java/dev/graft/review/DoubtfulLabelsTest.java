package dev.graft.review;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.feature.SetLabels;
import dev.graft.head.HeadCard;
import dev.graft.head.HeadCard.Suspect;
import dev.graft.testing.InMemoryFeatureStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DoubtfulLabelsTest {
    private static final Optional<String> CAT = Optional.of("cat");
    private static final Optional<String> DOG = Optional.of("dog");

    private final InMemoryFeatureStore store = new InMemoryFeatureStore();

    @BeforeEach
    void fourCatsThatLookLikeDogs() {
        for (int i = 0; i < 4; i++) {
            store.put(
                    new ImageFeature(
                            key(i),
                            SetLabels.of(Optional.of(new Label("cat", LabelSource.FOLDER))),
                            "b",
                            Float16.encode(new float[] {1}),
                            "%064x".formatted(i),
                            1,
                            1,
                            "1",
                            Instant.EPOCH,
                            "",
                            new byte[0]));
        }
    }

    private static String key(int i) {
        return "images/cat/" + i + ".jpg";
    }

    private List<String> open(int limit) {
        List<Suspect> suspects =
                List.of(0, 1, 2, 3).stream()
                        .map(i -> new Suspect(key(i), "cat", "dog", -0.9 + i))
                        .toList();
        return new DoubtfulLabels(store)
                .open(new HeadCard.LabelDoctor(suspects.size(), suspects), limit).stream()
                        .map(Suspect::key)
                        .toList();
    }

    private void decide(int i, Optional<String> name, Optional<Optional<String>> expected) {
        store.decide(new Decision(key(i), name, LabelSource.CORRECTION, "ann", expected));
    }

    @Test
    void asksInTheOrderOfTheHeadUpToALimit() {
        assertEquals(List.of(key(0), key(1)), open(2));
    }

    @Test
    void anImageThatIsGoneIsNotAskedAbout() {
        store.remove(key(0), "2");
        assertEquals(List.of(key(1), key(2), key(3)), open(9));
    }

    @Test
    void aLabelThatIsAnotherNowIsNotAskedAbout() {
        decide(1, DOG, Optional.of(CAT));
        decide(2, Optional.empty(), Optional.empty());
        assertEquals(List.of(key(0), key(3)), open(9));
        decide(1, CAT, Optional.of(DOG));
        assertEquals(
                List.of(key(0), key(1), key(3)), open(9), "as it was, and nobody confirmed it");
    }

    @Test
    void aConfirmedLabelIsNotAskedAboutAgain() {
        decide(0, CAT, Optional.of(CAT));
        assertEquals(List.of(key(1), key(2), key(3)), open(9));
        decide(1, DOG, Optional.empty());
        decide(1, CAT, Optional.empty());
        decide(1, CAT, Optional.empty());
        assertEquals(List.of(key(1), key(2), key(3)), open(9), "said twice, as by a retry");
        decide(1, CAT, Optional.of(CAT));
        decide(1, CAT, Optional.of(CAT));
        assertEquals(List.of(key(2), key(3)), open(9), "a person's own label, confirmed");
        assertEquals(4, store.history(key(1)).size());
    }

    @Test
    void aConfirmedLabelThatIsChangedAndGivenBackIsAskedAboutAgain() {
        decide(0, CAT, Optional.of(CAT));
        decide(0, DOG, Optional.empty());
        decide(0, CAT, Optional.empty());
        assertEquals(4, open(9).size());
    }
}
