package dev.graft.training;

import java.time.Duration;
import java.util.Locale;

/**
 * Not even the first validation could be finished in time, so there is nothing to store; the old
 * head stays. The deployer has to give the trainer more memory or time.
 */
public final class NotEnoughTimeException extends RuntimeException {
    /**
     * Says how much there was to do.
     *
     * @param images labelled ones
     * @param width values of a feature
     * @param time there was
     */
    public NotEnoughTimeException(int images, int width, Duration time) {
        super(
                String.format(
                        Locale.ROOT,
                        "%,d images with features of %,d values could not be validated once in %d s: give the trainer more memory, which brings more processors, or more time; a head that is in use stays",
                        images,
                        width,
                        time.toSeconds()));
    }
}
