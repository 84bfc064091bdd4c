package dev.graft.feature;

import java.time.Instant;
import java.util.Optional;

/**
 * One decision about the label of an image.
 *
 * @param name the class; empty where the label was taken away
 * @param source who decided
 * @param by the person as the API knows them, or the label file; empty where the object itself says
 * @param time when
 * @param imageHash SHA-256 of the picture it was made for; empty if there was none
 */
public record LabelChange(
        Optional<String> name,
        LabelSource source,
        String by,
        Instant time,
        Optional<String> imageHash) {

    /** The label after it; empty if there is none. */
    public Optional<Label> label() {
        return name.map(text -> new Label(text, source));
    }
}
