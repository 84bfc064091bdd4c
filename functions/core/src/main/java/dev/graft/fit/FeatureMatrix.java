package dev.graft.fit;

import dev.graft.feature.Float16;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Features (rows, width) as they are stored, float16, off the heap. Takes 2 x width bytes a row and
 * at most one page of 4 MB (or one row) beyond that. Rows may be added by many threads at once;
 * once all are in, any number may read. Closing gives the memory back.
 */
public final class FeatureMatrix implements AutoCloseable {
    private static final int PAGE = 4 << 20;

    /** In the high byte of a float16. */
    private static final int INFINITE_EXPONENT = 0x7c;

    private static final ValueLayout.OfShort HALF =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Arena arena = Arena.ofShared();
    private final List<MemorySegment> pages = new ArrayList<>();
    private int width;
    private int rows;
    private int rowsPerPage;

    private record Place(MemorySegment page, long offset) {}

    /**
     * Adds a row.
     *
     * @param feature (width) in the encoding of {@link dev.graft.feature.Float16}
     * @param key whose feature it is, for the message
     * @return the row it has become
     * @throws IllegalStateException if it has another width than the first row, or a value that is
     *     not finite, which would spoil every class
     */
    public int add(byte[] feature, String key) {
        checkFinite(feature, key);
        int row;
        Place place;
        synchronized (this) {
            if (rows == 0) {
                width = feature.length / 2;
                rowsPerPage = Math.max(1, PAGE / Math.max(1, feature.length));
            }
            if (feature.length != 2 * width) {
                throw new IllegalStateException(
                        "feature of %s has %d values, expected %d: featurize the image again"
                                .formatted(key, feature.length / 2, width));
            }
            row = rows++;
            if (row / rowsPerPage == pages.size()) {
                pages.add(arena.allocate((long) rowsPerPage * feature.length));
            }
            place = place(row);
        }
        MemorySegment.copy(
                feature, 0, place.page, ValueLayout.JAVA_BYTE, place.offset, feature.length);
        return row;
    }

    private static void checkFinite(byte[] feature, String key) {
        for (int i = 1; i < feature.length; i += 2) {
            if ((feature[i] & INFINITE_EXPONENT) == INFINITE_EXPONENT) {
                throw new IllegalStateException(
                        "feature of %s has the value %s, expected finite ones: something else wrote to the table, upload the image again"
                                .formatted(key, Float16.decode(feature)[i / 2]));
            }
        }
    }

    /** Values of a row; 0 while there is none. */
    public int width() {
        return width;
    }

    /** Bytes taken off the heap. */
    public long bytes() {
        return pages.stream().mapToLong(MemorySegment::byteSize).sum();
    }

    /** Copies the bits of a row to the first {@link #width} places of {@code bits}. */
    void read(int row, short[] bits) {
        Place place = place(row);
        MemorySegment.copy(place.page, HALF, place.offset, bits, 0, width);
    }

    /** A copy of a row as it was added. */
    public byte[] bytes(int row) {
        Place place = place(row);
        return place.page.asSlice(place.offset, 2L * width).toArray(ValueLayout.JAVA_BYTE);
    }

    private Place place(int row) {
        return new Place(pages.get(row / rowsPerPage), (long) (row % rowsPerPage) * 2 * width);
    }

    @Override
    public void close() {
        arena.close();
    }
}
