package dev.graft.system;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a deployment costs in US dollars at the list prices of {@code infra/prices.json}, free tiers
 * not counted.
 *
 * @param prices the file
 * @param assumed how large and how long things are
 */
record Cost(JsonNode prices, Assumptions assumed) {
    private static final double GB = 1_000_000_000;
    private static final double LOG_BYTES = 1_000; // of one call: start, end, report, metrics
    private static final double LOOK_SECONDS = 1; // and for each image:
    private static final double LOOK_SECONDS_PER_IMAGE = 0.00002;
    private static final double LOOK_GETS =
            6; // pointer, cards of two heads, two states, what to forget; and the list
    private static final double SET_UNITS = 4; // which label sets there are
    private static final double TRAINING_PUTS = 11; // files of the head, and how far it is
    private static final double INGEST_PUTS = 2; // the image and its thumbnail
    private static final double INGEST_GETS = 2; // the image, and whether it is the same still
    private static final double THUMBNAIL_BYTES = 10_000;
    private static final double ANSWER_BYTES = 4_000; // of 512 values and 60 classes
    private static final double DRIFT_READS = 100; // answers of a day, 16 at once
    private static final double DRIFT_SECONDS = DRIFT_READS / 16 * 0.03;
    private static final double QUEUE_REQUESTS = 3; // to send, receive and delete an event
    private static final double POLLS =
            2 * 5 * 3 * 60 * 24 * 30; // of two queues, 20 s each, a month
    private static final double STATUS_SECONDS = 0.05; // no network runs
    private static final double EXPORT_CALL_SECONDS = 15;
    private static final double EXPORTED_FEATURE_SECONDS = 0.0002;
    private static final double EXPORTED_IMAGE_SECONDS = 0.1;
    private static final double EXPORTED_FEATURE_BYTES = 2_400; // 512 values, key, hash, identity
    private static final double TABLE_BYTES = 11_719 * EXPORTED_FEATURE_BYTES; // of one file
    private static final double ZIP_BYTES = 48 << 20;
    private static final double EXPORT_KEPT_MONTHS = 7 / 30.0;

    /**
     * What the prices are multiplied with.
     *
     * @param memoryGb of featurizer and classifier
     * @param ingestSeconds billed for one image
     * @param requestSeconds billed for one request
     * @param trainerMemoryGb of the trainer
     * @param secondsPer10k billed for training on 10,000 images
     * @param imageBytes of one photo
     * @param featureBytes of the item of one feature
     * @param scannedBytes of all items of one image
     * @param storedBytes the same with the index entries and what DynamoDB adds
     */
    record Assumptions(
            double memoryGb,
            double ingestSeconds,
            double requestSeconds,
            double trainerMemoryGb,
            double secondsPer10k,
            double imageBytes,
            double featureBytes,
            double scannedBytes,
            double storedBytes) {}

    /** To upload and featurize so many images, the photos' first month not included. */
    double ingest(long images) {
        // Feature, image and labels in one transaction, which counts twice; three index entries,
        // and a counter.
        double writeUnits = 2 * (Math.ceil(assumed.featureBytes / 1024) + 1 + 1) + 3 + 1;
        double readUnits = 1; // the look at what was there
        return images
                * (lambda(assumed.memoryGb, assumed.ingestSeconds)
                        + writeUnits * price("dynamodbMillionWriteUnits") / 1e6
                        + readUnits * price("dynamodbMillionReadUnits") / 1e6
                        + INGEST_PUTS * price("s3ThousandPuts") / 1e3
                        + INGEST_GETS * price("s3ThousandGets") / 1e3
                        + price("eventsMillion") / 1e6
                        + QUEUE_REQUESTS * price("sqsMillionRequests") / 1e6);
    }

    /** To answer so many requests. */
    double requests(long requests) {
        return requests
                * (lambda(assumed.memoryGb, assumed.requestSeconds)
                        + price("apiMillionRequests") / 1e6);
    }

    /** To keep so many answers for a month. */
    double kept(long answers) {
        return keptFiles(answers, ANSWER_BYTES);
    }

    /** Likewise with the photos that were asked about. */
    double keptWithPhotos(long answers) {
        return kept(answers) + keptFiles(answers, assumed.imageBytes);
    }

    /** A look at the answers of so many days, of which each has as many as are read, or more. */
    double drift(int days) {
        double lists = days * price("s3ThousandPuts") / 1e3; // as much as a PUT
        double reads = days * DRIFT_READS * price("s3ThousandGets") / 1e3;
        return requests(1) + lambda(assumed.memoryGb, days * DRIFT_SECONDS) + lists + reads;
    }

    private double keptFiles(long files, double bytes) {
        return files * (price("s3ThousandPuts") / 1e3 + bytes / GB * price("s3GbMonth"));
    }

