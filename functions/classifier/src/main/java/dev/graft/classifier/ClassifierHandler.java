package dev.graft.classifier;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.graft.aws.Aws;
import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.StoreException;
import dev.graft.head.HeadStore;
import dev.graft.head.NoHeadException;
import dev.graft.image.PixelPath;
import dev.graft.lambda.CallLog;
import dev.graft.lambda.SnapStart;
import dev.graft.onnx.OnnxBackbone;
import dev.graft.prediction.Networks;
import dev.graft.training.Trainer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;

/** Responds to the HTTP API that openapi.json describes. Safe for use by many threads. */
public final class ClassifierHandler implements RequestStreamHandler {
    /**
     * The most bytes of an image in a request: Lambda takes 6 MB, and an image arrives as base64,
     * which makes 4 bytes of 3.
     */
    public static final int MAX_BODY_BYTES = 4_400_000;

    private final Router router;
    private final Emails emails = new Emails();
    private final Queue<RuntimeException> failedRefreshes;

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
        this(ClassifierConfig.from(environment), new Aws(environment));
    }

    private ClassifierHandler(ClassifierConfig config, Aws aws) {
        this(config, aws, aws.trainer(config.trainer()), SnapStart::before);
    }

    /**
     * Likewise, with connections that are there, a trainer that is no function of Lambda, and no
     * snapshot.
     */
    public ClassifierHandler(Map<String, String> environment, Aws aws, Trainer trainer) {
        this(ClassifierConfig.from(environment), aws, trainer, Runnable::run);
    }

    private ClassifierHandler(
            ClassifierConfig config, Aws aws, Trainer trainer, Consumer<Runnable> once) {
        this(failed -> routes(config, aws, trainer, once, failed));
        SnapStart.prime(this::primed);
    }

    ClassifierHandler(Function<Consumer<RuntimeException>, Router> routes) {
        this.failedRefreshes = new ConcurrentLinkedQueue<>();
        this.router = routes.apply(failedRefreshes::add);
    }

    /** With what is to be done once in the life of a build, before any request if that can be. */
    private static Router routes(
            ClassifierConfig config,
            Aws aws,
            Trainer trainer,
            Consumer<Runnable> once,
            Consumer<RuntimeException> failed) {
        var ports =
                new Ports(
                        aws.featureStore(config.table()),
                        aws.labelStore(config.table()),
                        aws.imageIndex(config.table()),
                        aws.labelSets(config.table()),
                        aws.imageStore(config.imagesBucket()),
                        aws.headStore(config.headsBucket()),
                        aws.indexStore(config.headsBucket()),
                        aws.resultStore(config.imagesBucket()),
                        aws.links(config.imagesBucket()),
                        aws.history(config.table()),
                        aws.shares(config.table()),
                        trainer,
                        config.vectorBucket().map(aws::vectorIndex));
        Networks networks = networks(config, aws);
        once.accept(() -> keep(networks, ports.heads()));
        return Api.over(
                ports,
                networks,
                new Api.Settings(config.dailyImages(), config.answers()),
                InstantSource.system(),
                failed);
    }

    private static void keep(Networks networks, HeadStore heads) {
        try {
            networks.keep(heads);
        } catch (StoreException e) {
            // requests keep those that they use, and say what they miss
            System.err.println("networks not kept: " + e.getMessage());
        }
    }

    private static Networks networks(ClassifierConfig config, Aws aws) {
        Networks.Opener opener =
                (file, path) ->
                        new FeatureExtractor(OnnxBackbone.open(file, config.threads(), path));
        FeatureExtractor extractor = opener.open(config.backbone(), PixelPath.CURRENT);
        return new Networks(
                new Networks.Loaded(SnapStart.warm(extractor), config.backbone()),
                config.networks(),
                aws.networkStore(config.headsBucket()),
                opener,
                config.copies());
    }

    /** What a request to classify a picture gives, metrics and log apart, and one for the page. */
    private String primed(byte[] picture) {
        String body = Base64.getEncoder().encodeToString(picture);
        int classified = primed("POST", "/classify", "evidence=true&keep=false", body);
        return "status " + classified + ", page " + primed("GET", "/", "", "");
    }

    private int primed(String method, String path, String query, String body) {
        var http = new APIGatewayV2HTTPEvent.RequestContext.Http();
        http.setMethod(method);
        var context = new APIGatewayV2HTTPEvent.RequestContext();
        context.setHttp(http);
        var event = new APIGatewayV2HTTPEvent();
        event.setRequestContext(context);
        event.setRawPath(path);
        event.setRawQueryString(query);
        event.setBody(body);
        event.setIsBase64Encoded(true);
        try {
            return router.respond(Request.of(event, emails)).status();
        } catch (RuntimeException e) {
            return Response.problem(e, "").status();
        }
    }

    @Override
    public void handleRequest(InputStream event, OutputStream response, Context context)
            throws IOException {
        HttpEvent.write(handleRequest(event, context), response);
    }

    /**
     * The same, with the response as it is before it becomes JSON.
     *
     * @throws IOException if the event is no JSON
     */
    public APIGatewayV2HTTPResponse handleRequest(InputStream event, Context context)
            throws IOException {
        return handleRequest(HttpEvent.read(event), context);
    }

    /** The same of an event that was read. */
    public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
        CallLog log = new CallLog(context);
        long start = System.currentTimeMillis();
        Response response;
        try {
            response = router.respond(Request.of(event, emails));
        } catch (RuntimeException e) {
            response = Response.problem(e, context.getAwsRequestId());
            if (response.status() >= 500 && !(e instanceof NoHeadException)) {
                log.failure(event.getRawPath(), e);
                log.metrics(Map.of("RequestsFailed", 1), start);
            }
        }
        tellFailedRefreshes(log, start);
        boolean classified =
                event.getRawPath().equals("/classify")
                        && event.getRequestContext().getHttp().getMethod().equals("POST");
        if (classified) {
            int unknown = response.unknown() ? 1 : 0;
            log.metrics(Map.of("Requests", 1, "Unknown", unknown), start);
        }
        return response.toLambda();
    }

    /** Requests are answered all the same, so that nobody else would tell. */
    private void tellFailedRefreshes(CallLog log, long start) {
        RuntimeException failure = failedRefreshes.poll();
        while (failure != null) {
            log.failure("refresh of what is in memory, or keeping of an answer", failure);
            log.metrics(Map.of("RefreshesFailed", 1), start);
            failure = failedRefreshes.poll();
        }
    }
}
