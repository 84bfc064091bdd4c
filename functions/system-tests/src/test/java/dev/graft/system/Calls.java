package dev.graft.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;

/**
 * What each function asked of S3 and DynamoDB in these tests, signed links included, held against
 * the policies of the template. The AWS SDK finds it by its file of global interceptors.
 */
public final class Calls implements ExecutionInterceptor {
    private static final Map<String, String> ACTIONS =
            Map.of(
                    "ListObjectsV2", "ListBucket",
                    "HeadObject", "GetObject",
                    "DeleteObjects", "DeleteObject");
    private static final Map<String, String> BUCKETS =
            Map.of(
                    "graft-images",
                    "ImagesBucket.Arn",
                    Followed.BUCKET,
                    "FollowedBucket.Arn",
                    "graft-heads",
                    "HeadsBucket.Arn");

    private static final Set<String> REVIEWED =
            Set.of(
                    // no head is so old that it is deleted
                    "TrainerFunction MarkUnused s3:GetObject",
                    "TrainerFunction WriteHeads s3:DeleteObject",
                    // ForgetTest deletes and forgets, of which each call must be granted
                    "ClassifierFunction DeleteHeads s3:DeleteObject",
                    "ClassifierFunction MarkUsed s3:GetObject",
                    "ClassifierFunction MarkUsed s3:PutObject",
                    "TrainerFunction ForgetImages s3:DeleteObject",
                    "TrainerFunction ForgetInResults s3:GetObject",
                    "TrainerFunction ForgetInResults s3:DeleteObject",
                    "TrainerFunction ForgetInResults s3:PutObject",
                    "TrainerFunction LookIntoLabels s3:GetObject",
                    // in one request with its image, of which the first key alone is seen
                    "ClassifierFunction ShowThumbnails s3:DeleteObject",
                    // no network is changed here
                    "TrainerFunction LookForNetworks s3:GetObject",
                    // RecordedDataTest moves data without a handler
                    "TrainerFunction ReadFormat1 dynamodb:Scan",
                    "TrainerFunction MoveFormat1 dynamodb:GetItem",
                    "TrainerFunction MoveFormat1 dynamodb:Query",
                    "TrainerFunction MoveFormat1 dynamodb:PutItem",
                    // nothing was counted wrong
                    "TrainerFunction Count dynamodb:UpdateItem",
                    "TrainerFunction MoveFormat1 dynamodb:DeleteItem",
                    // only of an image that is up to date; ThumbnailsTest has such
                    "FeaturizerFunction KeepThumbnails s3:GetObject",
                    "RefillFunction KeepThumbnails s3:GetObject",
                    // no object of these tests has tags; FirstLabelsTest gives one some
                    "FeaturizerFunction ReadImages s3:GetObjectTagging",
                    "RefillFunction ReadImages s3:GetObjectTagging",
                    // no queue is here; RuntimeTest holds both to the template
                    "FeaturizerFunction TryAgain sqs:ChangeMessageVisibility",
                    "FeaturizerFunction GiveUp sqs:SendMessage",
                    // a request without a client of the SDK, see LambdaTrainerTest
                    "ClassifierFunction StartTraining lambda:InvokeFunction",
                    // off by default, and no stand-in has the service; S3VectorIndexTest has its
                    // own
                    "TrainerFunction WriteVectors s3vectors:CreateIndex",
                    "TrainerFunction WriteVectors s3vectors:DeleteIndex",
                    "TrainerFunction WriteVectors s3vectors:PutVectors",
                    "TrainerFunction WriteVectors s3vectors:DeleteVectors",
                    "ClassifierFunction SearchVectors s3vectors:QueryVectors",
                    "ClassifierFunction SearchVectors s3vectors:GetVectors",
                    // without it, S3 says 403 of what is missing
                    "FeaturizerFunction TellMissingImages s3:ListBucket",
                    "FeaturizerFunction TellMissing s3:ListBucket");

    /** Function of the template, action, resource in the template's words. */
    private record Call(String function, String action, String resource) {}

    private static final Set<Call> SEEN = ConcurrentHashMap.newKeySet();

