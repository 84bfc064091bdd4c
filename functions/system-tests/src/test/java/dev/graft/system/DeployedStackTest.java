package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.system.ApiDocument.Reply;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.s3.model.StorageClass;
import software.amazon.awssdk.services.scheduler.SchedulerClient;

/**
 * The life of the product as the template deploys it, from the outside: objects, events, requests
 * and AWS's APIs. The steps build on each other. Needs a LocalStack, see {@link DeployedStack}.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DeployedStackTest {
    private static final Path SAMPLES = Repository.file("functions/local/samples");
    private static final List<String> CLASSES = List.of("bolt", "gear", "key", "nut");
    private static final int MANY = 500;

    private static DeployedStack stack;
    private static Operations operations;

    @BeforeAll
    static void create() throws IOException {
        stack = DeployedStack.create("graft-test", FeedbackCalls.DEPLOYED);
        operations = new Operations(stack);
    }

    @AfterAll
    static void takeDown() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    @Order(1)
    void everyResourceIsMadeButTheOnesThatLocalStackDoesNotHave() {
        int notMade = 0;
        for (var resource : stack.resources().values()) {
            assertEquals("CREATE_COMPLETE", resource.resourceStatusAsString());
            String type = resource.resourceType();
            notMade += type.matches(".*(ApiGatewayV2|CodeDeploy|Cognito|Dashboard).*") ? 1 : 0;
        }
        assertEquals(List.of(86, 24), List.of(stack.resources().size(), notMade));
    }

    @Test
    @Order(2)
    void readsOddKeys() throws IOException {
        String longest = "images/" + "é".repeat(400) + "/";
        longest += "x".repeat(1024 - longest.getBytes(StandardCharsets.UTF_8).length);
        Set<String> keys =
                Set.of(
                        "images/key/a b.jpg",
                        "images/key/a+b.jpg",
                        "images/key/a%20b.jpg",
                        "images/key/100%.jpg",
                        "images/clé/été 猫 😀.jpg",
                        Normalizer.normalize("images/clé/noël.jpg", Normalizer.Form.NFD),
                        "images/key//twice.jpg",
                        "images/key/&=?#'\"<>.jpg",
                        longest);
        for (String key : keys) {
            stack.put(key, sample("key", 0));
        }
        DeployedStack.until(
                "all odd keys read: " + keys, () -> stack.images().keySet().equals(keys));
        keys.forEach(stack::delete);
        awaitImages(0);
    }

    @Test
    @Order(3)
    void reportsWhatIsNoPicture() throws IOException {
        byte[] photo = sample("nut", 0);
        stack.put("images/nut/note.jpg", "no picture".getBytes(StandardCharsets.UTF_8));
        stack.put("images/nut/half.jpg", Arrays.copyOf(photo, photo.length / 2));
        stack.put("images/nut/empty.jpg", new byte[0]);
        DeployedStack.until(
                "three unreadable files",
                () -> stack.api.get("/unreadable").json().path("images").size() == 3);
        assertEquals(0, stack.images().size());
    }

    @Test
    @Order(4)
    void takesLabelsOfEachSetFromFolderMetadataTagAndFile() throws IOException {
        DeployedLabels.comeWithObjects(stack, sample("gear", 0));
    }

    @Test
    @Order(5)
    void takesTagsThatComeAfterTheUpload() {
        DeployedLabels.comeLater(stack);
    }

    @Test
    @Order(6)
    void anImportIsCopiedIntoTheBucketAsItSays(@TempDir Path folder) throws Exception {
        DeployedImport.arrives(stack, folder);
    }

    @Test
    @Order(7)
    void theLastOfTenOverwritesCounts() throws Exception {
        assumeSequencers();
        for (int i = 1; i <= 10; i++) {
            stack.put("images/over.jpg", picture(100 + i));
        }
        DeployedStack.until(
                "the last of ten",
                () -> stack.image("images/over.jpg").path("width").asInt() == 110);
    }

    @Test
    @Order(8)
    void forgetsWhatIsDeleted() throws Exception {
        assumeSequencers();
        for (int i = 0; i < 5; i++) { // and none comes back, as events may overtake each other
            stack.put("images/brief.jpg", picture(120));
            stack.delete("images/brief.jpg");
        }
        stack.images().keySet().forEach(stack::delete);
        stack.delete("images/nut/note.jpg");
        stack.delete("images/nut/half.jpg");
        stack.delete("images/nut/empty.jpg");
        stack.delete("labels/labels.csv"); // one of its lines came before its image
        awaitImages(0);
        DeployedStack.until(
                "nothing unreadable",
                () -> stack.api.get("/status").json().path("unreadable").asInt() == 0);
    }

    @Test
    @Order(9)
    void reads500ImagesOfWhichOneFailsAndIsSentAgainUnderACeilingThatIsLifted() throws Exception {
        int before = stack.images().size();
        String deleted = "images/bolt/000.jpg";
        String failing = "images/bolt/004.jpg";
        try (var pool = Executors.newFixedThreadPool(16)) {
            for (int i = 0; i < MANY; i++) {
                String name = CLASSES.get(i % CLASSES.size());
                byte[] photo = sample(name, i / CLASSES.size() % 40);
                String key = "images/%s/%03d.jpg".formatted(name, i);
                var stored = key.equals(failing) ? StorageClass.GLACIER : StorageClass.STANDARD;
                var request = DeployedLabels.shape(name, i).andThen(b -> b.storageClass(stored));
                pool.submit(() -> stack.put(key, photo, request));
            }
        }
        DeployedStack.until("some are read", () -> stack.images().containsKey(deleted));
        operations.alarm("TooManyImages", "ALARM");
        operations.awaitUploads("Disabled");
        assertTrue(operations.waitingUploads() > 0, "all were read before the ceiling came");
        stack.delete(deleted);
        DeployedStack.until("a deletion passes", () -> !stack.images().containsKey(deleted));
        assertTrue(stack.images().size() < before + MANY - 2, "reading went on");
        operations.alarm("TooManyImages", "OK");
        operations.awaitUploads("Enabled");
        JsonNode letter = operations.awaitDeadLetters(1).getFirst();
        assertEquals(3, letter.at("/requestContext/approximateInvokeCount").asInt());
        String reason = letter.at("/responsePayload/errorMessage").asText();
        assertTrue(reason.contains(failing), letter::toString);
        awaitImages(before + MANY - 2);
        stack.s3.restoreObject(
                b -> b.bucket(stack.bucket()).key(failing).restoreRequest(r -> r.days(1)));
        String told = stack.python("redrive.py", operations.deadLetters());
        assertTrue(told.contains("1 sent again, 0 left"), told);
        awaitImages(before + MANY - 1);
    }

    @Test
    @Order(10)
    void theSchedulesTargetTrains() throws IOException {
        try (var scheduler = stack.client(SchedulerClient.builder())) {
            var target = scheduler.getSchedule(b -> b.name(stack.name + "-train")).target();
            assertTrue(target.arn().endsWith(":" + stack.physical("TrainerFunction")));
            String payload = target.input() == null ? event("scheduled") : target.input();
            JsonNode trained = stack.train(payload);
            assertEquals("Trained", trained.path("outcome").asText(), trained::toString);
            DeployedLabels.areLearned(stack, trained, sample("key", 20));
            assertEquals("NothingNew", stack.train(payload).path("outcome").asText());
        }
        JsonNode verified = stack.train("{\"verify\": \"latest\"}");
        assertEquals("Same", verified.path("outcome").asText(), verified::toString);
    }

    @Test
    @Order(11)
    void classifiesBytesKeysAndPresignedUploads() throws Exception {
        byte[] photo = sample("key", 20);
        JsonNode bytes = stack.api.send("POST", "/classify", stack.typeByCurl(), photo).json();
        assertEquals("key", bytes.path("label").asText());
        String key = "images/key/upload ü+1%.jpg";
        JsonNode upload = stack.api.json("POST", "/uploads", Map.of("key", key)).json();
        var put = HttpRequest.newBuilder(URI.create(upload.path("url").asText()));
        try (var http = HttpClient.newHttpClient()) {
            var request = put.PUT(BodyPublishers.ofByteArray(photo)).build();
            assertEquals(200, http.send(request, BodyHandlers.ofString()).statusCode());
        }
        Reply stored = stack.api.json("POST", "/classify", Map.of("key", key));
        assertEquals(bytes.path("probabilities"), stored.json().path("probabilities"));
        awaitLabel(key, "key");
    }

    @Test
    @Order(12)
    void everyRouteOfTheDocumentAnswers() throws Exception {
        EveryRoute.answers(stack, sample("gear", 3));
        Set<String> onlyIfLarge =
                Set.of("headReport 302", "labelsCsv 302", "labelsManifest 302", "folders 302");
        assertEquals(onlyIfLarge, stack.api.unseen("[23].."));
    }

    @Test
    @Order(13)
    void thePageShowsAndDoesAllThatItCan() throws Exception {
        Chromium.assumeThere();
        DeployedPage.worksThrough(stack);
    }

    @Test
    @Order(14)
    void aFunctionThatDiedIsStartedAnew() {
        int killed = operations.killJvms("ClassifierFunction");
        assumeTrue(killed > 0, "the functions are not processes of this machine");
        // LocalStack answers 502 for as long as it has not missed those that died
        DeployedStack.until("all started anew", () -> areAnswered(killed + 1));
    }

    private boolean areAnswered(int requests) {
        for (int i = 0; i < requests; i++) {
            if (stack.api.status("/status") != 200) {
                return false;
            }
        }
        return true;
    }

    @Test
    @Order(15)
    void eventsOfABrokenFeaturizerAreRetriedKeptAndSentAgain() throws Exception {
        String working = operations.breakTheFeaturizer();
        stack.put("images/gear/unlucky.jpg", sample("gear", 7));
        JsonNode letter = operations.awaitDeadLetters(1).getFirst();
        assertEquals("RetriesExhausted", letter.at("/requestContext/condition").asText());
        assertEquals(3, letter.at("/requestContext/approximateInvokeCount").asInt());
        String reason = letter.at("/responsePayload/errorMessage").asText();
        assertTrue(reason.contains("no-such-table") || reason.contains("table"), letter::toString);
        operations.pointFeaturizerTo(working);
        String told = stack.python("redrive.py", operations.deadLetters());
        assertTrue(told.contains("1 sent again, 0 left"), told);
        awaitLabel("images/gear/unlucky.jpg", "gear");
    }

    @Test
    @Order(16)
    void aRefillMakesEveryFeatureAgain() throws Exception {
        JsonNode status = status();
        operations.deleteFeatures("images/gear/unlucky.jpg");
        String told = stack.python("refill.py", stack.name);
        assertTrue(told.contains(status.path("images") + " images got their feature"), told);
        assertEquals(status, status());
    }

    /** Without what the process that answers has in memory, which may be another one each time. */
    private static JsonNode status() {
        ObjectNode status = (ObjectNode) stack.api.get("/status").json();
        return status.without("neighbours");
    }

    @Test
    @Order(17)
    void anUpdateOfTheFunctionsLosesNeitherDataNorRequests() throws Exception {
        assumeTrue(stack.isOurs(), "this LocalStack does not move an alias");
        JsonNode before = status();
        String old = operations.liveVersion("ClassifierFunction");
        byte[] photo = sample("nut", 5);
        try (var requests = new Repeated(() -> stack.api.send("POST", "/classify", null, photo))) {
            operations.updateFunctions();
            String updated = operations.liveVersion("ClassifierFunction");
            assertTrue(!old.equals(updated), updated);
            requests.awaitAnother(20);
            assertEquals(Set.of(200), requests.statuses());
        }
        assertEquals(before, status());
        stack.put("images/nut/after-update.jpg", photo);
        awaitLabel("images/nut/after-update.jpg", "nut");
    }

    @Test
    @Order(18)
    void keepDataProtectsTheTableAndDeletionTakesTheRest() throws Exception {
        assertEquals("Keep", protection().path(0).asText());
        // of its own, as LocalStack loses sight of the buckets of a stack that was updated
        String shop = "shop-photos";
        String following = "FollowedBucket=" + shop;
        try (var own = DeployedStack.create("graft-deleted", "--parameter", following);
                var dynamoDb = own.client(DynamoDbClient.builder())) {
            new Operations(own).follow(shop, sample("key", 1));
            own.put("images/key/2.jpg", sample("key", 2));
            DeployedStack.until("another one read", () -> own.images().size() == 1);
            String table = own.physical("Table");
            List<String> buckets = List.of(own.bucket(), own.physical("HeadsBucket"));
            // LocalStack's CloudFormation leaves the property out
            dynamoDb.updateTable(b -> b.tableName(table).deletionProtectionEnabled(true));
            assertThrows(
                    DynamoDbException.class, () -> dynamoDb.deleteTable(b -> b.tableName(table)));
            dynamoDb.updateTable(b -> b.tableName(table).deletionProtectionEnabled(false));
            String told = own.python("uninstall.py", own.name, "--yes");
            assertTrue(told.endsWith("gone\n"), told);
            List<String> left = new ArrayList<>(dynamoDb.listTables().tableNames());
            own.s3.listBuckets().buckets().forEach(bucket -> left.add(bucket.name()));
            own.lambda.listFunctions().functions().forEach(f -> left.add(f.functionName()));
            left.removeIf(n -> !n.startsWith("graft-deleted-") && !buckets.contains(n));
            assertEquals(List.of("graft-deleted-code"), left); // the packages
        }
    }

    private static JsonNode protection() throws IOException {
        return Template.read().properties("Table").path("DeletionProtectionEnabled");
    }

    private static void assumeSequencers() throws Exception {
        assumeTrue(stack.isOurs(), "this LocalStack gives all events the same sequencer");
    }

    private static void awaitImages(int count) {
        DeployedStack.until(
                count + " images read",
                () -> stack.api.get("/status").json().path("images").asInt() == count);
    }

    private static void awaitLabel(String key, String label) {
        DeployedStack.until(key + " labelled " + label, () -> label(key).equals(label));
    }

    private static String label(String key) {
        return stack.image(key).path("label").asText();
    }

    private static String event(String name) throws IOException {
        return Files.readString(Repository.file("events/" + name + ".json"));
    }

    private static byte[] sample(String name, int number) throws IOException {
        return Files.readAllBytes(SAMPLES.resolve("%s/%02d.jpg".formatted(name, number)));
    }

    private static byte[] picture(int size) throws IOException {
        var bytes = new ByteArrayOutputStream();
        BufferedImage picture = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
        IntStream.range(0, size).forEach(i -> picture.setRGB(i, i, 0xFFFFFF));
        ImageIO.write(picture, "png", bytes);
        return bytes.toByteArray();
    }
}
