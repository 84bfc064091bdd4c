package dev.graft.trainer;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.lambda.ProcessContext;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

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

    /** What Lambda would tell of a call. */
    private static final class Run extends ProcessContext {
        private final String function;
        private final long end;
        private final String id = UUID.randomUUID().toString();

        /** Until then, in nanoseconds of {@link System#nanoTime}. */
        Run(String function, long end) {
            this.function = function;
            this.end = end;
        }

        @Override
        public String getAwsRequestId() {
            return id;
        }

        @Override
        public String getFunctionName() {
            return function;
        }

        @Override
        public int getRemainingTimeInMillis() {
            long millis = Duration.ofNanos(end - System.nanoTime()).toMillis();
            return Math.clamp(millis, 0, Integer.MAX_VALUE);
        }

        @Override
        protected void print(String message) {
            System.out.print(message);
        }
    }
}