    /** The handler that a thread works for, where another thread started it. */
    private static final InheritableThreadLocal<String> WORKS_FOR =
            new InheritableThreadLocal<>() {
                @Override
                protected String childValue(String parents) {
                    return onStack().orElse(parents);
                }
            };

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        String operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
        Optional<String> handler = onStack();
        if (handler.isPresent()) {
            WORKS_FOR.set(null); // a thread without a value has none to pass on
        } else {
            handler = Optional.ofNullable(WORKS_FOR.get());
        }
        if (handler.isPresent() && context.request() instanceof CopyObjectRequest copy) {
            SEEN.addAll(copied(handler.get(), copy));
            return;
        }
        Optional<String> on = resource(context.request());
        if (handler.isPresent() && on.isPresent()) {
            String by = handler.get();
            operations(operation, context.request()).forEach(o -> SEEN.add(call(by, o, on.get())));
        }
    }

    /** What S3 asks for a copy with its tags (S3 API Reference, CopyObject). */
    private static Set<Call> copied(String handler, CopyObjectRequest copy) {
        // the client has made one text of bucket and key by now
        String text = copy.getValueForField("CopySource", String.class).orElseThrow();
        String[] source = URLDecoder.decode(text, UTF_8).split("/", 2);
        String from = BUCKETS.get(source[0]) + "/" + source[1];
        String to = BUCKETS.get(copy.destinationBucket()) + "/" + copy.destinationKey();
        return Set.of(
                call(handler, "GetObject", from),
                call(handler, "GetObjectTagging", from),
                call(handler, "PutObject", to),
                call(handler, "PutObjectTagging", to));
    }

    private static Optional<String> onStack() {
        return StackWalker.getInstance()
                .walk(
                        frames ->
                                frames.map(StackWalker.StackFrame::getClassName)
                                        .filter(name -> name.startsWith("dev.graft."))
                                        .map(Calls::handler)
                                        .filter(name -> name.endsWith("Handler"))
                                        .findFirst());
    }

    /** The classifier reads images in a thread of its own. */
    private static String handler(String name) {
        return name.endsWith(".KnownImages") ? ".ClassifierHandler" : name;
    }

    /** A transaction needs what each of its parts needs. */
    private static Stream<String> operations(String operation, SdkRequest request) {
        return request instanceof TransactWriteItemsRequest transaction
                ? transaction.transactItems().stream()
                        .map(item -> item.delete() == null ? "PutItem" : "DeleteItem")
                : Stream.of(operation);
    }

    private static Call call(String handler, String operation, String resource) {
        String service = resource.contains("Bucket.Arn") ? "s3:" : "dynamodb:";
        return new Call(
                handler.replaceAll(".*\\.(\\w+)Handler", "$1Function"),
                service + ACTIONS.getOrDefault(operation, operation),
                resource);
    }

    /** Empty for another product's buckets. */
    private static Optional<String> resource(SdkRequest request) {
        var bucket = request.getValueForField("Bucket", String.class);
        if (bucket.isEmpty()) {
            return request.getValueForField("IndexName", String.class)
                    .map(index -> "Table.Arn/index/" + index)
                    .or(() -> Optional.of("Table.Arn"));
        }
        String key = key(request).map(k -> "/" + k).orElse("");
        return bucket.map(BUCKETS::get).map(arn -> arn + key);
    }

    /** The first where there are many. */
    private static Optional<String> key(SdkRequest request) {
        return request instanceof DeleteObjectsRequest many
                ? many.delete().objects().stream().map(ObjectIdentifier::key).findFirst()
                : request.getValueForField("Key", String.class);
    }

    /** What was asked for and no statement allows. */
    static Set<String> notGranted() throws IOException {
        Template template = Template.read();
        return SEEN.stream()
                .filter(
                        call ->
                                template.statements(call.function()).stream()
                                        .noneMatch(statement -> allows(statement, call)))
                .map(Call::toString)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * What statements allow and nothing asked for, each as {@code function Sid action}, but for
     * what these tests cannot ask.
     */
    static Set<String> notUsed() throws IOException {
        Template template = Template.read();
        Set<String> unused = new TreeSet<>();
        for (String function : template.functions()) {
            for (JsonNode statement : template.statements(function)) {
                for (JsonNode action : statement.path("Action")) {
                    boolean used =
                            SEEN.stream()
                                    .filter(call -> call.function().equals(function))
                                    .filter(call -> call.action().equals(action.asText()))
                                    .anyMatch(call -> allows(statement, call));
                    if (!used) {
                        unused.add(
                                function
                                        + " "
                                        + statement.path("Sid").asText()
                                        + " "
                                        + action.asText());
                    }
                }
            }
        }
        unused.removeAll(REVIEWED);
        return unused;
    }

    private static boolean allows(JsonNode statement, Call call) {
        boolean action = false;
        for (JsonNode allowed : statement.path("Action")) {
            action |= allowed.asText().equals(call.action());
        }
        boolean resource = false;
        for (String pattern : Template.on(statement)) {
            resource |= call.resource().matches("\\Q" + pattern.replace("*", "\\E.*\\Q") + "\\E");
        }
        return action && resource;
    }
}
