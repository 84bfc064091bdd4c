package dev.graft.local;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * What a sync says before it begins.
 *
 * @param folder that is followed
 * @param plan what will be done
 * @param removal what is done where much is gone
 */
record SyncTold(PictureFolder folder, SyncPlan plan, Removal removal) {
    /** Refuses a folder that has nothing of what came from it before, as of another disk. */
    void refuseAnotherFolder() {
        if (plan.isOfAnotherFolder() && removal == Removal.ASK) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "none of the %,d pictures that came from %s before is there any more, so nothing was changed: mount the right disk, start once with --remove (Maven: -Dremove=true) if they are to go, or start afresh with another --data (Maven: -Ddata)",
                            plan.came(),
                            folder));
        }
    }

    /** In order, each a line. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        boolean isKept = plan.isMoreThanHalfGone() && removal == Removal.ASK;
        lines.add(plan.came() == 0 && plan.moved().isEmpty() ? first() : changes(isKept));
        if (isKept) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "%,d of the %,d pictures that came from %s are not there any more; none of them is removed, as a disk may be missing: mount it, or start once with --remove (Maven: -Dremove=true) if they are to go",
                            plan.removed().size(),
                            plan.came(),
                            folder));
        }
        if (!plan.deleted().isEmpty()) {
            lines.add(
                    "%s left out: %s; add it on the page to have it back"
                            .formatted(
                                    of(
                                            plan.deleted().size(),
                                            "picture that you deleted is",
                                            "pictures that you deleted are"),
                                    paths(plan.deleted())));
        }
        if (!plan.taken().isEmpty()) {
            lines.add(
                    "%s left out, as another picture that did not come from there has the key: %s; rename the file to add it"
                            .formatted(
                                    of(plan.taken().size(), "file is", "files are"),
                                    paths(plan.taken())));
        }
        return lines;
    }

    private String first() {
        int news = plan.added().size();
        return "%s in %s %s uploaded"
                .formatted(of(news, "picture", "pictures"), folder, news == 1 ? "is" : "are");
    }

    private String changes(boolean isKept) {
        List<String> does = new ArrayList<>();
        add(does, plan.added().size(), "new");
        add(does, plan.changed().size(), "with other bytes");
        long moved = plan.moved().values().stream().filter(SyncPlan.Move::isStored).count();
        add(does, moved, "moved");
        add(does, isKept ? 0 : plan.removed().size(), "removed");
        return does.isEmpty()
                ? "no picture in %s changed since the last start".formatted(folder)
                : "pictures in %s since the last start: %s; the same is done to what is kept"
                        .formatted(folder, String.join(", ", does));
    }

    private static void add(List<String> to, long count, String what) {
        if (count > 0) {
            to.add(String.format(Locale.ROOT, "%,d %s", count, what));
        }
    }

    private String paths(Collection<String> keys) {
        return PictureFolder.some(keys.stream().map(key -> folder.path(key).toString()).toList());
    }

    /** So many of something. */
    static String of(int count, String one, String many) {
        return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? one : many);
    }
}
