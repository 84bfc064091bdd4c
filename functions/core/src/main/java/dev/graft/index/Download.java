package dev.graft.index;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * A file of the index that is read part by part. What was read stays when a call fails, as Lambda
 * stops a function between two requests for as long as it likes; a file that is replaced meanwhile
 * is read anew. Not safe for use by several threads.
 */
public final class Download {
    private static final int PART = 8 << 20;

    private final IndexStore store;
    private final String name;
    private final Deque<byte[]> parts = new ArrayDeque<>();
    private String etag = "";
    private long read;

    Download(IndexStore store, String name) {
        this.store = store;
        this.name = name;
    }

    /** The file; empty if there is none. It can be read once. */
    public static Optional<InputStream> whole(IndexStore store, String name) {
        Download download = new Download(store, name);
        return download.complete() ? Optional.of(download.content()) : Optional.empty();
    }

    /**
     * Reads what is left; may be called again after a failure.
     *
     * @return false if there is no such file
     */
    boolean complete() {
        while (true) {
            Optional<IndexStore.Part> next = store.read(name, read, PART);
            if (next.isEmpty() && read == 0) {
                etag = "";
                return false;
            }
            if (next.isEmpty() || (read > 0 && !next.get().etag().equals(etag))) {
                parts.clear();
                read = 0;
            } else {
                IndexStore.Part part = next.get();
                etag = part.etag();
                parts.add(part.bytes());
                read += part.bytes().length;
                if (read >= part.size()) {
                    return true;
                }
            }
        }
    }

    /** Of the file that was read; empty text if there is none. */
    String etag() {
        return etag;
    }

    /** The bytes, which are let go as they are read. */
    InputStream content() {
        return new Content();
    }

    private final class Content extends InputStream {
        private InputStream part = InputStream.nullInputStream();

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = part.read(bytes, offset, length);
            while (count < 0 && !parts.isEmpty()) {
                part = new ByteArrayInputStream(parts.remove());
                count = part.read(bytes, offset, length);
            }
            return count;
        }
    }
}
