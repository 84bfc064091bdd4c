package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.backbone.PackageBackbone;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes to Lambda; run by {@code mvn verify}, which makes the zips first. */
class PackageTest {
    /** Lambda, "Function package size": 250 MB unzipped. */
    private static final long LAMBDA_LIMIT = 250L << 20;

    /** Likewise: 50 MB zipped, for a package that is uploaded directly. */
    private static final double UPLOAD_LIMIT = 50;

    private static final Path NETWORKS =
            Repository.file("functions/backbone/src/main/resources/dev/graft/backbone");

    /** Empty for the embedded backbone; {@code -Dbackbone=...} names another. */
    private static final String BACKBONE = System.getProperty("backbone", "");

    @ParameterizedTest
    @CsvSource({
        "trainer/target/trainer.zip, 25, none",
        "featurizer/target/featurizer-x86_64.zip, 50, linux-x64",
        "featurizer/target/featurizer-arm64.zip, 50, linux-aarch64",
        "classifier/target/classifier-x86_64.zip, 50, linux-x64",
        "classifier/target/classifier-arm64.zip, 50, linux-aarch64"
    })
    void isSmallAndHasOneProcessorsNativesOnly(String name, int maxMegabytes, String processor)
            throws IOException {
        Path file = Repository.file("functions/" + name);
        assumeTrue(Files.exists(file), () -> name + " is not there: run mvn verify");
        try (ZipFile zip = new ZipFile(file.toFile())) {
            long backbone =
                    zip.stream()
                            .filter(entry -> entry.getName().equals("backbone.onnx"))
                            .mapToLong(ZipEntry::getCompressedSize)
                            .sum();
            double megabytes = Files.size(file) / 1e6;
            long unpacked = zip.stream().mapToLong(ZipEntry::getSize).sum();
            System.out.printf(
                    "%s %.1f MB, of it the backbone %.1f MB, unpacked %.1f MB%n",
                    file.getFileName(), megabytes, backbone / 1e6, unpacked / 1e6);
            assertTrue(
                    megabytes < maxMegabytes || !BACKBONE.isEmpty(),
                    () ->
                            "%s has %.1f MB, expected %d at most"
                                    .formatted(name, megabytes, maxMegabytes));
            assertEquals(!processor.equals("none"), backbone > 0, "backbone.onnx");
            assertEquals(!processor.equals("none"), zip.getEntry("NOTICE") != null, "NOTICE");
            if (backbone > 0 && BACKBONE.isEmpty()) {
                hasRoomForEveryEmbeddedNetwork(name, zip, megabytes);
            }
            assertTrue(zip.getEntry("backbone.json") != null, "backbone.json");
            assertTrue(
                    unpacked < LAMBDA_LIMIT,
                    () ->
                            "%s unpacks to %d bytes, Lambda takes %d at most: make the backbone int8, or deploy container images (infra/README.md)"
                                    .formatted(name, unpacked, LAMBDA_LIMIT));
            assertTrue(
                    unpacked - network(zip) <= LAMBDA_LIMIT - PackageBackbone.LARGEST_IN_ZIP,
                    "a network that the build allows would not fit beside the rest of " + name);
            List<String> names =
                    Collections.list(zip.entries()).stream().map(ZipEntry::getName).toList();
            List<String> natives =
                    names.stream().filter(n -> n.matches(".*\\.(so|dll|dylib)")).toList();
            assertEquals(processor.equals("none") ? 0 : 2, natives.size(), natives::toString);
            assertTrue(natives.stream().allMatch(n -> n.contains(processor)), natives::toString);
            assertTrue(names.stream().noneMatch(n -> n.startsWith("lib/onnxruntime")));
            assertTrue(
                    names.stream().noneMatch(n -> n.matches("lib/(netty|apache-client|junit).*")));
            assertTrue(names.stream().anyMatch(n -> n.startsWith("lib/graft-core")));
            assertEquals(
                    1, zip.stream().map(ZipEntry::getTimeLocal).distinct().count(), "reproducible");
        }
    }

    private static long network(ZipFile zip) {
        return zip.stream()
                .filter(entry -> entry.getName().equals("backbone.onnx"))
                .mapToLong(ZipEntry::getSize)
                .sum();
    }

    /**
     * While the default is being changed, a package holds the network before it, too, and names.
     */
    private static void hasRoomForEveryEmbeddedNetwork(String name, ZipFile zip, double megabytes)
            throws IOException {
        List<Long> inside = zip.stream().map(ZipEntry::getCrc).toList();
        double all = megabytes;
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(NETWORKS, "*.{onnx,safetensors}")) {
            for (Path file : files) {
                byte[] bytes = Files.readAllBytes(file);
                CRC32 sum = new CRC32();
                sum.update(bytes);
                all += inside.contains(sum.getValue()) ? 0 : deflated(bytes) / 1e6;
            }
        }
        System.out.printf("%s with all embedded networks %.1f MB%n", name, all);
        assertTrue(all < UPLOAD_LIMIT, name + " has " + all + " MB with all embedded networks");
    }

    private static int deflated(byte[] bytes) {
        try (Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true)) {
            deflater.setInput(bytes);
            deflater.finish();
            byte[] buffer = new byte[1 << 20];
            int length = 0;
            while (!deflater.finished()) {
                length += deflater.deflate(buffer);
            }
            return length;
        }
    }
}
