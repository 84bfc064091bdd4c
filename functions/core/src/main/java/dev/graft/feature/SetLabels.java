package dev.graft.feature;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The labels of an image in all label sets. Immutable.
 *
 * @param set that is looked at
 * @param all by label set, of those in which somebody said
 */
public record SetLabels(LabelSet set, Map<LabelSet, Label> all) {
    /** Copies. */
    public SetLabels {
        all = Map.copyOf(all);
    }

    /** The default set is looked at. */
    public static SetLabels of(Map<LabelSet, Label> all) {
        return new SetLabels(LabelSet.DEFAULT, all);
    }

    /** With a label in the default set at most. */
    public static SetLabels of(Optional<Label> label) {
        return of(Map.of()).with(label);
    }

    /** The label in the set that is looked at; empty while nobody said. */
    public Optional<Label> label() {
        return Optional.ofNullable(all.get(set));
    }

    /** The same, looked at in another set. */
    SetLabels in(LabelSet other) {
        return new SetLabels(other, all);
    }

    /** With another label in the set that is looked at. */
    SetLabels with(Optional<Label> label) {
        Map<LabelSet, Label> changed = new HashMap<>(all);
        changed.remove(set);
        label.ifPresent(one -> changed.put(set, one));
        return new SetLabels(set, changed);
    }
}
