package dev.graft.local;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.dynamodb.services.local.server.DynamoDBRequestHandler;

/**
 * Requests to a DynamoDB Local of this process, without HTTP: what its server does with a request
 * once it has read it is done by the caller. What is refused, and has changed nothing, is sent over
 * HTTP, whose client knows the exception of each refusal; so is all that the server has no
 * operation for. Safe for use by many threads.
 */
final class InProcessDynamoDb implements InvocationHandler {
    private final DynamoDbClient http;
    private final DynamoDBRequestHandler requests;
    private final String keyId;
    private final String region;

    /** By the kind of request. */
    private final Map<Class<?>, Method> operations = new HashMap<>();

    private InProcessDynamoDb(
            DynamoDbClient http, DynamoDBRequestHandler requests, String keyId, String region) {
        this.http = http;
        this.requests = requests;
        this.keyId = keyId;
        this.region = region;
        for (Method operation : DynamoDBRequestHandler.class.getMethods()) {
            if (operation.getParameterCount() == 3) {
                operations.put(operation.getParameterTypes()[2], operation);
            }
        }
    }

    /**
     * What comes before a client of the same DynamoDB.
     *
     * @param requests takes what its server has read
     * @param keyId access key of the client
     * @param region of the client
     */
    static UnaryOperator<DynamoDbClient> before(
            DynamoDBRequestHandler requests, String keyId, String region) {
        return http ->
                (DynamoDbClient)
                        Proxy.newProxyInstance(
                                InProcessDynamoDb.class.getClassLoader(),
                                new Class<?>[] {DynamoDbClient.class},
                                new InProcessDynamoDb(http, requests, keyId, region));
    }

    @Override
    public @Nullable Object invoke(Object client, Method method, Object @Nullable [] arguments)
            throws Throwable {
        Object request = arguments != null && arguments.length == 1 ? arguments[0] : null;
        if (request instanceof Consumer || method.getName().endsWith("Paginator")) {
            return InvocationHandler.invokeDefault(client, method, arguments); // asks again
        }
        Method operation = request == null ? null : operations.get(request.getClass());
        if (operation != null) {
            try {
                return operation.invoke(requests, keyId, region, request);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof Error) {
                    throw e.getCause();
                }
            }
        }
        try {
            return method.invoke(http, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
