package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.graft.aws.ImageTable;
import dev.graft.lambda.CallLog;
import dev.graft.lambda.Environment;
import dev.graft.library.ExpiredResults;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The template and the code say the same. */
class TemplateTest {
    private static Template template;

    @BeforeAll
    static void read() throws IOException {
        template = Template.read();
    }

    @Test
    void hasTheFunctionsThatTheTestsKnow() {
        assertEquals(
                Arrays.stream(Function.values()).map(function -> function.resource).toList(),
                template.functions());
    }

    @Test
    void theTableIsTheOneOfTheCode() {
        var code = ImageTable.definition("t");
        JsonNode table = template.properties("Table");
        var attributes = new TreeMap<String, String>();
        code.attributeDefinitions()
                .forEach(a -> attributes.put(a.attributeName(), a.attributeTypeAsString()));
        assertEquals(
                attributes,
                pairs(table.path("AttributeDefinitions"), "AttributeName", "AttributeType"));
        assertEquals(code.billingModeAsString(), table.path("BillingMode").asText());
        var keys = new TreeMap<String, String>();
        code.keySchema().forEach(k -> keys.put(k.attributeName(), k.keyTypeAsString()));
        assertEquals(keys, pairs(table.path("KeySchema"), "AttributeName", "KeyType"));
        JsonNode indexes = table.path("GlobalSecondaryIndexes");
        assertEquals(code.globalSecondaryIndexes().size(), indexes.size());
        for (int i = 0; i < indexes.size(); i++) {
            var index = code.globalSecondaryIndexes().get(i);
            JsonNode inTemplate = indexes.path(i);
            assertEquals(index.indexName(), inTemplate.path("IndexName").asText());
            var indexKeys = new TreeMap<String, String>();
            index.keySchema().forEach(k -> indexKeys.put(k.attributeName(), k.keyTypeAsString()));
            assertEquals(
                    indexKeys, pairs(inTemplate.path("KeySchema"), "AttributeName", "KeyType"));
            assertEquals(
                    index.projection().nonKeyAttributes(),
                    texts(inTemplate.at("/Projection/NonKeyAttributes")));
            assertEquals(
                    index.projection().projectionTypeAsString(),
                    inTemplate.at("/Projection/ProjectionType").asText());
        }
        assertEquals(
                ImageTable.EXPIRES, table.at("/TimeToLiveSpecification/AttributeName").asText());
    }

    @Test
    void grantsNoWildcards() {
        for (String function : template.functions()) {
            assertFalse(template.statements(function).isEmpty(), function);
        }
        int seen = 0;
        for (JsonNode statement : template.root().findValues("Statement")) {
            for (JsonNode one : statement) {
                if (one.path("Effect").asText().equals("Deny")) {
                    continue; // of requests without TLS
                }
                seen++;
                JsonNode action = one.path("Action");
                for (String may : action.isArray() ? texts(action) : List.of(action.asText())) {
                    assertFalse(may.contains("*") || may.contains("?"), may);
                }
                for (String resource : Template.on(one)) {
                    boolean folder =
                            resource.matches("(\\w+Bucket\\.Arn/[a-z]+|FollowedBucket\\.Arn)/\\*");
                    // what may change of the heads of any label set, which nobody knows here
                    boolean ofSets =
                            resource.matches(
                                    "HeadsBucket\\.Arn/heads/sets/\\*/(latest|settings|classes)\\.json");
                    assertTrue(folder || ofSets || !resource.matches(".*[*?].*"), resource);
                }
                assertFalse(one.path("Principal").toString().contains("*"), one::toString);
            }
        }
        assertTrue(seen > 20, seen + " statements");
    }

