package dev.graft.library;

import dev.graft.feature.ImageStore;
import dev.graft.feature.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * Deletes files for people that nobody needs any more. In a stack a rule of the images bucket does,
 * one for each folder; a laptop has no such rules, so there it is done at each start.
 */
public final class ExpiredResults {
    /** How long the files of a folder are kept, by its name below {@link ResultStore#FOLDER}. */
    public static final Map<String, Duration> KEPT =
            Map.of(Undo.FOLDER, Undo.KEPT, ResultStore.EXPORTS, ResultStore.EXPORTS_KEPT);

    private ExpiredResults() {}

    /** Deletes them from the bucket. */
    public static void delete(ImageStore bucket, InstantSource clock) {
        KEPT.forEach(
                (folder, kept) ->
                        delete(bucket, ResultStore.FOLDER + folder, clock.instant().minus(kept)));
    }

    private static void delete(ImageStore bucket, String folder, Instant before) {
        List<StoredObject> page = bucket.list(folder, "");
        while (!page.isEmpty()) {
            List<String> old =
                    page.stream()
                            .filter(file -> file.modified().isBefore(before))
                            .map(StoredObject::key)
                            .toList();
            if (!old.isEmpty()) {
                bucket.delete(old);
            }
            page = bucket.list(folder, page.getLast().key());
        }
    }
}
