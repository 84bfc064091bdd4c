package dev.graft.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.conv;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.unbase64;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * The labelled images of an export: lines {@code {"Item": {...}}} of the items that {@code
 * dev.graft.aws.ImageTable} describes. Columns: key, label, hash (SHA-256 of the file, hex), time
 * (when the picture came), feature (bytes of float16) and thumbnail (base64, or null).
 */
final class LabelledRows {
    private static final StructType TEXT = new StructType().add("S", "string");
    private static final StructType BYTES = new StructType().add("B", "string");
    private static final StructType LINE =
            new StructType()
                    .add(
                            "Item",
                            new StructType()
                                    .add("key", TEXT)
                                    .add("part", TEXT)
                                    .add("hash", TEXT)
                                    .add("time", TEXT)
                                    .add("label", TEXT)
                                    .add("feature", BYTES)
                                    .add("thumbnail", BYTES));

    /** As {@code dev.graft.feature.Label} has it: images that show none of the classes. */
    private static final String NONE_OF_THESE = "none of these";

    /** Hex digits of the hash that nothing else is decided by. */
    private static final int LAST_DIGITS = 57;

    private static final double ALL = 0x1p32;
    private static final double MOST_HELD = 0.2;

    private LabelledRows() {}

    /** Those of one network that a label set says a class of. */
    static Dataset<Row> of(SparkSession spark, JobOptions options) {
        Dataset<Row> items =
                spark.read()
                        .schema(LINE)
                        .option("mode", "FAILFAST")
                        .json(options.export())
                        .select(col("Item.*"));
        Dataset<Row> images =
                part(items, "image")
                        .filter(col("hash.S").isNotNull())
                        .select(text("key"), text("hash"), text("time"));
        Dataset<Row> labels =
                part(items, "label#" + options.set())
                        .filter(col("label.S").notEqual(NONE_OF_THESE))
                        .select(text("key"), text("label"));
        Dataset<Row> features =
                part(items, "feature#" + options.backbone())
                        .select(
                                text("key"),
                                text("hash"),
                                unbase64(col("feature.B")).as("feature"),
                                col("thumbnail.B").as("thumbnail"));
        return features.join(images, new String[] {"key", "hash"})
                .join(labels, new String[] {"key"})
                .select("key", "label", "hash", "time", "feature", "thumbnail");
    }

    private static Dataset<Row> part(Dataset<Row> items, String part) {
        return items.filter(col("part.S").equalTo(part));
    }

    private static Column text(String name) {
        return col(name + ".S").as(name);
    }

    /**
     * Which images are held out, by their content, so that it stays when images are added, and
     * copies fall on one side.
     *
     * @param images how many there are
     * @param sample about how many to hold out
     */
    static Column held(long images, int sample) {
        long below = (long) (ALL * Math.min(MOST_HELD, (double) sample / images));
        return conv(substring(col("hash"), LAST_DIGITS, 8), 16, 10)
                .cast("long")
                .lt(lit(below))
                .as("held");
    }
}
