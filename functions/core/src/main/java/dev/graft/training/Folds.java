package dev.graft.training;

import dev.graft.evaluation.LookAlikes;
import dev.graft.feature.Float16;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * The part each image is held out with. By the hash of its content, which spreads every class
 * evenly but for chance and does not move an image when others come or go; look-alikes all go with
 * the one whose feature is oldest, so that an image added later follows and does not lead. A group
 * larger than a part is no series of one thing: the backbone cannot tell its images apart (parts on
 * one belt, say), and each stays where its own content puts it.
 *
 * @param usual (images), by the hash alone
 * @param apart (images), look-alikes always in one part
 * @param lookAlikes images that have at least one
 */
record Folds(int[] usual, int[] apart, int lookAlikes) {

    static Folds of(List<TrainingImage> images, int folds) {
        int[] groups =
                LookAlikes.groups(images.size(), i -> Float16.decode(images.get(i).feature()));
        Comparator<Integer> age =
                Comparator.<Integer, Instant>comparing(i -> images.get(i).time())
                        .thenComparing(i -> images.get(i).imageHash());
        int[] eldest = new int[groups.length];
        int[] sizes = new int[groups.length];
        for (int i = 0; i < groups.length; i++) {
            int group = groups[i];
            eldest[group] =
                    sizes[group]++ == 0 || age.compare(i, eldest[group]) < 0 ? i : eldest[group];
        }
        int[] usual = new int[groups.length];
        int[] apart = new int[groups.length];
        int alike = 0;
        for (int i = 0; i < groups.length; i++) {
            usual[i] = images.get(i).fold(folds);
            int size = sizes[groups[i]];
            boolean series = size > 1 && size <= Math.max(2, groups.length / folds);
            apart[i] = series ? images.get(eldest[groups[i]]).fold(folds) : usual[i];
            alike += series ? 1 : 0;
        }
        return new Folds(usual, apart, alike);
    }
}
