package dev.graft.system;

/**
 * What is read for a request, as {@link BoundsTest} counts it; {@link CostTest} reckons with the
 * same figures. Features have 512 values, and images 60 classes.
 */
enum Reads {
    /** {@code GET /status}, with the states of a training and a refill. */
    STATUS(2, 0, 0.19),
    /** {@code GET /labels}. */
    COUNTS(2, 0, 0.19),
    /** A page of 60 images. */
    PAGE(8, 0, 0),
    /** The look behind {@code POST /classify}, while nothing comes. */
    LOOK(4, 0, 0.287),
    /** {@code POST /classify} after a cold start. */
    COLD(5, 1_205, 0.287),
    /** {@code labels.csv}, and an hourly look at what is new, while nothing comes. */
    LABELS(4, 23, 0.04),
    /** One feature of {@code POST /export/features}; bytes from both stores. */
    EXPORTED_FEATURE(0.5, 2_600, 0),
    /** {@code POST /forget}, and the bytes that the training after it reads more for that. */
    FORGET(4, 4_050, 0);

    /** As many images of 512 values are compared at most. */
    private static final int COMPARED = 93_750;

    private static final double PART_BYTES = 8 << 20;

    /** Read units of DynamoDB, however many images there are. */
    final double units;

    private final double bytesPerImage;
    private final double unitsPerImageBefore;

    Reads(double units, double bytesPerImage, double unitsPerImageBefore) {
        this.units = units;
        this.bytesPerImage = bytesPerImage;
        this.unitsPerImageBefore = unitsPerImageBefore;
    }

    /** Bytes from S3. */
    double bytes(long images) {
        boolean bounded = this == COLD || this == FORGET;
        return bytesPerImage * (bounded ? Math.min(COMPARED, images) : images);
    }

    /** Requests to S3; a file is read in parts. */
    double gets(long images) {
        return this == STATUS ? 2 : Math.ceil(bytes(images) / PART_BYTES);
    }

    /** Read units with the read path before, which scanned the table. */
    double unitsBefore(long images) {
        return this == PAGE ? units : unitsPerImageBefore * images;
    }
}
