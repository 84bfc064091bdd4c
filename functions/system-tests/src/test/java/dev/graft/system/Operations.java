package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.aws.DynamoFeatureStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.waiters.WaiterOverrideConfiguration;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.cloudformation.model.Capability;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** What an operator, an accident or AWS itself does to a deployed stack. */
final class Operations {
    private static final String FEATURIZER = "FeaturizerFunction";
    private static final String ALIAS = "live";
    private static final Consumer<WaiterOverrideConfiguration.Builder> OFTEN =
            b ->
                    b.maxAttempts(600)
                            .backoffStrategyV2(BackoffStrategy.fixedDelay(Duration.ofSeconds(1)));

    private final DeployedStack stack;
    private final SqsClient sqs;

    Operations(DeployedStack stack) {
        this.stack = stack;
        this.sqs = stack.client(SqsClient.builder());
    }

    /** Kills the processes that run a function on this machine; says how many there were. */
    int killJvms(String function) {
        String variable = "AWS_LAMBDA_FUNCTION_NAME=" + stack.physical(function);
        List<ProcessHandle> jvms =
                ProcessHandle.allProcesses()
                        .filter(process -> environment(process).contains(variable))
                        .toList();
        jvms.forEach(ProcessHandle::destroyForcibly);
        DeployedStack.until(
                "the end of " + jvms,
                () -> jvms.stream().noneMatch(jvm -> environment(jvm).contains(variable)));
        return jvms.size();
    }

    private static List<String> environment(ProcessHandle process) {
        try {
            String all = Files.readString(Path.of("/proc/" + process.pid() + "/environ"));
            return List.of(all.split("\0"));
        } catch (IOException e) {
            return List.of(); // it ended, or is not ours
        }
    }

    String liveVersion(String function) {
        return stack.lambda
                .getAlias(b -> b.functionName(stack.physical(function)).name(ALIAS))
                .functionVersion();
    }

    /** Has events go to a version that finds no table; gives the version that worked. */
    String breakTheFeaturizer() {
        String working = liveVersion(FEATURIZER);
        String name = stack.physical(FEATURIZER);
        var before = stack.lambda.getFunctionConfiguration(b -> b.functionName(name));
        Map<String, String> variables = new HashMap<>(before.environment().variables());
        variables.put("TABLE", "no-such-table");
        change(name, variables);
        String broken = stack.lambda.publishVersion(b -> b.functionName(name)).version();
        change(name, before.environment().variables());
        pointFeaturizerTo(broken);
        return working;
    }

    private void change(String name, Map<String, String> variables) {
        stack.lambda.updateFunctionConfiguration(
                b -> b.functionName(name).environment(e -> e.variables(variables)));
        stack.lambda.waiter().waitUntilFunctionUpdatedV2(b -> b.functionName(name));
    }

    void pointFeaturizerTo(String version) {
        String name = stack.physical(FEATURIZER);
        stack.lambda
                .waiter()
                .waitUntilFunctionActiveV2(b -> b.functionName(name).qualifier(version));
        stack.lambda.updateAlias(b -> b.functionName(name).name(ALIAS).functionVersion(version));
    }

    /** Address of the queue. */
    String deadLetters() {
        return stack.physical("DeadLetters");
    }

    /** Looks at the letters without taking them away. */
    List<JsonNode> awaitDeadLetters(int count) {
        List<JsonNode> letters = new ArrayList<>();
        DeployedStack.until(
                count + " dead letters",
                () -> {
                    letters.clear();
                    sqs.receiveMessage(b -> b.queueUrl(deadLetters()).visibilityTimeout(0))
                            .messages()
                            .forEach(message -> letters.add(json(message.body())));
                    return letters.size() >= count;
                });
        return letters;
    }

