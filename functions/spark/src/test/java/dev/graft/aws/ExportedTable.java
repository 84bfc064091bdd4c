package dev.graft.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageRecord;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The items that {@link ImageTable} describes as DynamoDB exports a table to S3: lines of its JSON,
 * with types, in files of gzip. Source: Amazon DynamoDB Developer Guide, "DynamoDB table export
 * output format".
 */
public final class ExportedTable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ExportedTable() {}

    /** Writes what a store has to files in a folder. */
    public static void write(FeatureStore store, Path folder, int files) throws IOException {
        List<String> keys = Collections.synchronizedList(new ArrayList<>());
        store.keys((ImageIndex.Change image) -> keys.add(image.key()));
        Collections.sort(keys);
        List<Writer> writers = new ArrayList<>();
        for (int i = 0; i < files; i++) {
            Path file = Files.createDirectories(folder).resolve("part%d.json.gz".formatted(i));
            writers.add(
                    new OutputStreamWriter(
                            new GZIPOutputStream(Files.newOutputStream(file)),
                            StandardCharsets.UTF_8));
        }
        int lines = 0;
        for (String key : keys) {
            for (var item : items(store, key)) {
                writers.get(lines++ % files).write(line(item) + "\n");
            }
        }
        for (Writer writer : writers) {
            writer.close();
        }
    }

    private static List<Map<String, AttributeValue>> items(FeatureStore store, String key) {
        ImageRecord record = store.known(key);
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        items.add(ImageItems.image(record));
        items.addAll(ImageItems.labels(record).values());
        record.picture().stream()
                .flatMap(picture -> picture.backbones().stream())
                .map(backbone -> store.find(key, backbone).orElseThrow())
                .map((ImageFeature feature) -> ImageItems.feature(feature))
                .forEach(items::add);
        return items;
    }

    /** A line of an item. */
    public static String line(Map<String, AttributeValue> item) {
        try {
            ObjectNode line = JSON.createObjectNode();
            line.set("Item", map(item));
            return JSON.writeValueAsString(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode map(Map<String, AttributeValue> values) {
        ObjectNode map = JSON.createObjectNode();
        values.forEach((name, value) -> map.set(name, typed(value)));
        return map;
    }

    private static JsonNode typed(AttributeValue value) {
        ObjectNode typed = JSON.createObjectNode();
        switch (value.type()) {
            case S -> typed.put("S", value.s());
            case N -> typed.put("N", value.n());
            case B -> typed.put("B", Base64.getEncoder().encodeToString(value.b().asByteArray()));
            case SS -> value.ss().forEach(typed.putArray("SS")::add);
            case L -> {
                var list = typed.putArray("L");
                value.l().forEach(one -> list.add(typed(one)));
            }
            case M -> typed.set("M", map(value.m()));
            default -> throw new IllegalStateException("no item has " + value);
        }
        return typed;
    }
}
