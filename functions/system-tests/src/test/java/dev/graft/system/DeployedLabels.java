package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.Tagging;

/**
 * Labels that come to a deployed stack with its objects, from folders, metadata, tags and label
 * files, in the default label set and in two others: {@code damage} of few images, and {@code
 * shape} of all that are learned from.
 */
final class DeployedLabels {
    private static final String FIRST = "images/folder/1.jpg";

    private DeployedLabels() {}

    /** Puts images and a label file; in the end one label of each set is in no other place. */
    static void comeWithObjects(DeployedStack stack, byte[] photo) {
        stack.put(FIRST, photo);
        Map<String, String> metadata = Map.of("label", "metadata", "label-damage", "dent");
        stack.put("images/folder/2.jpg", photo, b -> b.metadata(metadata));
        stack.put("images/folder/3.jpg", photo, b -> b.tagging("label=tag&label.damage=rust"));
        stack.put("images/4.jpg", photo);
        stack.put("images/folder/5.jpg", photo);
        DeployedStack.until("five images read", () -> labels(stack, "default").size() == 5);
        String lines =
                """
                key,label,set
                images/folder/5.jpg,file,
                images/folder/5.jpg,scratch,damage
                images/folder/later.jpg,file,
                images/folder/later.jpg,crack,damage
                """;
        stack.put("labels/labels.csv", lines.getBytes(StandardCharsets.UTF_8));
        await(stack, "damage", "images/folder/5.jpg", "scratch");
        await(stack, "default", "images/folder/5.jpg", "file");
        stack.put("images/folder/later.jpg", photo);
        await(stack, "default", "images/folder/later.jpg", "file");
        Map<String, String> given = labels(stack, "default");
        assertEquals("folder", given.get(FIRST));
        assertEquals("metadata", given.get("images/folder/2.jpg"));
        assertEquals("tag", given.get("images/folder/3.jpg"));
        assertEquals("null", given.get("images/4.jpg"));
        Map<String, String> damage = labels(stack, "damage");
        assertEquals("null", damage.get(FIRST)); // folders label the default set alone
        assertEquals("dent", damage.get("images/folder/2.jpg"));
        assertEquals("rust", damage.get("images/folder/3.jpg"));
        assertEquals("crack", damage.get("images/folder/later.jpg"));
    }

    /** Tags an image that was read. */
    static void comeLater(DeployedStack stack) {
        List<Tag> tags = List.of(tag("label", "tag"), tag("label.damage", "torn"));
        stack.s3.putObjectTagging(
                b ->
                        b.bucket(stack.bucket())
                                .key(FIRST)
                                .tagging(Tagging.builder().tagSet(tags).build()));
        await(stack, "default", FIRST, "tag");
        await(stack, "damage", FIRST, "torn");
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    /** Says the shape of the image of this number, in one of two ways. */
    static Consumer<PutObjectRequest.Builder> shape(String label, int number) {
        String shape = List.of("gear", "nut").contains(label) ? "round" : "long";
        return number % 8 < 4
                ? request -> request.tagging("label.shape=" + shape)
                : request -> request.metadata(Map.of("label-shape", shape));
    }

    /** A training of all sets made a head of each that has enough, and both answer. */
    static void areLearned(DeployedStack stack, JsonNode trained, byte[] key) {
        assertEquals("Trained", trained.path("shape.outcome").asText(), trained::toString);
        JsonNode head = stack.api.get("/heads?set=shape").json().at("/heads/0");
        assertEquals(trained.path("shape.version"), head.path("version"));
        assertEquals("[\"long\",\"round\"]", head.path("classes").toString());
        JsonNode all = stack.api.send("POST", "/classify?set=*", null, key).json();
        assertEquals("key", all.at("/sets/default/label").asText(), all::toString);
        assertEquals("long", all.at("/sets/shape/label").asText(), all::toString);
    }

    private static void await(DeployedStack stack, String set, String key, String label) {
        DeployedStack.until(
                "%s labelled %s in %s".formatted(key, label, set),
                () -> label.equals(labels(stack, set).get(key)));
    }

    /** Of some images, by key; {@code "null"} for none. */
    private static Map<String, String> labels(DeployedStack stack, String set) {
        Map<String, String> labels = new TreeMap<>();
        // a set is there with its first label: 404 until then
        JsonNode images = stack.api.get("/images?limit=200&set=" + set).json().path("images");
        images.forEach(one -> labels.put(one.path("key").asText(), one.path("label").asText()));
        return labels;
    }
}
