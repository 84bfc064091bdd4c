package dev.graft.spark;

import static org.apache.spark.sql.functions.base64;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Fits a softmax layer to the labelled images of an export of the table, one for each strength of
 * L2, but for a sample that no fit sees. The loss is that of {@code dev.graft.fit.CrossEntropy}:
 * the mean cross-entropy on standardized features + strength / 2 * |weights|^2, the bias free.
 * MLlib's is the same where it does not standardize once more ({@code regParam} the strength,
 * {@code elasticNetParam} 0). What is left to do with the sample, such as choosing a strength,
 * calibration and figures, is done by {@code dev.graft.training.ClusterFit}.
 */
public final class HeadJob {
    private static final int FORMAT = 1;
    private static final int LEAST_PER_CLASS = 2;
    private static final double TOLERANCE = 1e-9;
    private static final int MOST_STEPS = 1_000;

    private final SparkSession spark;
    private final JobOptions options;

    private HeadJob(SparkSession spark, JobOptions options) {
        this.spark = spark;
        this.options = options;
    }

    /**
     * Runs a job.
     *
     * @param arguments {@code --export=} folder {@code data} of the export, {@code --out=} folder
     *     to write to, {@code --backbone=} identity of the features; further {@code --set=} label
     *     set (default), {@code --scaling=} common or standardized, {@code --strengths=} of L2 and
     *     {@code --sample=} about how many images to hold out
     * @throws IllegalArgumentException if an argument is wrong
     * @throws IllegalStateException if fewer than two classes have two images, or a feature cannot
     *     be used
     * @throws IOException if a file cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        JobOptions options = JobOptions.of(arguments);
        SparkSession spark = SparkSession.builder().appName("graft-head").getOrCreate();
        try {
            new HeadJob(spark, options).run();
        } finally {
            spark.stop();
        }
    }

    private void run() throws IOException {
        Dataset<Row> all = LabelledRows.of(spark, options).persist(StorageLevel.MEMORY_AND_DISK());
        Dataset<Row> rows =
                all.withColumn("held", LabelledRows.held(all.count(), options.sample()));
        Map<String, Long> leftOut = counts(rows);
        Map<String, Long> learned = counts(rows.filter(not(col("held"))));
        learned.values().removeIf(count -> count < LEAST_PER_CLASS);
        leftOut.keySet().removeAll(learned.keySet());
        if (learned.size() < 2) {
            throw new IllegalStateException(
                    "images to learn from by class: %s, and of others %s; expected at least 2 classes with %d each: label more, or hold fewer out"
                            .formatted(learned, leftOut, LEAST_PER_CLASS));
        }
        List<String> classes = new ArrayList<>(learned.keySet());
        Dataset<Row> known = rows.filter(col("label").isin(classes.toArray()));
        FitFiles files = new FitFiles(options.out(), spark.sparkContext().hadoopConfiguration());
        files.sample(sample(known.filter(col("held"))).toLocalIterator());
        List<Integer> steps = fit(known.filter(not(col("held"))), classes, files);
        DataHashes hashes = DataHashes.of(all.toJavaRDD());
        Map<String, Object> card = new LinkedHashMap<>();
        card.put("format", FORMAT);
        card.put("by", "Spark " + spark.version());
        card.put("backbone", options.backbone());
        card.put("set", options.set());
        card.put("scaling", options.standardized() ? "STANDARDIZED" : "COMMON");
        card.put("learned", learned);
        card.put("leftOut", leftOut);
        card.put("strengths", options.strengths());
        card.put("steps", steps);
        card.put("data", hashes.data());
        card.put("listing", hashes.listing());
        files.card(card);
    }

    /** Images by class; String orders classes as Java does, whatever the database's collation. */
    private static Map<String, Long> counts(Dataset<Row> rows) {
        Map<String, Long> counts = new TreeMap<>();
        for (Row row : rows.groupBy("label").count().collectAsList()) {
            counts.put(row.getString(0), row.getLong(1));
        }
        return counts;
    }

    private static Dataset<String> sample(Dataset<Row> held) {
        return held.select(
                        to_json(
                                struct(
                                        col("key"),
                                        col("label"),
                                        col("hash"),
                                        col("time"),
                                        base64(col("feature")).as("feature"),
                                        col("thumbnail"))))
                .as(Encoders.STRING());
    }

    /** Writes the fits; how many steps each took, of at most {@value #MOST_STEPS}. */
    private List<Integer> fit(Dataset<Row> rows, List<String> classes, FitFiles files)
            throws IOException {
        Columns columns =
                Columns.of(
                        rows.select("key", "feature").toJavaRDD(),
                        options.standardized(),
                        Collections.min(options.strengths()));
        Dataset<Row> set =
                spark.createDataFrame(
                        rows.select("label", "feature")
                                .toJavaRDD()
                                .map(
                                        row ->
                                                RowFactory.create(
                                                        (double)
                                                                Collections.binarySearch(
                                                                        classes, row.getString(0)),
                                                        columns.standardized(row.getAs(1)))),
                        new StructType()
                                .add("label", DataTypes.DoubleType, false)
                                .add("features", SQLDataTypes.VectorType(), false));
        List<Integer> steps = new ArrayList<>();
        for (double strength : options.strengths()) {
            LogisticRegressionModel model =
                    new LogisticRegression()
                            .setFamily("multinomial")
                            .setStandardization(false)
                            .setElasticNetParam(0)
                            .setRegParam(strength)
                            .setTol(TOLERANCE)
                            .setMaxIter(MOST_STEPS)
                            .fit(set);
            files.tensors(steps.size(), model, columns);
            steps.add(model.summary().totalIterations());
        }
        return steps;
    }
}
