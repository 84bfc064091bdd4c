package dev.graft.featurizer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.feature.BadRequestException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened to an object, as S3 itself tells it (Amazon S3 User Guide, "Event message
 * structure": keys are encoded as in a form) or by EventBridge ("EventBridge event message
 * structure": keys are as they are).
 *
 * @param bucket where; empty text if the event does not say it
 * @param change what happened
 * @param key decoded
 * @param sequencer orders the changes of a key; empty for tags
 */
record ObjectEvent(String bucket, Change change, String key, String sequencer) {
    /** What happens to objects. */
    enum Change {
        CREATED,
        REMOVED,
        TAGGED,
        OTHER
    }

    /** The records of a message, of which S3 puts several into one; none in its test message. */
    static List<JsonNode> records(JsonNode message) {
        if (message.path("source").asText().equals("aws.s3")) {
            return List.of(message);
        }
        return message.path("Records").valueStream().toList();
    }

    /**
     * One record.
     *
     * @throws BadRequestException if it names no key
     */
    static ObjectEvent of(JsonNode record) {
        boolean bridged = record.has("detail-type");
        JsonNode object = bridged ? record.at("/detail/object") : record.at("/s3/object");
        String key = object.path("key").asText("");
        if (!bridged) {
            key = decoded(key);
        }
        if (key.isEmpty()) {
            throw unknown(null);
        }
        String name = record.path(bridged ? "detail-type" : "eventName").asText();
        String bucket = record.at(bridged ? "/detail/bucket/name" : "/s3/bucket/name").asText("");
        return new ObjectEvent(bucket, change(name), key, object.path("sequencer").asText(""));
    }

    private static String decoded(String key) {
        try {
            return URLDecoder.decode(key, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw unknown(e);
        }
    }

    private static BadRequestException unknown(@Nullable Throwable cause) {
        return new BadRequestException(
                "a record of the event names no key, or one that is not URL-encoded: expected an event of S3 as in"
                        + " events/put.json, or of EventBridge as in events/bridge-odd-key.json",
                cause);
    }

    private static Change change(String name) {
        if (name.contains("ObjectCreated:") || name.equals("Object Created")) {
            return Change.CREATED;
        }
        if (name.contains("ObjectRemoved:")
                || name.contains("LifecycleExpiration:")
                || name.equals("Object Deleted")) {
            return Change.REMOVED;
        }
        return name.contains("ObjectTagging:") || name.startsWith("Object Tags ")
                ? Change.TAGGED
                : Change.OTHER;
    }
}
