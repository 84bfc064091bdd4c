package dev.graft.aws;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Something of the SDK that takes long to make, and is made when it is asked for first. Safe for
 * use by many threads.
 *
 * @param <T> what it is
 */
final class OnDemand<T extends SdkAutoCloseable> implements Supplier<T>, SdkAutoCloseable {
    private final Supplier<T> maker;
    private volatile @Nullable T made;

    /** Nothing is made yet. */
    OnDemand(Supplier<T> maker) {
        this.maker = maker;
    }

    @Override
    public T get() {
        T there = made;
        return there == null ? make() : there;
    }

    private synchronized T make() {
        T there = made == null ? maker.get() : made;
        made = there;
        return there;
    }

    /** Whether it was asked for. */
    boolean isMade() {
        return made != null;
    }

    @Override
    public synchronized void close() {
        if (made != null) {
            made.close();
        }
    }
}
