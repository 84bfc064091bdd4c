package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The way of events from the bucket by queues to the featurizer, as the template lays it. */
class QueueTemplateTest {
    private static Template template;

    @BeforeAll
    static void read() throws IOException {
        template = Template.read();
    }

    /** Lambda refuses a queue whose messages come again before a call had to end. */
    @Test
    void theQueuesOfEventsFitTheFunction() {
        JsonNode featurizer = template.properties("FeaturizerFunction");
        for (String queue : List.of("Uploads", "Changes")) {
            JsonNode properties = template.properties(queue);
            int hidden = properties.path("VisibilityTimeout").asInt();
            assertTrue(hidden >= 2 * featurizer.path("Timeout").asInt(), queue);
            // else a message would be moved before the function gives its reason
            assertTrue(properties.at("/RedrivePolicy/maxReceiveCount").asInt() > 3, queue);
            JsonNode source = featurizer.at("/Events/" + queue + "/Properties");
            assertEquals(queue + ".Arn", source.path("Queue").asText());
            assertEquals(
                    List.of("ReportBatchItemFailures"),
                    texts(source.path("FunctionResponseTypes")));
            assertTrue(source.path("ScalingConfig").size() > 0, queue);
        }
    }

    /** A disabled source of deletions would leave rows of what is gone. */
    @Test
    void theCeilingHoldsUploadsAlone() {
        JsonNode events = template.properties("FeaturizerFunction").path("Events");
        assertTrue(events.at("/Uploads/Properties").has("Enabled"));
        assertFalse(events.at("/Changes/Properties").has("Enabled"));
        JsonNode ceiling = template.properties("Ceiling");
        assertEquals(
                "FeaturizerFunctionUploads",
                ceiling.at("/DefinitionSubstitutions/Uploads").asText());
        assertFalse(ceiling.toString().contains("Changes"), ceiling::toString);
        JsonNode uploads = template.properties("UploadsRule").path("EventPattern");
        assertEquals(List.of("Object Created"), texts(uploads.path("detail-type")));
        JsonNode rest = template.properties("ChangesRule").at("/EventPattern/$or");
        assertTrue(texts(rest.at("/0/detail-type")).contains("Object Deleted"));
        assertEquals("images/", rest.at("/0/detail/object/key/0/prefix").asText());
        assertEquals("labels/", rest.at("/1/detail/object/key/0/prefix").asText());
    }

    @Test
    void theEnvironmentsOfSamNameParametersThatThereAre() throws IOException {
        String environments = Files.readString(Repository.file("infra/samconfig.toml"));
        var overrides = Pattern.compile("parameter_overrides = \\[\"(\\w+)=").matcher(environments);
        List<String> names = overrides.results().map(found -> found.group(1)).toList();
        assertEquals(2, names.size());
        names.forEach(n -> assertTrue(template.root().path("Parameters").has(n), n));
    }

    private static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        list.forEach(one -> texts.add(one.asText()));
        return texts;
    }
}
