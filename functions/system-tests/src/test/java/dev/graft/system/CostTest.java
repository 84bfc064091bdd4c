package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongToDoubleFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The cost table of infra/README.md is what the calculator says. */
class CostTest {
    /** As infra/README.md states them: 1,769 MB, photos of 3 MB, features of 512 values. */
    private static final Cost.Assumptions ASSUMED =
            new Cost.Assumptions(1.769, 0.3, 0.3, 3.008, 30, 3_000_000, 1_210, 2_000, 3_400);

    /** A million images need this memory. */
    private static final Cost.Assumptions LARGE =
            new Cost.Assumptions(1.769, 0.3, 0.3, 10.24, 30, 3_000_000, 1_210, 2_000, 3_400);

    private static final int ALARM_METRICS = 13;
    private static final long[] SIZES = {10_000, 100_000, 1_000_000};

    private static Cost cost() throws IOException {
        return cost(ASSUMED);
    }

    private static Cost cost(Cost.Assumptions assumed) throws IOException {
        return new Cost(
                new ObjectMapper().readTree(Repository.file("infra/prices.json").toFile()),
                assumed);
    }

    @Test
    void theReadmeSaysWhatTheCalculatorSays() throws IOException {
        String readme = Files.readString(Repository.file("infra/README.md"));
        Cost cost = cost();
        for (String row :
                new String[] {
                    row("1,000 images ingested", cost.ingest(1_000)),
                    row("1,000 requests", cost.requests(1_000)),
                    row("1,000 answers kept for a month", cost.kept(1_000)),
                    row("1,000 answers kept for a month with photos", cost.keptWithPhotos(1_000)),
                    row("a look at the kept answers of 30 days", cost.drift(30)),
                    row("a month idle, nothing kept", cost.idleMonth(0, ALARM_METRICS)),
                    row(
                            "one training",
                            cost.training(SIZES[0]),
                            cost.training(SIZES[1]),
                            cost(LARGE).training(SIZES[2])),
                    row(
                            "one image forgotten, with its training",
                            cost.forget(SIZES[0]),
                            cost.forget(SIZES[1]),
                            cost(LARGE).forget(SIZES[2])),
                    row("an export of the features", cost::exportFeatures),
                    row("an export of the images", cost::exportImages),
                    row("a month idle, so many kept", n -> cost.idleMonth(n, ALARM_METRICS)),
                    row("an hour of a page left open", n -> cost.openHour(3, 1.5, 60)),
                    row("the same before", cost::openHourBefore)
                }) {
            assertTrue(readme.contains(row), () -> "infra/README.md lacks the line\n" + row);
        }
    }

    /** From what BoundsTest counts. */
    @Test
    void theReadmeSaysWhatReadingCosts() throws IOException {
        String readme = Files.readString(Repository.file("infra/README.md"));
        Cost cost = cost();
        Map.of(
                        Reads.STATUS, "`GET /status`",
                        Reads.COUNTS, "`GET /labels`",
                        Reads.PAGE, "a page of 60 images",
                        Reads.LOOK, "the look behind `POST /classify`",
                        Reads.COLD, "`POST /classify` after a cold start",
                        Reads.LABELS, "`labels.csv`, or an hourly look")
                .forEach(
                        (reads, what) -> {
                            String row =
                                    Arrays.stream(SIZES)
                                            .mapToObj(n -> nowAndBefore(cost, reads, n))
                                            .collect(
                                                    Collectors.joining(
                                                            " | ", "| " + what + " | ", " |"));
                            assertTrue(readme.contains(row), () -> "infra/README.md lacks " + row);
                        });
    }

    private static String nowAndBefore(Cost cost, Reads reads, long images) {
        return String.format(
                Locale.ROOT,
                "%.2f, before %,.0f",
                cost.reading(reads, images),
                cost.readingBefore(reads, images));
    }

    @Test
    void countsByHand() throws IOException {
        // 1.769 GB x 0.3 s and one call; 2 x (2 + 1 + 1) + 4 write units, a read unit; of the image
        // a PUT, a GET and a HEAD, of its thumbnail a PUT
        double image =
                1.769 * 0.3 * 0.0000166667
                        + 0.0000002
                        + 0.000005 // its trace
                        + 0.0000005 // its log
                        + 12 * 0.000000625
                        + 0.000000125
                        + 2 * 0.000005
                        + 2 * 0.0000004
                        + 0.000001 // its event
                        + 3 * 0.0000004; // and the queue's requests
        assertEquals(1000 * image, cost().ingest(1000), 1e-9);
        double look =
                3.008 * 0.0000166667
                        + 0.0000002
                        + 0.000005
                        + 0.0000005
                        + 8 * 0.000000125 // four of them for the label sets
                        + 6 * 0.0000004
                        + 0.000001;
        double polls = 1_296_000 * 0.0000004; // two queues, five pollers each, three times a minute
        assertEquals(1.1 + 3 + polls + 720 * look, cost().idleMonth(0, 11), 1e-9);
    }

    /** With the numbers of the page. */
    @Test
    void anOpenPageCostsLessThanATenthOfACentAnHour() throws IOException {
        String page = "functions/classifier/src/main/resources/page/";
        String polling = Files.readString(Repository.file(page + "polling.js"));
        assertTrue(polling.contains("const GROWTH = 1.5;"), polling);
        String status = Files.readString(Repository.file(page + "status.js"));
        assertTrue(status.contains("{first: 3, longest: 60,"), status);
        double hour = cost().openHour(3, 1.5, 60);
        assertTrue(0.0005 < hour && hour < 0.001, "" + hour);
    }

    @Test
    void countsEachMetricOfTheTemplatesAlarms() throws IOException {
        int metrics = 0;
        for (JsonNode resource : Template.read().resources().values()) {
            if (resource.path("Type").asText().equals("AWS::CloudWatch::Alarm")) {
                int several = resource.at("/Properties/Metrics").findValues("MetricStat").size();
                metrics += Math.max(1, several);
            }
        }
        assertEquals(ALARM_METRICS, metrics);
    }

    @Test
    void refusesAPriceFileWithHoles() {
        var holes = new Cost(new ObjectMapper().createObjectNode(), ASSUMED);
        assertThrows(IllegalArgumentException.class, () -> holes.requests(1));
    }

    private static String row(String what, LongToDoubleFunction dollars) {
        return row(what, Arrays.stream(SIZES).mapToDouble(dollars).toArray());
    }

    private static String row(String what, double... dollars) {
        return "| %s | %s |"
                .formatted(
                        what,
                        Arrays.stream(dollars)
                                .mapToObj(d -> String.format(Locale.ROOT, "%.3f", d))
                                .collect(Collectors.joining(" | ")));
    }
}
