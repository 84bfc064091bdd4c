package dev.graft.training;

/** Trains somewhere else, such as in a function of its own. */
public interface Trainer {
    /**
     * Has it look for something new to learn, as the schedule does, and returns at once.
     *
     * @throws dev.graft.feature.StoreException if it could not be told
     */
    void start();
}