    /**
     * An hour of a page left open and seen, while nothing comes: it asks for the status ever more
     * rarely, see polling.js.
     *
     * @param first seconds to the second time
     * @param growth of that from one time to the next
     * @param longest seconds
     */
    double openHour(double first, double growth, double longest) {
        double wait = first;
        double status = lambda(assumed.memoryGb, STATUS_SECONDS);
        double dollars = 0;
        for (double seconds = 0; seconds < 3600; seconds += wait) {
            dollars += status + price("apiMillionRequests") / 1e6 + reading(Reads.STATUS, 0) / 1e6;
            wait = Math.min(longest, growth * wait);
        }
        return dollars;
    }

    /** The same before, when it asked every three seconds and each time all images were read. */
    double openHourBefore(long images) {
        return 3600
                / 3.0
                * (lambda(assumed.memoryGb, STATUS_SECONDS)
                        + price("apiMillionRequests") / 1e6
                        + Reads.COUNTS.unitsBefore(images)
                                * price("dynamodbMillionReadUnits")
                                / 1e6);
    }

    /** What the stores bill for a million times. */
    double reading(Reads what, long images) {
        return what.units * price("dynamodbMillionReadUnits")
                + what.gets(images) * price("s3ThousandGets") * 1e3;
    }

    /** The same before. */
    double readingBefore(Reads what, long images) {
        return what.unitsBefore(images) * price("dynamodbMillionReadUnits");
    }

    /** To export the features of so many images, and to keep the files until they are deleted. */
    double exportFeatures(long images) {
        return images * Reads.EXPORTED_FEATURE.units * price("dynamodbMillionReadUnits") / 1e6
                + export(images, EXPORTED_FEATURE_SECONDS, EXPORTED_FEATURE_BYTES, TABLE_BYTES);
    }

    /** Likewise the images themselves. */
    double exportImages(long images) {
        return images * price("s3ThousandGets") / 1e3
                + export(images, EXPORTED_IMAGE_SECONDS, assumed.imageBytes, ZIP_BYTES);
    }

    private double export(long images, double seconds, double bytes, double fileBytes) {
        double calls = Math.ceil(images * seconds / EXPORT_CALL_SECONDS);
        double files = Math.ceil(images * bytes / fileBytes);
        double puts = 2 * files + Math.ceil(images / 20_000.0) + 2; // progress, plan, labels.csv
        return images * seconds * assumed.memoryGb * price("lambdaGbSecond")
                + calls * (lambda(assumed.memoryGb, 0) + price("apiMillionRequests") / 1e6)
                + puts * price("s3ThousandPuts") / 1e3
                + images * bytes / GB * price("s3GbMonth") * EXPORT_KEPT_MONTHS;
    }

    /** To forget an image to the end, with the training that this takes. */
    double forget(long images) {
        return training(images)
                + reading(Reads.FORGET, images) / 1e6
                + 6 * price("s3ThousandPuts") / 1e3;
    }

    /** To train once on so many images. */
    double training(long images) {
        double seconds = assumed.secondsPer10k * images / 10_000;
        return lambda(assumed.trainerMemoryGb, seconds)
                + read(images * assumed.scannedBytes)
                + TRAINING_PUTS * price("s3ThousandPuts") / 1e3;
    }

    /**
     * A month in which nothing happens but an hourly look at the list of images, with so many
     * images kept.
     *
     * @param alarmMetrics metrics that the alarms look at; each is billed
     */
    double idleMonth(long images, int alarmMetrics) {
        double table = images * assumed.storedBytes / GB;
        double looks = 24 * 30;
        double look =
                lambda(assumed.trainerMemoryGb, LOOK_SECONDS + images * LOOK_SECONDS_PER_IMAGE)
                        + (Reads.LABELS.units + SET_UNITS) * price("dynamodbMillionReadUnits") / 1e6
                        + (LOOK_GETS + Reads.LABELS.gets(images)) * price("s3ThousandGets") / 1e3
                        + price("schedulerMillionCalls") / 1e6;
        return images * (assumed.imageBytes + THUMBNAIL_BYTES) / GB * price("s3GbMonth")
                + table * (price("dynamodbGbMonth") + price("dynamodbBackupGbMonth"))
                + alarmMetrics * price("alarmMonth")
                + price("dashboardMonth")
                + POLLS * price("sqsMillionRequests") / 1e6
                + looks * look;
    }

    /** Page by page: half a unit for 4 KB. */
    private double read(double bytes) {
        return bytes / 4096 / 2 * price("dynamodbMillionReadUnits") / 1e6;
    }

    /** One call, traced: the most that sampling can come to. */
    private double lambda(double gb, double seconds) {
        return gb * seconds * price("lambdaGbSecond")
                + price("lambdaMillionRequests") / 1e6
                + price("traceMillion") / 1e6
                + LOG_BYTES / GB * price("logGb");
    }

    private double price(String name) {
        JsonNode price = prices.path(name);
        if (!price.isNumber()) {
            throw new IllegalArgumentException("infra/prices.json has no price " + name);
        }
        return price.doubleValue();
    }
}
