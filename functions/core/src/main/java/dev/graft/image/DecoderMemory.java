package dev.graft.image;

import dev.graft.image.UnreadableImageException.Reason;
import java.util.Locale;
import java.util.concurrent.Semaphore;

/**
 * Bounds what images that are decoded at the same time take of the memory: each waits until its
 * share is free. Safe for use by many threads.
 */
final class DecoderMemory {
    /** Of 16 bits with alpha: 8 as decoded, 3 as RGB, 1 for alpha. */
    private static final int MOST_BYTES_PER_PIXEL = 12;

    /** Of a photo: 3 as decoded, 3 as RGB. */
    private static final int BYTES_PER_PIXEL = 6;

    private final long heapMegabytes;
    private final int megabytes;
    private final Semaphore free;

    /** Half of this heap at a time. */
    DecoderMemory(long heapBytes) {
        this.heapMegabytes = heapBytes >> 20;
        this.megabytes = Math.clamp(heapMegabytes / 2, 1, Integer.MAX_VALUE);
        this.free = new Semaphore(megabytes, true);
    }

    /**
     * Waits for the memory of an image; one that needs more than the half gets all of that.
     *
     * @return the share, to be given back
     * @throws UnreadableImageException TOO_LARGE if there is not so much memory at all
     */
    int take(long pixels) {
        long needed = megabytes(pixels, BYTES_PER_PIXEL);
        if (needed > heapMegabytes) {
            throw new UnreadableImageException(
                    Reason.TOO_LARGE,
                    String.format(
                            Locale.ROOT,
                            "the image has %,d pixels, which take %,d MB of memory, and there are %,d MB; send a smaller version",
                            pixels,
                            needed,
                            heapMegabytes));
        }
        int share = (int) Math.min(megabytes, megabytes(pixels, MOST_BYTES_PER_PIXEL));
        free.acquireUninterruptibly(share);
        return share;
    }

    private static long megabytes(long pixels, int bytesPerPixel) {
        return (pixels * bytesPerPixel >> 20) + 1;
    }

    /** Gives a share back. */
    void giveBack(int share) {
        free.release(share);
    }
}
