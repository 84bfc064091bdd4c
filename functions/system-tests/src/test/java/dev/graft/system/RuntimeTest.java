package dev.graft.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.graft.aws.Aws;
import dev.graft.feature.FeatureStore;
import dev.graft.local.Buckets;
import dev.graft.local.TestCloud;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * The zips as Lambda runs them: unpacked, each in a JVM of its own under AWS's runtime interface
 * client, with the variables of the template, real events, and the S3 and DynamoDB of {@link
 * TestCloud} over HTTP.
 */
@EnabledIf(
        value = "dev.graft.local.LocalStack#notAskedOrThere",
        disabledReason = "profile localstack is on, but no Docker answers")
class RuntimeTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String IMAGES = "IMAGES_BUCKET";
    private static final int PER_CLASS = 12;

    @TempDir private static Path folder;

    @BeforeAll
    static void unpackTheZips() throws IOException {
        assumeTrue(
                System.getProperty("os.name").equals("Linux"), "the runtime client is for Linux");
        for (Function function : Function.values()) {
            Path zip = Repository.file("functions/" + function.zip);
            assumeTrue(Files.exists(zip), () -> zip + " is not there: run mvn verify");
            function.unpack(folder);
        }
    }

    @Test
    void fromUploadsToAnswers() throws Exception {
        Map<String, String> cloud = TestCloud.newEnvironment();
        try (Aws aws = new Aws(cloud);
                QueueStub queue = new QueueStub(cloud)) {
            for (String key :
                    List.of(
                            "images/cat/felix.jpg",
                            "images/red cat/a+b 猫.jpg",
                            "images/cat/large.jpg",
                            "images/dog/rex.jpg",
                            "images/cat/tom.jpg")) {
                upload(aws, cloud, key, 2);
            }
            Path text = Files.writeString(folder.resolve("notes.txt"), "no picture");
            Buckets.put(aws.s3(), cloud.get(IMAGES), "images/cat/notes.txt", text);
            Path lines = Files.writeString(folder.resolve("felix.csv"), "images/cat/felix.jpg,cat");
            Buckets.put(aws.s3(), cloud.get(IMAGES), "labels/felix.csv", lines);
            String many = manyUploads(aws, cloud, event("put"));
            try (var featurizer = Function.FEATURIZER.start(folder, cloud)) {
                readsEveryUpload(featurizer, many);
                assertEquals("{\"batchItemFailures\":[]}", featurizer.answer(event("queue")));
                assertEquals(List.of("SendMessage DeadLetters"), queue.asked(), "what is no event");
                trains(cloud);
                refills(aws, cloud);
                answersEveryRequest(cloud);
                // that object is there, whatever was removed before
                assertEquals("[\"UNCHANGED\"]", featurizer.answer(event("removed")));
                assertEquals("[\"UNCHANGED\",\"STALE\"]", featurizer.answer(event("out-of-order")));
            }
        }
    }

    private static void readsEveryUpload(LambdaProcess featurizer, String many) throws Exception {
        for (String file : List.of("put", "put-odd-key", "multipart", "copy")) {
            assertEquals("[\"FEATURIZED\"]", featurizer.answer(event(file)), file);
        }
        assertEquals(
                "[\"UNREADABLE\",\"FEATURIZED\"]", featurizer.answer(event("two-records-one-bad")));
        assertEquals("[\"STALE\",\"STALE\"]", featurizer.answer(event("duplicate")));
        assertEquals("[\"LABELLED\"]", featurizer.answer(event("labels")));
        assertEquals("[]", featurizer.answer(event("s3-test")));
        featurizer.warm(many, 2 * PER_CLASS);
        assertTrue(featurizer.log().contains("\"ImagesFeaturized\":" + 2 * PER_CLASS));
        featurizer.report();
    }

    private static void trains(Map<String, String> cloud) throws Exception {
        try (var trainer = Function.TRAINER.start(folder, cloud)) {
            JsonNode trained = JSON.readTree(trainer.answer(event("scheduled")));
            assertEquals("Trained", trained.path("outcome").asText(), trained::toString);
            trained = JSON.readTree(trainer.warm(event("scheduled"), 1));
            assertEquals("NothingNew", trained.path("outcome").asText());
            JsonNode verified = JSON.readTree(trainer.answer(event("verify")));
            assertEquals("Same", verified.path("outcome").asText(), verified::toString);
            trainer.report();
        }
        theProgramOfTheContainerTrainsTheSameBytes(cloud);
    }

    /** On other machines, with other memory and time; infra/large-training.yaml starts it so. */
    private static void theProgramOfTheContainerTrainsTheSameBytes(Map<String, String> cloud)
            throws Exception {
        Path task = folder.resolve(Function.TRAINER.name());
        var program =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        JavaProcess.C1,
                        "-cp",
                        ".:lib/*",
                        "dev.graft.trainer.TrainerMain",
                        "graft-trainer",
                        "600",
                        event("verify"));
        program.directory(task.toFile()).redirectErrorStream(true).environment().putAll(cloud);
        Process process = program.start();
        String told = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertEquals(0, process.waitFor(), told);
        assertTrue(told.contains("\"outcome\":\"Same\""), told);
    }

    /** As after a change to the same network: the features are deleted and made again. */
    private static void refills(Aws aws, Map<String, String> cloud) throws Exception {
        FeatureStore features = aws.featureStore(cloud.get("TABLE"));
        var picture = features.known("images/cat/large.jpg").picture().orElseThrow();
        String network = picture.backbones().getFirst();
        try (var trainer = Function.TRAINER.start(folder, cloud)) {
            JsonNode refused = JSON.readTree(trainer.answer(event("delete-features")));
            assertEquals("Refused", refused.path("outcome").asText(), refused::toString);
            String text = refused.path("reason").asText();
            assertTrue(text.contains(network), text);
            assertTrue(features.deleteFeatures(network, Instant.MAX));
            try (var refill = Function.REFILL.start(folder, cloud)) {
                JsonNode results = results(refill, "refill", cloud.get(IMAGES));
                assertEquals(
                        List.of("FEATURIZED", "FEATURIZED", "FEATURIZED"),
                        results.findValuesAsText("resultString"));
                results = results(refill, "refill-version-1", cloud.get(IMAGES));
                assertEquals("UNCHANGED", results.at("/0/resultString").asText());
                assertTrue(refill.log().contains("\"ImagesRefilled\":3"), refill.log());
            }
        }
    }

    private static JsonNode results(LambdaProcess refill, String event, String bucket)
            throws Exception {
        String ours = event(event).replace("graft-images", bucket);
        return JSON.readTree(refill.answer(ours)).path("results");
    }

    private static void answersEveryRequest(Map<String, String> cloud) throws Exception {
        try (var classifier = Function.CLASSIFIER.start(folder, cloud)) {
            JsonNode answer = JSON.readTree(classifier.answer(event("classify-raw")));
            assertEquals(200, answer.path("statusCode").asInt(), answer::toString);
            assertEquals(200, status(classifier, "classify-base64-form"));
            assertEquals(200, status(classifier, "classify-json"));
            assertEquals(415, status(classifier, "classify-text"));
            assertEquals(404, status(classifier, "unknown-route"));
            assertEquals(400, status(classifier, "bad-token"));
            for (int i = 0; i < 10; i++) {
                classifier.warm(event("classify-raw"), 1);
            }
            classifier.report();
        }
    }

    @Test
    void aStoreThatFailsIsAnErrorOfTheCallAndOneLineOfTheLog() throws Exception {
        Map<String, String> away = TestCloud.newEnvironment();
        away.put(IMAGES, "no-such-bucket");
        try (var featurizer = Function.FEATURIZER.start(folder, away)) {
            var answer = featurizer.invoke(event("put"));
            assertTrue(answer.failed(), answer.body());
            assertEquals(
                    "dev.graft.feature.StoreException",
                    JSON.readTree(answer.body()).path("errorType").asText());
            List<String> lines =
                    featurizer.log().lines().filter(l -> l.contains("\"ERROR\"")).toList();
            assertEquals(1, lines.size(), featurizer::log);
            JsonNode line = JSON.readTree(lines.getFirst());
            assertEquals("images/cat/felix.jpg", line.path("about").asText());
            assertFalse(line.path("requestId").asText().isEmpty());
            String secret = away.get("AWS_SECRET_ACCESS_KEY");
            assertFalse(featurizer.log().contains(secret), "a secret");
        }
    }

    /**
     * One comes again, as does the other key; what came three times and what is no event is kept.
     */
    @Test
    void messagesThatFailAskOfTheQueuesWhatTheTemplateGrants() throws Exception {
        Map<String, String> away = TestCloud.newEnvironment();
        away.put(IMAGES, "no-such-bucket");
        try (QueueStub queue = new QueueStub(away);
                var featurizer = Function.FEATURIZER.start(folder, away)) {
            JsonNode answer = JSON.readTree(featurizer.answer(event("queue")));
            assertEquals(2, answer.path("batchItemFailures").size(), answer::toString);
            assertEquals(
                    List.of(
                            "ChangeMessageVisibility Uploads",
                            "ChangeMessageVisibility Uploads",
                            "SendMessage DeadLetters",
                            "SendMessage DeadLetters"),
                    queue.asked());
            String reason =
                    JSON.readTree(queue.letters().getFirst())
                            .at("/responsePayload/errorMessage")
                            .asText();
            assertTrue(reason.contains("images/dog/rex.jpg"), reason);
        }
        for (JsonNode statement : Template.read().statements("FeaturizerFunction")) {
            String sid = statement.path("Sid").asText();
            if (sid.equals("TryAgain") || sid.equals("GiveUp")) {
                boolean again = sid.equals("TryAgain");
                String action = again ? "sqs:ChangeMessageVisibility" : "sqs:SendMessage";
                assertEquals(action, statement.at("/Action/0").asText());
                assertEquals(
                        (again ? "Uploads" : "DeadLetters") + ".Arn",
                        statement.at("/Resource/0").asText());
            }
        }
    }

    @Test
    void aCallPastItsDeadlineLeavesNothingThatTheNextCannotMend() throws Exception {
        Map<String, String> cloud = TestCloud.newEnvironment();
        try (Aws aws = new Aws(cloud);
                ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            upload(aws, cloud, "images/cat/felix.jpg", 1);
            Map<String, String> hanging = new HashMap<>(cloud);
            hanging.put("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:" + silent.getLocalPort());
            try (var killed = Function.FEATURIZER.start(folder, hanging)) {
                killed.answer(event("s3-test")); // it is up, and near its end only below
                assertTrue(killed.invoke(event("put"), Duration.ofSeconds(2)).failed());
                assertFalse(killed.runs());
            }
            try (var next = Function.FEATURIZER.start(folder, cloud)) {
                assertEquals("[\"FEATURIZED\"]", next.answer(event("put")));
            }
        }
    }

    @Test
    void snapStartFindsTheFunctionsWarm() throws Exception {
        for (Function function : List.of(Function.FEATURIZER, Function.CLASSIFIER)) {
            Map<String, String> cloud = TestCloud.newEnvironment();
            cloud.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
            try (Aws aws = new Aws(cloud);
                    var process = function.start(folder, cloud)) {
                upload(aws, cloud, "images/cat/felix.jpg", 1);
                boolean reads = function == Function.FEATURIZER;
                String answer = process.answer(event(reads ? "put" : "classify-json"));
                assertTrue(answer.contains(reads ? "FEATURIZED" : "no head"), answer);
                String log = process.log();
                assertTrue(log.contains(reads ? "primed, " : "primed, status 503"), log);
                int before = log.indexOf("snapshot: warm");
                assertTrue(before >= 0, log);
                assertTrue(log.indexOf("snapshot: restored, the feature is the same") > before);
            }
        }
    }

    /** The program that a container image records its AOT cache by; the cache is left out here. */
    @Test
    void theEventsOfARecordingAreAnswered() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String program = Repository.file("infra/AotRecording.java").toString();
        for (Function function : List.of(Function.FEATURIZER, Function.CLASSIFIER)) {
            String handler = Template.read().properties(function.resource).path("Handler").asText();
            var recording =
                    new ProcessBuilder(
                            java,
                            JavaProcess.C1,
                            "-cp",
                            "lib/*",
                            program,
                            function.module(),
                            java,
                            JavaProcess.C1,
                            "-cp",
                            LambdaProcess.runtimeClient(),
                            "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
                            handler);
            Path task = folder.resolve(function.name());
            recording.directory(task.toFile()).redirectErrorStream(true);
            recording.environment().put("LAMBDA_TASK_ROOT", task.toString());
            Process process = recording.start();
            String told = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertEquals(0, process.waitFor(), told);
        }
    }

    private static int status(LambdaProcess classifier, String event) throws Exception {
        return JSON.readTree(classifier.answer(event(event))).path("statusCode").asInt();
    }

    private static String event(String name) throws IOException {
        return Files.readString(Repository.file("events/" + name + ".json"));
    }

    /** One event for many new images of two classes. */
    private static String manyUploads(Aws aws, Map<String, String> cloud, String put)
            throws IOException {
        JsonNode event = JSON.readTree(put);
        ArrayNode records = (ArrayNode) event.path("Records");
        JsonNode one = records.remove(0);
        for (int i = 0; i < 2 * PER_CLASS; i++) {
            String key = "images/" + (i % 2 == 0 ? "cat" : "dog") + "/" + i + ".jpg";
            upload(aws, cloud, key, 100 + i);
            JsonNode record = one.deepCopy();
            ((com.fasterxml.jackson.databind.node.ObjectNode) record.at("/s3/object"))
                    .put("key", key);
            records.add(record);
        }
        return event.toString();
    }

    /** Uploads noise, brighter for odd seeds. */
    private static void upload(Aws aws, Map<String, String> cloud, String key, int seed)
            throws IOException {
        Random random = new Random(seed);
        BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64 * 64; i++) {
            int level = random.nextInt(128) + (seed % 2) * 127;
            image.setRGB(i % 64, i / 64, level << 16 | level << 8 | level);
        }
        Path file = folder.resolve("upload.jpg");
        ImageIO.write(image, "jpg", file.toFile());
        Buckets.put(aws.s3(), cloud.get(IMAGES), key, file);
    }
}
