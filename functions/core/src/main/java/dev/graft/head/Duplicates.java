package dev.graft.head;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;

/**
 * Groups of near-duplicates among the images that a head learned from.
 *
 * @param groups how many there are
 * @param unseen images without a thumbnail, among which only features tell
 * @param first of the groups, those with different labels first; of each some of its images
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Duplicates(int groups, int unseen, List<List<Image>> first) {

    /** One image of a group. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Image(String key, String label) {}
}
