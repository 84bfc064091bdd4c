package dev.graft.local;

import dev.graft.head.HeadStore;

/**
 * A head of the first pictures of each class, so that a large folder answers after seconds; the one
 * of all pictures follows. It is trained once, on a thread of its own, and only where no head is in
 * use. Not safe for use by many threads.
 */
final class FirstHead implements Runnable {
    private final LocalProduct product;
    private final Thread training;

    /** Trains nothing before {@link #run}. */
    FirstHead(LocalProduct product) {
        this.product = product;
        this.training = new Thread(this::train, "first head");
        training.setDaemon(true);
    }

    /** Starts the training and returns at once. */
    @Override
    public void run() {
        if (product.heads().latest().isEmpty()) {
            training.start();
        }
    }

    private void train() {
        try {
            product.train();
            product.heads()
                    .latest()
                    .map(HeadStore.Pointer::version)
                    .ifPresent(
                            version ->
                                    System.out.println(
                                            "it answers already, with head %s of the first pictures; the head of all follows"
                                                    .formatted(version)));
        } catch (RuntimeException e) {
            System.err.println("no head of the first pictures: " + e.getMessage());
        }
    }

    /** Waits until the training has ended, if it was started. */
    void await() throws InterruptedException {
        training.join();
    }
}
