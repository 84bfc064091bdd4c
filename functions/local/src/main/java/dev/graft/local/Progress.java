package dev.graft.local;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How far a long piece of work is: a bar on a terminal, and a line for each tenth where the output
 * goes to a file or another program. Not safe for use by many threads.
 */
final class Progress {
    private static final int BAR = 40;
    private static final int LINES = 10;
    private static final long SHOW_EVERY = TimeUnit.MILLISECONDS.toNanos(250);

    private final int total;
    private final boolean terminal;
    private long shown = System.nanoTime() - SHOW_EVERY;
    private int tenths;
    private int enough = Integer.MAX_VALUE;
    private Runnable whenEnough = () -> {};

    /** Of so many images. */
    Progress(int total) {
        this(total, Terminal.isThere());
    }

    Progress(int total, boolean terminal) {
        this.total = total;
        this.terminal = terminal;
    }

    /** Runs a task once, as soon as so many are featurized and others are not. */
    void once(int images, Runnable task) {
        enough = images;
        whenEnough = task;
    }

    /**
     * Shows how far a product is until it has dealt with every event.
     *
     * @param before how many it had dealt with when this began
     */
    void await(LocalProduct product, int before) throws InterruptedException {
        while (!product.idle()) {
            TimeUnit.MILLISECONDS.sleep(50);
            show(product.done() - before);
        }
        end();
    }

    /** So many are featurized; more than all count as all, as an event may come twice. */
    void show(int done) {
        if (total == 0) {
            return;
        }
        int featurized = Math.min(done, total);
        if (featurized >= enough && featurized < total) {
            enough = Integer.MAX_VALUE;
            whenEnough.run();
        }
        if (!terminal) {
            int now = LINES * featurized / Math.max(1, total);
            if (now > tenths) {
                tenths = now;
                System.out.println(text(featurized));
            }
        } else if (System.nanoTime() - shown >= SHOW_EVERY || featurized == total) {
            shown = System.nanoTime();
            int full = BAR * featurized / Math.max(1, total);
            System.out.print(
                    "\r[%s%s] %s"
                            .formatted("#".repeat(full), " ".repeat(BAR - full), text(featurized)));
            System.out.flush();
        }
    }

    /** All are done. */
    void end() {
        show(total);
        if (terminal && total > 0) {
            System.out.println();
        }
    }

    private String text(int featurized) {
        return String.format(Locale.ROOT, "%,d of %,d images featurized", featurized, total);
    }
}
