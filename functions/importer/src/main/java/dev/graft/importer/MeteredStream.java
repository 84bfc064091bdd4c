package dev.graft.importer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Has a meter count what is read. */
final class MeteredStream extends FilterInputStream {
    private final Limits.Meter meter;

    MeteredStream(InputStream in, Limits.Meter meter) {
        super(in);
        this.meter = meter;
    }

    @Override
    public int read() throws IOException {
        int read = super.read();
        meter.bytes(read < 0 ? 0 : 1);
        return read;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        int read = super.read(to, offset, length);
        meter.bytes(Math.max(0, read));
        return read;
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = super.skip(count);
        meter.bytes(skipped);
        return skipped;
    }
}
