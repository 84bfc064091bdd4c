package dev.graft.local;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.events.S3BatchResponse;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.aws.Aws;
import dev.graft.classifier.ClassifierHandler;
import dev.graft.feature.StoreException;
import dev.graft.featurizer.BatchEvent;
import dev.graft.featurizer.FeaturizerHandler;
import dev.graft.featurizer.RefillHandler;
import dev.graft.trainer.TrainerHandler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * The three Lambda functions in this process. Every event goes in as JSON, through AWS's own
 * serialization where the function leaves it to Lambda. Safe for use by many threads.
 */
final class LocalFunctions {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** One of each kind: to make one takes longer than an event. */
    private static final PojoSerializer<Map<String, Object>> FIELDS = serializer(Map.class);

    private static final PojoSerializer<Object> ANY = serializer(Object.class);

    private final FeaturizerHandler featurizer;
    private final RefillHandler refill;
    private final String imagesBucket;
    private final TrainerHandler trainer;
    private final ClassifierHandler classifier;
    private final Context context = new LocalContext();

    /** Trains where the API was asked to, as Lambda would run the trainer. */
    private final Executor trainings =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("trainer").factory());

    LocalFunctions(Map<String, String> environment, Aws aws) {
        this.featurizer = new FeaturizerHandler(environment, aws);
        this.refill = featurizer.refill();
        this.imagesBucket = environment.getOrDefault("IMAGES_BUCKET", "");
        this.trainer = new TrainerHandler(environment, aws);
        this.classifier =
                new ClassifierHandler(
                        environment, aws, () -> trainings.execute(this::trainAsAsked));
    }

    private void trainAsAsked() {
        try {
            train("{}");
        } catch (RuntimeException e) {
            System.err.println("not trained: " + e.getMessage());
        }
    }

    /** Gives an S3 event to the featurizer; one outcome per record. */
    @SuppressWarnings("unchecked") // an event of S3 gives a list
    List<String> featurize(String s3Event) {
        return (List<String>) call(featurizer, FIELDS, s3Event);
    }

    /**
     * Has an object looked at of which no event told.
     *
     * @throws StoreException if a store did not answer; try again
     */
    void reread(String key) {
        var tasks = List.of(BatchEvent.Task.of(key, imagesBucket));
        String event = JSON.valueToTree(new BatchEvent("2.0", "", tasks)).toString();
        S3BatchResponse response = call(refill, FIELDS, event);
        S3BatchResponse.Result result = response.getResults().getFirst();
        if (result.getResultCode() == S3BatchResponse.ResultCode.TemporaryFailure) {
            throw new StoreException(result.getResultString(), null);
        }
    }

    /** Gives an event to the trainer, one after the other. */
    Map<String, String> train(String event) {
        synchronized (trainer) {
            return call(trainer, ANY, event);
        }
    }

    /** Gives an HTTP request, as API Gateway tells it, to the classifier. */
    APIGatewayV2HTTPResponse classify(String httpEvent) {
        byte[] event = httpEvent.getBytes(StandardCharsets.UTF_8);
        try {
            return classifier.handleRequest(new ByteArrayInputStream(event), context);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked") // of a generic type there is only the raw class
    private static <E> PojoSerializer<E> serializer(Class<?> type) {
        return (PojoSerializer<E>)
                LambdaEventSerializers.serializerFor(type, LocalFunctions.class.getClassLoader());
    }

    private <E, A> A call(RequestHandler<E, A> handler, PojoSerializer<E> serializer, String json) {
        E event =
                serializer.fromJson(
                        new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
        return handler.handleRequest(event, context);
    }
}