    /** Names of buckets must be in lower case, and a stack's may be anything. */
    @Test
    void theBucketsOfANewStackAreNamedByItsIdAndThoseOfAnOldOneAsTheyWere() {
        for (String bucket : List.of("images", "heads")) {
            JsonNode name =
                    template.properties(bucket.equals("images") ? "ImagesBucket" : "HeadsBucket")
                            .path("BucketName");
            assertEquals("${prefix}-" + bucket + "-${AWS::AccountId}", name.path(0).asText());
            assertEquals(
                    "[\"Named\",\"Prefix\",[2,[\"/\",\"AWS::StackId\"]]]",
                    name.path(1).path("prefix").toString());
        }
        var named =
                template.root().findValues("prefix").stream()
                        .filter(JsonNode::isArray) // not those of keys in patterns of events
                        .map(JsonNode::toString)
                        .distinct();
        assertEquals(1, named.count());
        assertEquals("", template.root().at("/Parameters/Prefix/Default").asText());
    }

    /** On a laptop the code deletes the same, at each start. */
    @Test
    void rulesOfTheBucketDeleteWhatNobodyNeedsAnyMore() {
        var kept = new TreeMap<String, Duration>();
        for (JsonNode rule :
                template.properties("ImagesBucket").at("/LifecycleConfiguration/Rules")) {
            // for how long answers are kept is a parameter, see ApiTemplateTest
            if (rule.path("ExpirationInDays").isInt()) {
                assertEquals("Enabled", rule.path("Status").asText());
                kept.put(
                        rule.path("Prefix").asText().replaceFirst("^results/", ""),
                        Duration.ofDays(rule.path("ExpirationInDays").asInt()));
            }
        }
        assertEquals(new TreeMap<>(ExpiredResults.KEPT), kept);
    }

    @Test
    void snapStartIsOnWhereARequestWaitsAndNotForTraining() {
        for (String function : template.functions()) {
            boolean waits = !function.equals("TrainerFunction");
            JsonNode properties = template.properties(function);
            assertEquals(waits, properties.has("SnapStart"), function);
            assertEquals(waits, properties.has("AutoPublishAlias"), function + " needs a version");
            assertFalse(properties.has("EphemeralStorage"), "SnapStart allows 512 MB of /tmp");
        }
    }

    @Test
    void onnxRuntimeFindsTheNativesThatTheZipHas() throws IOException {
        for (String function :
                List.of("FeaturizerFunction", "RefillFunction", "ClassifierFunction")) {
            JsonNode options =
                    template.properties(function).at("/Environment/Variables/JAVA_TOOL_OPTIONS");
            assertEquals(
                    "-Donnxruntime.native.path=/var/task/ai/onnxruntime/native/${folder}"
                            + " -Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac",
                    options.path(0).asText());
            for (String folder : List.of("linux-x64", "linux-aarch64")) {
                assertTrue(texts(options.path(1).path("folder")).contains(folder));
                String zip = folder.equals("linux-x64") ? "x86_64" : "arm64";
                String descriptor =
                        java.nio.file.Files.readString(
                                Repository.file("infra/zip-" + zip + ".xml"));
                assertTrue(descriptor.contains("ai/onnxruntime/native/" + folder + "/*.so"));
            }
        }
    }

    /** Its images are known already: they count for no ceiling, and no alarm stops it. */
    @Test
    void theRefillDiffersFromTheFeaturizerInWhatStartsItAlone() {
        ObjectNode refill = (ObjectNode) template.properties("RefillFunction").deepCopy();
        ObjectNode featurizer = (ObjectNode) template.properties("FeaturizerFunction").deepCopy();
        for (ObjectNode function : List.of(refill, featurizer)) {
            function.remove(
                    List.of(
                            "Description",
                            "Handler",
                            "Timeout",
                            "LoggingConfig",
                            "Policies",
                            "EventInvokeConfig",
                            "DeploymentPreference",
                            "Events"));
            ((ObjectNode) function.at("/Environment/Variables"))
                    .remove(List.of("DEAD_LETTERS", "FOLLOWED_BUCKET"));
        }
        assertEquals(featurizer, refill);
        for (String ceiling : List.of("TooManyImages", "NoNewHead", "Ceiling")) {
            assertFalse(template.properties(ceiling).toString().contains("Refill"), ceiling);
        }
        assertEquals(
                "python3 infra/refill.py ${AWS::StackName}",
                template.root().at("/Outputs/Refill/Value").asText());
    }

