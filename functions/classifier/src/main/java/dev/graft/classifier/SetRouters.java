package dev.graft.classifier;

import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelSets;
import dev.graft.feature.NotFoundException;
import dev.graft.index.KnownImages;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/**
 * The routes of each label set, over the stores in that set; those of a set are made when a request
 * names it first. Safe for use by many threads.
 */
final class SetRouters {
    /** So that hardly any prediction in all sets asks which there are. */
    private static final Duration ASK_EVERY = Duration.ofSeconds(3);

    private final LabelSets sets;
    private final InstantSource clock;
    private final BiFunction<LabelSet, SetRouters, InSet> make;
    private final Map<LabelSet, InSet> made = new ConcurrentHashMap<>();
    private volatile Known known = new Known(List.of(), Instant.MIN);

    private record Known(List<LabelSet> names, Instant until) {}

    /**
     * What there is for one set.
     *
     * @param predictions the routes that predict
     * @param feedback the routes that take feedback
     * @param known images in memory
     */
    record InSet(
            Router router,
            PredictionRoutes predictions,
            FeedbackRoutes feedback,
            KnownImages known) {}

    SetRouters(LabelSets sets, InstantSource clock, BiFunction<LabelSet, SetRouters, InSet> make) {
        this.sets = sets;
        this.clock = clock;
        this.make = make;
    }

    /**
     * The router of a set.
     *
     * @throws NotFoundException if there is no such set
     */
    Router router(LabelSet set) {
        return of(set).router();
    }

    /** What takes feedback on predictions of a set; throws as {@link #router} does. */
    FeedbackRoutes feedback(LabelSet set) {
        return of(set).feedback();
    }

    /** The images in memory with their labels in a set. */
    KnownImages known(LabelSet set) {
        return of(LabelSet.DEFAULT).known().in(set);
    }

    /** What predicts in each set that there is, give or take some seconds. */
    SortedMap<LabelSet, PredictionRoutes> predictions() {
        SortedMap<LabelSet, PredictionRoutes> all = new TreeMap<>();
        if (!clock.instant().isBefore(known.until())) {
            known = new Known(List.copyOf(names()), clock.instant().plus(ASK_EVERY));
        }
        known.names().forEach(set -> all.put(set, of(set).predictions()));
        return all;
    }

    private SortedSet<LabelSet> names() {
        TreeSet<LabelSet> names = new TreeSet<>(sets.all().keySet());
        names.add(LabelSet.DEFAULT);
        return names;
    }

    private InSet of(LabelSet set) {
        InSet known = made.get(set);
        if (known != null) {
            return known;
        }
        if (!set.isDefault() && !names().contains(set)) {
            throw new NotFoundException(
                    "there is no label set '%s', there are %s: PUT /sets/%s makes it"
                            .formatted(set, names(), set));
        }
        return made.computeIfAbsent(set, one -> make.apply(one, this));
    }
}
