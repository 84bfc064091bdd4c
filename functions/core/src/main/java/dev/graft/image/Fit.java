package dev.graft.image;

import java.util.Locale;

/** How an image of any proportions becomes a square. */
public enum Fit {
    /** The shorter side is resized, and the centre is taken. */
    CROP,
    /** Both sides are resized to the same length, whatever the proportions were. */
    SQUASH,
    /** The longer side is resized, and borders of the mean colour are added. */
    PAD;

    /** As preprocessing names it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
