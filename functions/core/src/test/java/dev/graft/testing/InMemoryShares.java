package dev.graft.testing;

import dev.graft.library.Shares;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Links and their uses, in maps. */
public final class InMemoryShares implements Shares {
    private final Map<String, Share> shares = new HashMap<>();
    private final Map<String, Integer> uses = new HashMap<>();

    @Override
    public synchronized void add(Share share) {
        shares.put(share.id(), share);
    }

    @Override
    public synchronized Optional<Usage> find(String id, LocalDate day) {
        return all(day).stream().filter(usage -> usage.share().id().equals(id)).findFirst();
    }

    @Override
    public synchronized List<Usage> all(LocalDate day) {
        return shares.values().stream()
                .sorted(Comparator.comparing(Share::created).reversed())
                .map(share -> new Usage(share, uses.getOrDefault(share.id() + day, 0)))
                .toList();
    }

    @Override
    public synchronized Use use(String id, LocalDate day) {
        Share share = shares.get(id);
        if (share == null) {
            return Use.UNKNOWN;
        }
        if (uses.getOrDefault(id + day, 0) >= share.daily()) {
            return Use.SPENT;
        }
        uses.merge(id + day, 1, Integer::sum);
        return Use.COUNTED;
    }

    @Override
    public synchronized void withdraw(String id) {
        shares.remove(id);
    }
}
