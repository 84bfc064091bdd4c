package dev.graft.importer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;

/** Goes through a large JSON file without holding it in memory. */
final class JsonElements {
    static final JsonMapper JSON = new JsonMapper();

    private JsonElements() {}

    /** Takes what is in a file. */
    @FunctionalInterface
    interface Each {
        /**
         * An element.
         *
         * @param field of the outermost object that holds it, or whose array does; empty if the
         *     outermost is an array
         */
        void element(String field, JsonNode element);
    }

    /**
     * Reads all of it.
     *
     * @param name of the file, for messages
     * @throws IllegalArgumentException if it is not whole JSON
     */
    static void read(String name, InputStream file, Each each) throws IOException {
        try (JsonParser json = JSON.createParser(file)) {
            JsonToken first = json.nextToken();
            if (first == JsonToken.START_ARRAY) {
                array("", json, each);
            } else if (first == JsonToken.START_OBJECT) {
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String field = json.currentName();
                    if (json.nextToken() == JsonToken.START_ARRAY) {
                        array(field, json, each);
                    } else {
                        each.element(field, json.readValueAsTree());
                    }
                }
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "%s is no whole JSON (line %d: %s): export it again, or take it out of the folder"
                            .formatted(
                                    name,
                                    e.getLocation() == null ? 0 : e.getLocation().getLineNr(),
                                    e.getOriginalMessage()),
                    e);
        }
    }

    private static void array(String field, JsonParser json, Each each) throws IOException {
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() == null) {
                throw new com.fasterxml.jackson.core.JsonParseException(json, "it breaks off");
            }
            each.element(field, json.readValueAsTree());
        }
    }
}
