package dev.graft.local;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.events.S3Event;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import dev.graft.classifier.ClassifierHandler;
import dev.graft.featurizer.FeaturizerHandler;
import dev.graft.trainer.TrainerHandler;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The three Lambda functions in this process. Every event goes in as JSON through AWS's own
 * serialization, as in Lambda. Safe for use by many threads.
 */
final class LocalFunctions {
    private final FeaturizerHandler featurizer;
    private final TrainerHandler trainer;
    private final ClassifierHandler classifier;
    private final Context context = new LocalContext();

    LocalFunctions(Map<String, String> environment) {
        this.featurizer = new FeaturizerHandler(environment);
        this.trainer = new TrainerHandler(environment);
        this.classifier = new ClassifierHandler(environment);
    }

    /** Gives an S3 event to the featurizer; one outcome per record. */
    List<String> featurize(String s3Event) {
        return call(featurizer, S3Event.class, s3Event);
    }

    /** Gives a scheduled event to the trainer. */
    Map<String, String> train(String scheduledEvent) {
        return call(trainer, Object.class, scheduledEvent);
    }

    /** Gives an HTTP request, as API Gateway tells it, to the classifier. */
    APIGatewayV2HTTPResponse classify(String httpEvent) {
        return call(classifier, APIGatewayV2HTTPEvent.class, httpEvent);
    }

    private <E, A> A call(RequestHandler<E, A> handler, Class<E> type, String json) {
        PojoSerializer<E> serializer =
                LambdaEventSerializers.serializerFor(type, getClass().getClassLoader());
        E event =
                serializer.fromJson(
                        new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
        return handler.handleRequest(event, context);
    }
}