    /** Deletes every feature of the network that made the one of this key. */
    void deleteFeatures(String key) {
        try (var dynamoDb = stack.client(DynamoDbClient.builder())) {
            String table = stack.physical("Table");
            var features = new DynamoFeatureStore(dynamoDb, table, InstantSource.system());
            String network = features.known(key).picture().orElseThrow().backbones().first();
            assertTrue(features.deleteFeatures(network, Instant.MAX));
        }
    }

    /** Tells EventBridge of an alarm's new state, as CloudWatch does on AWS. */
    void alarm(String resource, String state) {
        String arn = "arn:aws:cloudwatch:us-east-1:000000000000:alarm:" + stack.physical(resource);
        try (var events = stack.client(EventBridgeClient.builder())) {
            var entry =
                    PutEventsRequestEntry.builder()
                            .source("aws.cloudwatch")
                            .detailType("CloudWatch Alarm State Change")
                            .resources(arn)
                            .detail("{\"state\": {\"value\": \"%s\"}}".formatted(state))
                            .build();
            var told = events.putEvents(b -> b.entries(entry));
            assertEquals(0, told.failedEntryCount());
        }
    }

    /** Waits until what takes uploads from their queue is {@code Enabled} or {@code Disabled}. */
    void awaitUploads(String state) {
        DeployedStack.until(
                "uploads " + state,
                () ->
                        stack.lambda
                                .getEventSourceMapping(
                                        b -> b.uuid(stack.physical("FeaturizerFunctionUploads")))
                                .state()
                                .equals(state));
    }

    /** How many events of uploads are in their queue and not being dealt with. */
    int waitingUploads() {
        var told =
                sqs.getQueueAttributes(
                        b ->
                                b.queueUrl(stack.physical("Uploads"))
                                        .attributeNames(
                                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES));
        return Integer.parseInt(
                told.attributes().get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES));
    }

    /** Deploys the template with new versions of both published functions, as after a change. */
    void updateFunctions() {
        var cloud = stack.cloudFormation;
        String template = cloud.getTemplate(b -> b.stackName(stack.name)).templateBody();
        // SAM names a version after what it is made of
        String changed = template.replaceAll("(FunctionVersion[0-9a-f]{10})", "$1changed");
        ObjectNode root = (ObjectNode) json(changed);
        for (String function : List.of(FEATURIZER, "ClassifierFunction")) {
            ((ObjectNode) root.at("/Resources/" + function + "/Properties"))
                    .put("Description", "Updated.");
        }
        List<Parameter> parameters =
                cloud.describeStacks(b -> b.stackName(stack.name)).stacks().getFirst().parameters();
        // a template may be too long for a request
        String code = stack.name.toLowerCase(Locale.ROOT) + "-code";
        String key = "changed.json";
        stack.s3.putObject(b -> b.bucket(code).key(key), RequestBody.fromString(root.toString()));
        String url = String.join("/", stack.endpoint, code, key);
        cloud.updateStack(
                b ->
                        b.stackName(stack.name)
                                .templateURL(url)
                                .parameters(parameters)
                                .capabilities(Capability.CAPABILITY_IAM));
        cloud.waiter().waitUntilStackUpdateComplete(b -> b.stackName(stack.name), OFTEN);
    }

    /** Has a stack, made to follow this bucket, follow it, and sees a picture come and go. */
    void follow(String bucket, byte[] picture) throws IOException, InterruptedException {
        stack.s3.createBucket(b -> b.bucket(bucket));
        String told = stack.python("follow.py", stack.name, bucket);
        assertTrue(told.endsWith(stack.name + " follows " + bucket + " already\n"), told);
        String key = "key/1.jpg";
        stack.s3.putObject(b -> b.bucket(bucket).key(key), RequestBody.fromBytes(picture));
        DeployedStack.until("a copy", () -> !stack.image("images/" + key).isMissingNode());
        stack.s3.deleteObject(b -> b.bucket(bucket).key(key));
        DeployedStack.until("its end", () -> stack.image("images/" + key).isMissingNode());
    }

    private static JsonNode json(String text) {
        try {
            return ApiDocument.JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }
}
