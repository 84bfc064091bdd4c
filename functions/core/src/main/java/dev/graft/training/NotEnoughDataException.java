package dev.graft.training;

import java.util.Map;

/** The owner has to label more images before a head can be trained; the old head stays. */
public final class NotEnoughDataException extends RuntimeException {
    /**
     * Says what is there and what is missing.
     *
     * @param counts labelled images by class
     * @param minimum images a class needs
     */
    public NotEnoughDataException(Map<String, Integer> counts, int minimum) {
        super(
                "labelled images by class: %s; expected at least 2 classes with %d images each: label"
                                .formatted(counts, minimum)
                        + " more, or put more under images/<label>/, which labels the default set; a head that is in use stays");
    }
}
