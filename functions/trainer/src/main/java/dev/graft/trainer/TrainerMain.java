package dev.graft.trainer;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The trainer as a program of its own, for machines that are larger than a function and have more
 * time: the same handler with the same variables, so that the same images give the same bytes.
 * Arguments: the name of the function that it stands in for, under which its metrics count; seconds
 * that it may take; and the event, JSON. Prints the answer; ends with 1 where nothing was trained.
 */
public final class TrainerMain {
    private static final Set<String> FINE =
            Set.of("Trained", "Kept", "NothingNew", "Running", "Waiting", "Moving", "Same");

    private TrainerMain() {}

    /** Runs one event. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3 || !arguments[1].matches("[1-9][0-9]{0,6}")) {
            System.err.println(
                    "arguments: FUNCTION SECONDS EVENT, such as graft-trainer 86400 '{}'");
            System.exit(2);
        }
        ObjectMapper json = new ObjectMapper();
        Map<?, ?> event = json.readValue(arguments[2], Map.class);
        long end = System.nanoTime() + Duration.ofSeconds(Long.parseLong(arguments[1])).toNanos();
        Map<String, String> answer =
                new TrainerHandler().handleRequest(event, new Run(arguments[0], end));
        System.out.println(json.writeValueAsString(answer));
        System.exit(FINE.contains(answer.getOrDefault("outcome", "")) ? 0 : 1);
    }

    /**
     * What Lambda would tell of a call.
     *
     * @param end of the time, in nanoseconds of {@link System#nanoTime}
     */
    private record Run(String function, long end, String id) implements Context {
        Run(String function, long end) {
            this(function, end, UUID.randomUUID().toString());
        }

        @Override
        public String getAwsRequestId() {
            return id;
        }

        @Override
        public String getLogGroupName() {
            return "";
        }

        @Override
        public String getLogStreamName() {
            return "";
        }

        @Override
        public String getFunctionName() {
            return function;
        }

        @Override
        public String getFunctionVersion() {
            return "";
        }

        @Override
        public String getInvokedFunctionArn() {
            return "";
        }

        @Override
        public @Nullable CognitoIdentity getIdentity() {
            return null;
        }

        @Override
        public @Nullable ClientContext getClientContext() {
            return null;
        }

        @Override
        public int getRemainingTimeInMillis() {
            long millis = Duration.ofNanos(end - System.nanoTime()).toMillis();
            return Math.clamp(millis, 0, Integer.MAX_VALUE);
        }

        @Override
        public int getMemoryLimitInMB() {
            return (int) (Runtime.getRuntime().maxMemory() >> 20);
        }

        @Override
        public LambdaLogger getLogger() {
            return new LambdaLogger() {
                @Override
                public void log(String message) {
                    System.out.print(message);
                }

                @Override
                public void log(byte[] message) {
                    log(new String(message, StandardCharsets.UTF_8));
                }
            };
        }
    }
}
