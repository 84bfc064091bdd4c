package dev.graft.featurizer;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import java.lang.reflect.Proxy;

/** Of a call whose log is kept. */
final class RecordedContext {
    private RecordedContext() {}

    static Context of(StringBuilder log) {
        return of(log, 60_000);
    }

    static Context of(StringBuilder log, int millisLeft) {
        LambdaLogger logger =
                new LambdaLogger() {
                    @Override
                    public void log(String message) {
                        log.append(message);
                    }

                    @Override
                    public void log(byte[] message) {
                        throw new UnsupportedOperationException();
                    }
                };
        return (Context)
                Proxy.newProxyInstance(
                        RecordedContext.class.getClassLoader(),
                        new Class<?>[] {Context.class},
                        (proxy, method, arguments) ->
                                switch (method.getName()) {
                                    case "getAwsRequestId" -> "request-1";
                                    case "getFunctionName" -> "graft-featurizer";
                                    case "getInvokedFunctionArn" -> "arn:graft-featurizer:live";
                                    case "getRemainingTimeInMillis" -> millisLeft;
                                    case "getLogger" -> logger;
                                    default -> throw new UnsupportedOperationException();
                                });
    }
}
