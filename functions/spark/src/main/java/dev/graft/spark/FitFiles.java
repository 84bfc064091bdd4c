package dev.graft.spark;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.classification.LogisticRegressionModel;

/**
 * The files of a fit: {@code 0.safetensors} and so on with the tensors of a head for each strength,
 * {@code sample.json.gz} with a line for each image that was held out, and last {@code fit.json}
 * with all else: where it is, the others are complete.
 *
 * @param folder to write to, on any file system that Hadoop knows
 */
record FitFiles(String folder, Configuration hadoop) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FLOAT = 4;

    /** Writes {@code fit.json}. */
    void card(Map<String, Object> card) throws IOException {
        try (OutputStream file = create("fit.json")) {
            file.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(card));
        }
    }

    /** Writes the images that were held out, each a JSON object. */
    void sample(Iterator<String> lines) throws IOException {
        try (BufferedWriter file =
                new BufferedWriter(
                        new OutputStreamWriter(
                                new GZIPOutputStream(create("sample.json.gz")),
                                StandardCharsets.UTF_8))) {
            while (lines.hasNext()) {
                file.write(lines.next());
                file.write('\n');
            }
        }
    }

    /** Writes weights (classes, width), bias (classes), mean and scale (width) as float32. */
    void tensors(int number, LogisticRegressionModel model, Columns columns) throws IOException {
        int classes = model.numClasses();
        int width = model.numFeatures();
        float[] weights = new float[classes * width];
        float[] bias = new float[classes];
        for (int c = 0; c < classes; c++) {
            bias[c] = (float) model.interceptVector().apply(c);
            for (int j = 0; j < width; j++) {
                weights[c * width + j] = (float) model.coefficientMatrix().apply(c, j);
            }
        }
        Map<String, float[]> tensors = new LinkedHashMap<>();
        tensors.put("weights", weights);
        tensors.put("bias", bias);
        tensors.put("mean", columns.mean());
        tensors.put("scale", columns.scale());
        try (OutputStream file = create(number + ".safetensors")) {
            file.write(safetensors(tensors, classes));
        }
    }

    /** In the format of huggingface/safetensors (its README). */
    private static byte[] safetensors(Map<String, float[]> tensors, int classes)
            throws IOException {
        Map<String, Object> header = new LinkedHashMap<>();
        int offset = 0;
        for (Map.Entry<String, float[]> tensor : tensors.entrySet()) {
            int length = tensor.getValue().length;
            List<Integer> shape =
                    tensor.getKey().equals("weights")
                            ? List.of(classes, length / classes)
                            : List.of(length);
            List<Integer> place = List.of(offset, offset + FLOAT * length);
            header.put(
                    tensor.getKey(), Map.of("dtype", "F32", "shape", shape, "data_offsets", place));
            offset += FLOAT * length;
        }
        byte[] text = JSON.writeValueAsBytes(header);
        int padding = Math.floorMod(-text.length, 8);
        ByteBuffer file =
                ByteBuffer.allocate(8 + text.length + padding + offset)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(text.length + padding)
                        .put(text)
                        .put(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII));
        for (float[] values : new ArrayList<>(tensors.values())) {
            for (float value : values) {
                file.putFloat(value);
            }
        }
        return file.array();
    }

    private OutputStream create(String name) throws IOException {
        Path path = new Path(folder, name);
        return path.getFileSystem(hadoop).create(path, true);
    }
}
