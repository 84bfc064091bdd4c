package dev.graft.testing;

import dev.graft.library.History;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What people did, in a set. */
public final class InMemoryHistory implements History {
    private final Set<Act> acts = ConcurrentHashMap.newKeySet();

    @Override
    public void add(Act act) {
        acts.add(act);
    }

    @Override
    public void forget(String key, String text) {
        for (Act act : List.copyOf(acts)) {
            String told = act.subject().replace(key, text);
            if (!told.equals(act.subject()) && acts.remove(act)) {
                acts.add(new Act(act.time(), act.by(), act.action(), told, act.undo()));
            }
        }
    }

    @Override
    public List<Act> latest(int most) {
        return acts.stream()
                .sorted(Comparator.comparing(Act::time).reversed())
                .limit(most)
                .toList();
    }
}
