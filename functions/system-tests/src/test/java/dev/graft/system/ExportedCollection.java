package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipInputStream;

/** The files of the whole collection, which the API leads to. */
final class ExportedCollection {
    /** Where exports begin and are told of. */
    static final List<String> PATHS = List.of("/export/images", "/export/features");

    /** All exports that are read. */
    static final List<String> READS =
            List.of(
                    "/export/labels.csv",
                    "/export/labels.manifest",
                    "/export/folders.txt",
                    "/export/model.onnx",
                    "/export/images",
                    "/export/features");

    private ExportedCollection() {}

    /** Asks wrongly, and before an export was begun. */
    static void refuses(ApiDocument api) {
        for (String path : PATHS) {
            assertEquals(400, api.json("POST", path, Map.of("prefix", "images/")).status());
            assertEquals(404, api.get(path).status());
        }
    }

    private static void complete(ApiDocument api, String path) {
        Served.until(() -> api.send("POST", path, null, null).json().path("complete").asBoolean());
    }

    /** Exports images and features, follows the links, and counts. */
    static void holdsEveryImage(ApiDocument api) throws Exception {
        Meter.Used used = Meter.during(() -> PATHS.forEach(path -> complete(api, path)));
        JsonNode images = api.get("/export/images").json();
        // one GET an image; files, progress, the listing twice, and what runs beside it
        long most = images.path("images").asInt() + 60L;
        assertTrue(used.calls() <= most, used + ", expected at most " + most);
        Set<String> names = new TreeSet<>();
        for (JsonNode part : images.path("parts")) {
            if (part.path("key").asText().endsWith(".zip")) {
                try (InputStream in = URI.create(part.path("url").asText()).toURL().openStream();
                        ZipInputStream zip = new ZipInputStream(in)) {
                    for (var e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
                        names.add(e.getName());
                    }
                }
            }
        }
        assertEquals(images.path("images").asInt() - images.path("missing").asInt(), names.size());
        assertTrue(names.contains("classes/bolt/7.jpg"), names::toString);
        JsonNode features = api.get("/export/features").json();
        assertEquals(features.path("images").asInt(), features.path("done").asInt());
        JsonNode table = features.at("/parts/1");
        assertTrue(table.path("key").asText().endsWith(".parquet"), features::toString);
        int bytes = features.at("/parts/0/bytes").asInt() + table.path("bytes").asInt();
        assertEquals(bytes, features.path("bytes").asInt());
        JsonNode again = api.get("/export/features?from=2").json().at("/parts/0");
        assertEquals(unsigned(table), unsigned(again));
    }

    /** A part whose address has no signature, as that is made anew, maybe a second later. */
    private static JsonNode unsigned(JsonNode part) {
        String url = part.path("url").asText();
        assertTrue(url.contains("X-Amz-Signature="), url);
        return ((ObjectNode) part.deepCopy()).put("url", url.replaceFirst("\\?.*", ""));
    }
}
