package dev.graft.benchmarks;

import dev.graft.backbone.Backbones;
import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.Sha256;
import dev.graft.onnx.OnnxBackbone;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Features of a folder of pictures, one subfolder per class, as the product makes them. Arguments:
 * the folder, FILE.npy to write, and what {@link Backbones#resolve} takes, or nothing for the
 * embedded backbone. FILE.npy gets float16 (images, width), and FILE.tsv beside it a line for each
 * image: name, class, SHA-256 of the file.
 */
public final class FeatureFiles {
    private FeatureFiles() {}

    /** Writes both files. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Path network = Backbones.ofUser().resolve(arguments.length > 2 ? arguments[2] : "");
        ByteArrayOutputStream features = new ByteArrayOutputStream();
        StringBuilder lines = new StringBuilder();
        int images = 0;
        try (OnnxBackbone backbone = OnnxBackbone.open(network, 1)) {
            FeatureExtractor extractor = new FeatureExtractor(backbone);
            for (Path file : pictures(folder)) {
                byte[] bytes = Files.readAllBytes(file);
                features.write(extractor.feature(bytes));
                String name = folder.relativize(file).toString();
                String label = folder.relativize(file).getName(0).toString();
                lines.append("%s\t%s\t%s\n".formatted(name, label, Sha256.of(bytes)));
                images++;
            }
            Path npy = Path.of(arguments[1]);
            write(npy, images, backbone.width(), features.toByteArray());
            Files.writeString(Path.of(npy.toString().replace(".npy", ".tsv")), lines);
        }
    }

    /** The files of a folder and its subfolders, by name, but for hidden ones. */
    public static List<Path> pictures(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    /** NumPy's format 1.0. */
    private static void write(Path file, int images, int width, byte[] values) throws IOException {
        String about =
                "{'descr': '<f2', 'fortran_order': False, 'shape': (%d, %d), }"
                        .formatted(images, width);
        String header = about + " ".repeat(Math.floorMod(-11 - about.length(), 64)) + "\n";
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
        all.write(header.length() & 0xff);
        all.write(header.length() >> 8);
        all.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
        all.writeBytes(values);
        Files.write(file, all.toByteArray());
    }
}