    @Test
    void setsTheVariablesThatTheCodeReadsAndNoOthers() throws IOException {
        for (Function function : Function.values()) {
            String handler = template.properties(function.resource).path("Handler").asText();
            String config =
                    Files.readString(
                            Repository.file(
                                    "functions/%s/src/main/java/%s.java"
                                            .formatted(
                                                    function.module(),
                                                    handler.replace("Handler", "Config")
                                                            .replace("Refill", "Featurizer")
                                                            .replace('.', '/'))));
            var required = new TreeSet<String>();
            Pattern.compile("(?:required|choice)\\(\\s*\"(\\w+)\"")
                    .matcher(config)
                    .results()
                    .map(found -> found.group(1))
                    .filter(name -> !name.startsWith("BACKBONE_")) // comes with the zip
                    .forEach(required::add);
            var set = new TreeSet<>(template.variables(function.resource).keySet());
            set.removeAll(List.of("JAVA_TOOL_OPTIONS", "ORT_DISABLE_TELEMETRY")); // of libraries
            assertTrue(set.containsAll(required), function.resource + " lacks one of " + required);
            set.removeAll(required);
            set.removeIf(name -> config.matches("(?s).*(optional|number)\\(\"" + name + "\".*"));
            assertEquals(Set.of(), set, function.resource);
            assertTrue(
                    Files.exists(
                            Repository.file(
                                    "functions/%s/src/main/java/%s.java"
                                            .formatted(
                                                    function.module(), handler.replace('.', '/')))),
                    handler);
            assertTrue(
                    template.properties(function.resource)
                            .path("CodeUri")
                            .asText()
                            .endsWith(function.zip));
        }
    }

    @Test
    void alarmsNameMetricsThatTheCodeTells() throws IOException {
        for (Function function : Function.values()) {
            String handler = template.properties(function.resource).path("Handler").asText();
            String code =
                    Files.readString(
                            Repository.file(
                                    "functions/%s/src/main/java/%s.java"
                                            .formatted(
                                                    function.module(), handler.replace('.', '/'))));
            for (JsonNode alarm : template.resources().values()) {
                for (JsonNode metric : alarm.at("/Properties/Metrics")) {
                    JsonNode told = metric.at("/MetricStat/Metric");
                    boolean ours = !told.path("Namespace").asText().startsWith("AWS/");
                    if (ours && told.at("/Dimensions/0/Value").asText().equals(function.resource)) {
                        String name = told.path("MetricName").asText();
                        assertTrue(code.contains('"' + name + '"'), name);
                        assertEquals(CallLog.NAMESPACE, told.path("Namespace").asText());
                    }
                }
            }
        }
    }

    /**
     * A whole processor of Lambda for each thread of the backbone, and a new account's 3,008 MB.
     */
    @Test
    void memoryFitsTheThreadsAndANewAccount() {
        for (String function : template.functions()) {
            var memory =
                    template.root()
                            .path("Parameters")
                            .path(template.properties(function).path("MemorySize").asText());
            assertTrue(memory.path("Default").asInt() <= 3008, function);
            if (function.equals("TrainerFunction")) { // runs no backbone
                assertEquals(10_240, memory.path("MaxValue").asInt());
                continue;
            }
            for (String size : List.of("MinValue", "Default", "MaxValue")) {
                String megabytes = memory.path(size).asText();
                int threads =
                        new Environment(Map.of("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", megabytes))
                                .threads();
                assertEquals(1, threads, function + " " + size);
            }
            assertTrue(memory.path("MaxValue").asInt() <= 3008, function);
            if (template.properties(function).has("SnapStart")) { // somebody waits
                assertEquals(1769, memory.path("Default").asInt(), function);
            }
        }
    }

