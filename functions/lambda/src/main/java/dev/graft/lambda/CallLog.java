package dev.graft.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * What a call of a function writes to its log, one line of JSON each. Never holds the environment,
 * an image or a whole event.
 *
 * @param context of the call
 */
public record CallLog(Context context) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What CloudWatch calls the group of these metrics. */
    public static final String NAMESPACE = "Graft";

    /**
     * Tells a failure: its kind, its message, and of its root cause the same and where it arose.
     *
     * @param about the thing it concerns, such as the key of an image
     */
    public void failure(String about, Throwable failure) {
        ObjectNode line = JSON.createObjectNode().put("level", "ERROR");
        line.put("requestId", context.getAwsRequestId());
        line.put("function", context.getFunctionName()).put("about", about);
        line.put("failure", failure.getClass().getSimpleName());
        line.put("message", failure.getMessage());
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (root != failure) {
            line.put("cause", root.getClass().getName() + ": " + root.getMessage());
        }
        if (root.getStackTrace().length > 0) {
            line.put("at", root.getStackTrace()[0].toString());
        }
        write(line);
    }

    /**
     * Tells what went well but not as it should.
     *
     * @param about the thing it concerns, such as the version of a head
     */
    public void warning(String about, String message) {
        ObjectNode line = JSON.createObjectNode().put("level", "WARN");
        line.put("requestId", context.getAwsRequestId());
        line.put("function", context.getFunctionName()).put("about", about);
        write(line.put("message", message));
    }

    /**
     * Tells metrics, which CloudWatch reads from the log. Source: Amazon CloudWatch User Guide,
     * "Specification: Embedded metric format".
     *
     * @param metrics values by name; a name that ends in {@code Milliseconds} is a time, others are
     *     counts
     * @param epochMillis when
     */
    public void metrics(Map<String, Integer> metrics, long epochMillis) {
        ObjectNode line = JSON.createObjectNode();
        ObjectNode head = line.putObject("_aws").put("Timestamp", epochMillis);
        ObjectNode directive = head.putArray("CloudWatchMetrics").addObject();
        directive.put("Namespace", NAMESPACE).putArray("Dimensions").addArray().add("FunctionName");
        ArrayNode definitions = directive.putArray("Metrics");
        line.put("FunctionName", context.getFunctionName());
        line.put("requestId", context.getAwsRequestId());
        metrics.forEach(
                (name, value) -> {
                    String unit = name.endsWith("Milliseconds") ? "Milliseconds" : "Count";
                    definitions.addObject().put("Name", name).put("Unit", unit);
                    line.put(name, value);
                });
        write(line);
    }

    private void write(ObjectNode line) {
        context.getLogger().log(line + "\n");
    }
}
