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

    /**
     * What the prices are multiplied with.
     *
     * @param memoryGb of featurizer and classifier
     * @param ingestSeconds billed for one image
     * @param requestSeconds billed for one request
     * @param trainerMemoryGb of the trainer
     * @param secondsPer10k billed for training on 10,000 images
     * @param imageBytes of one photo
     * @param itemBytes of one item of the table
     */
    record Assumptions(
            double memoryGb,
            double ingestSeconds,
            double requestSeconds,
            double trainerMemoryGb,
            double secondsPer10k,
            double imageBytes,
            double itemBytes) {}

    /** To upload and featurize so many images, the photos' first month not included. */
    double ingest(long images) {
        double writeUnits =
                Math.ceil(assumed.itemBytes / 1024) + 2; // the item, and its two index entries
        double readUnits = Math.ceil(assumed.itemBytes / 4096); // the look at what was there
        return images
                * (lambda(assumed.memoryGb, assumed.ingestSeconds)
                        + writeUnits * price("dynamodbMillionWriteUnits") / 1e6
                        + readUnits * price("dynamodbMillionReadUnits") / 1e6
                        + price("s3ThousandPuts") / 1e3
                        + price("s3ThousandGets") / 1e3);
    }

    /** To answer so many requests. */
    double requests(long requests) {
        return requests
                * (lambda(assumed.memoryGb, assumed.requestSeconds)
                        + price("apiMillionRequests") / 1e6);
    }

    /** To train once on so many images; reading is at half a unit for 4 KB, page by page. */
    double training(long images) {
        double readUnits = images * assumed.itemBytes / 4096 / 2;
        double seconds = assumed.secondsPer10k * images / 10_000;
        return lambda(assumed.trainerMemoryGb, seconds)
                + readUnits * price("dynamodbMillionReadUnits") / 1e6
                + 4 * price("s3ThousandPuts") / 1e3;
    }

    /** A month in which nothing happens but an hourly look, with so many images kept. */
    double idleMonth(long images, int alarms) {
        double table = images * assumed.itemBytes / GB;
        double looks = 24 * 30;
        return images * assumed.imageBytes / GB * price("s3GbMonth")
                + table * (price("dynamodbGbMonth") + price("dynamodbBackupGbMonth"))
                + alarms * price("alarmMonth")
                + looks * price("schedulerMillionCalls") / 1e6;
    }

    private double lambda(double gb, double seconds) {
        return gb * seconds * price("lambdaGbSecond") + price("lambdaMillionRequests") / 1e6;
    }

    private double price(String name) {
        JsonNode price = prices.path(name);
        if (!price.isNumber()) {
            throw new IllegalArgumentException("infra/prices.json has no price " + name);
        }
        return price.doubleValue();
    }
}
