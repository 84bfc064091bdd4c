package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The tables of costs in infra/SCALE.md are what their formulas say, at the prices of CostTest. */
class ScaleCostTest {
    /** Of a processor for image x value x class, as LargeTraining has it. */
    private static final double TRAINER = 205 / (100_000.0 * 2_048 * 5);

    /** Likewise of Spark in one step of one fit. */
    private static final double STEP = 1.8e-9;

    private static final int STEPS = 600;
    private static final int STRENGTHS = 4;
    private static final double SHARE = 0.6;
    private static final double LAMBDA_GB = 10;
    private static final double LAMBDA_PROCESSORS = 10_240 / 1769.0;
    private static final int PROCESSORS = 16;
    private static final int MACHINE_GB = 120;
    private static final int CLUSTER_GB_A_PROCESSOR = 7;

    private static JsonNode prices;

    private record Size(long images, int values, int classes) {
        double work() {
            return (double) images * values * classes;
        }

        double memoryGb() {
            return (8.0 * values + 80 * classes) * images / (1 << 30);
        }

        double tableGb() {
            return images * (2.0 * values + 976) / 1e9;
        }

        private String way(double seconds, double dollars, boolean fits) {
            return fits ? String.format(Locale.ROOT, "%s, $%.2f", time(seconds), dollars) : "";
        }

        String row() {
            double read = tableGb() * 1e9 / 4096 / 2 * price("dynamodbMillionReadUnits") / 1e6;
            double function = work() * TRAINER / LAMBDA_PROCESSORS;
            double machine = work() * TRAINER / PROCESSORS;
            double machineHour =
                    PROCESSORS * price("fargateProcessorHour")
                            + MACHINE_GB * price("fargateGbHour");
            double cluster = work() * STEP * STEPS * STRENGTHS;
            double clusterHour =
                    price("emrProcessorHour") + CLUSTER_GB_A_PROCESSOR * price("emrGbHour");
            return String.format(
                    Locale.ROOT,
                    "| %,d x %,d x %d | %.0f GB | %s | %s | %s |",
                    images,
                    values,
                    classes,
                    memoryGb(),
                    way(
                            function,
                            function * LAMBDA_GB * price("lambdaGbSecond") + read,
                            function <= 900 * SHARE && memoryGb() <= LAMBDA_GB),
                    way(
                            machine,
                            machine / 3600 * machineHour + read,
                            machine <= 86_400 * SHARE && memoryGb() <= MACHINE_GB),
                    way(
                            cluster / 320,
                            cluster / 3600 * clusterHour + tableGb() * price("dynamodbExportGb"),
                            memoryGb() > LAMBDA_GB));
        }
    }

    /** Of a vector index; its key and mark beside the values. */
    private static String vectors(long images, int values) {
        double bytes = 4.0 * values + 50;
        double gb = images * bytes / 1e9;
        long first = Math.min(images, 100_000);
        double searched =
                bytes
                        / 1e12
                        * (first * price("s3VectorsSearchedTbOfFirst100000")
                                + (images - first) * price("s3VectorsSearchedTb"));
        return String.format(
                Locale.ROOT,
                "| %,d x %,d | $%.2f | $%.2f | %s | $%.2f |",
                images,
                values,
                gb * price("s3VectorsGbMonth"),
                gb * price("s3VectorsPutGb"),
                time(images / 2_500.0),
                price("s3VectorsMillionSearches") + 1e6 * searched);
    }

    private static String time(double seconds) {
        return seconds < 60
                ? String.format(Locale.ROOT, "%.0f s", seconds)
                : seconds < 7200
                        ? String.format(Locale.ROOT, "%.0f min", seconds / 60)
                        : String.format(Locale.ROOT, "%.0f h", seconds / 3600);
    }

    private static double price(String name) {
        assertTrue(prices.path(name).isNumber(), name);
        return prices.path(name).doubleValue();
    }

    @Test
    void thePageSaysWhatItsFormulasSay() throws IOException {
        prices = new ObjectMapper().readTree(Repository.file("infra/prices.json").toFile());
        String page = Files.readString(Repository.file("infra/SCALE.md"));
        for (Size size :
                new Size[] {
                    new Size(100_000, 2_048, 5),
                    new Size(1_000_000, 512, 20),
                    new Size(1_000_000, 2_048, 20),
                    new Size(10_000_000, 512, 20),
                    new Size(10_000_000, 2_048, 100),
                    new Size(100_000_000, 512, 20)
                }) {
            assertTrue(page.contains(size.row()), () -> "infra/SCALE.md lacks\n" + size.row());
        }
        for (String row :
                new String[] {
                    vectors(1_000_000, 512),
                    vectors(1_000_000, 2_048),
                    vectors(10_000_000, 512),
                    vectors(100_000_000, 512)
                }) {
            assertTrue(page.contains(row), () -> "infra/SCALE.md lacks\n" + row);
        }
    }
}
