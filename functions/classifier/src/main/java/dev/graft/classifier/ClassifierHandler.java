package dev.graft.classifier;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.graft.aws.Aws;
import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.StoreException;
import dev.graft.lambda.CallLog;
import dev.graft.lambda.SnapStart;
import dev.graft.library.Library;
import dev.graft.onnx.OnnxBackbone;
import dev.graft.prediction.BatchClassification;
import dev.graft.prediction.Classification;
import dev.graft.prediction.KnownImages;
import dev.graft.prediction.LatestHead;
import dev.graft.versions.HeadVersions;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/** Answers the HTTP API that openapi.json describes. Safe for use by many threads. */
public final class ClassifierHandler
        implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
    private static final long MAX_STORED_BYTES = 50L << 20;
    private static final Duration CHECK_HEAD_EVERY = Duration.ofSeconds(3);

    private final Router router;

    /** For Lambda: everything from the environment. */
    public ClassifierHandler() {
        this(System.getenv());
    }

    /**
     * With the variables of an environment.
     *
     * @throws dev.graft.feature.ConfigurationException if any is missing or wrong
     */
    public ClassifierHandler(Map<String, String> environment) {
        this(routes(ClassifierConfig.from(environment), new Aws(environment)));
    }

    ClassifierHandler(Router router) {
        this.router = router;
    }

    private static Router routes(ClassifierConfig config, Aws aws) {
        var features = aws.featureStore(config.featuresTable());
        var images = aws.imageStore(config.imagesBucket());
        var heads = aws.headStore(config.headsBucket());
        var links = aws.links(config.imagesBucket());
        var extractor =
                SnapStart.warm(
                        new FeatureExtractor(
                                OnnxBackbone.open(config.backbone(), config.threads())));
        String backbone = extractor.backbone().id();
        var index = aws.imageIndex(config.featuresTable(), backbone);
        var known = new KnownImages(features, index, backbone, InstantSource.system());
        var latest = new LatestHead(heads, CHECK_HEAD_EVERY, InstantSource.system());
        var classification =
                new Classification(extractor, latest, features, images, MAX_STORED_BYTES);
        var library = new Library(features, index);
        var results = aws.resultStore(config.imagesBucket());
        var files = new FileAnswers(results, links);
        var batch = new BatchClassification(classification, results, InstantSource.system());
        Router router = new Router();
        new PredictionRoutes(classification, known, links).addTo(router);
        new ImageRoutes(new ImageRoutes.Stores(features, index, images, links), library, known)
                .addTo(router);
        new HeadRoutes(new HeadVersions(heads, features), known, links, files).addTo(router);
        new WorkRoutes(
                        classification,
                        known,
                        batch,
                        library,
                        new WorkRoutes.Places(features, links))
                .addTo(router);
        new ExportRoutes(
                        index,
                        classification,
                        new ExportRoutes.Source(config.imagesBucket(), config.backbone()),
                        files)
                .addTo(router);
        return DocumentRoutes.addTo(router, new Page(URI.create(links.toRead("images/"))));
    }

    @Override
    public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
        CallLog log = new CallLog(context);
        long start = System.currentTimeMillis();
        Answer answer;
        try {
            answer = router.answer(Request.of(event));
        } catch (StoreException e) {
            log.failure(event.getRawPath(), e);
            answer = Answer.problem(e);
        } catch (RuntimeException e) {
            answer = Answer.problem(e);
        }
        if (event.getRawPath().equals("/classify")) {
            int unknown = answer.saysUnknown() ? 1 : 0;
            log.metrics(Map.of("Requests", 1, "Unknown", unknown), start);
        }
        return answer.toResponse();
    }
}