    @Test
    void containersDifferInThePackageAlone() throws Exception {
        var sed =
                new ProcessBuilder(
                                "sed",
                                "-f",
                                Repository.file("infra/container.sed").toString(),
                                Repository.file("infra/template.yaml").toString())
                        .start();
        ObjectNode containers = (ObjectNode) new YAMLMapper().readTree(sed.getInputStream());
        for (String function :
                List.of("FeaturizerFunction", "RefillFunction", "ClassifierFunction")) {
            ObjectNode zip = (ObjectNode) template.properties(function).deepCopy();
            ObjectNode image =
                    (ObjectNode) containers.at("/Resources/%s/Properties".formatted(function));
            assertEquals("Image", image.remove("PackageType").asText());
            assertEquals(
                    zip.remove("Handler"), image.remove("ImageConfig").at("/Command/0"), function);
            String name = function.startsWith("Classifier") ? "classifier" : "featurizer";
            assertEquals("graft-" + name + ":latest", image.remove("ImageUri").asText());
            zip.remove(List.of("CodeUri", "Runtime"));
            assertEquals(zip, image);
            containers
                    .withObject("/Resources/" + function)
                    .set("Properties", template.properties(function));
        }
        assertEquals(template.root(), containers);
    }

    @Test
    void everyAsynchronousPathEndsInTheDeadLetters() {
        JsonNode trainer = template.properties("TrainerFunction");
        JsonNode refill = template.properties("RefillFunction");
        for (JsonNode path :
                List.of(
                        template.properties("FeaturizerFunction")
                                .at("/EventInvokeConfig/DestinationConfig/OnFailure/Destination"),
                        refill.at("/EventInvokeConfig/DestinationConfig/OnFailure/Destination"),
                        refill.at("/Events/Sweep/Properties/DeadLetterConfig/Arn"),
                        trainer.at("/EventInvokeConfig/DestinationConfig/OnFailure/Destination"),
                        trainer.at("/Events/Schedule/Properties/DeadLetterConfig/Arn"),
                        template.properties("Ceiling")
                                .at("/Events/Alarm/Properties/DeadLetterConfig/Arn"),
                        template.properties("UploadsRule").at("/Targets/0/DeadLetterConfig/Arn"),
                        template.properties("ChangesRule").at("/Targets/0/DeadLetterConfig/Arn"),
                        template.properties("Uploads").at("/RedrivePolicy/deadLetterTargetArn"),
                        template.properties("Changes").at("/RedrivePolicy/deadLetterTargetArn"))) {
            assertEquals("DeadLetters.Arn", path.asText());
        }
    }

    /** Step Functions refuses a machine with a state that none leads to. */
    @Test
    void everyStateOfTheCeilingIsLedTo() {
        JsonNode machine = template.properties("Ceiling").path("Definition");
        var states = new TreeSet<String>();
        machine.path("States").fieldNames().forEachRemaining(states::add);
        var ledTo = new TreeSet<String>(machine.findValuesAsText("Next"));
        ledTo.addAll(machine.findValuesAsText("Default"));
        ledTo.add(machine.path("StartAt").asText());
        assertEquals(states, ledTo);
    }

    /** SAM would call every stack's schedule the same. */
    @Test
    void twoStacksFitIntoOneAccount() {
        for (String name :
                List.of(
                        "/ImagesBucket/Properties/BucketName",
                        "/HeadsBucket/Properties/BucketName",
                        "/TrainerFunction/Properties/Events/Schedule/Properties/Name",
                        "/Dashboard/Properties/DashboardName")) {
            String text = template.root().path("Resources").at(name).toString();
            assertTrue(text.matches(".*AWS::Stack(Name|Id).*"), name);
        }
    }

    @Test
    void everyParameterSaysWhatItIsFor() {
        for (var parameter : template.root().path("Parameters").properties()) {
            assertTrue(parameter.getValue().has("Description"), parameter.getKey());
            assertTrue(parameter.getValue().has("Default"), parameter.getKey());
        }
    }

    private static Map<String, String> pairs(JsonNode list, String key, String value) {
        var pairs = new TreeMap<String, String>();
        list.forEach(one -> pairs.put(one.path(key).asText(), one.path(value).asText()));
        return pairs;
    }

    static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        list.forEach(one -> texts.add(one.asText()));
        return Collections.unmodifiableList(texts);
    }
}
