package dev.graft.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The deployment template; short forms such as {@code !Ref X} read as their bare argument.
 *
 * @param root the whole document
 */
record Template(JsonNode root) {
    static Template read() throws IOException {
        return new Template(
                new ObjectMapper(new YAMLFactory())
                        .readTree(Repository.file("infra/template.yaml").toFile()));
    }

    /** Resources by logical name. */
    Map<String, JsonNode> resources() {
        var resources = new LinkedHashMap<String, JsonNode>();
        root.path("Resources").properties().forEach(e -> resources.put(e.getKey(), e.getValue()));
        return resources;
    }

    JsonNode properties(String resource) {
        return root.path("Resources").path(resource).path("Properties");
    }

    /** Logical names of the functions. */
    List<String> functions() {
        return resources().entrySet().stream()
                .filter(e -> e.getValue().path("Type").asText().equals("AWS::Serverless::Function"))
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * What a function finds in its environment, in the template's words; parameters as they are by
     * default.
     */
    Map<String, JsonNode> variables(String function) {
        var variables = new LinkedHashMap<String, JsonNode>();
        for (JsonNode place :
                List.of(
                        root.at("/Globals/Function/Environment/Variables"),
                        properties(function).at("/Environment/Variables"))) {
            place.properties().forEach(e -> variables.put(e.getKey(), byDefault(e.getValue())));
        }
        return variables;
    }

    private JsonNode byDefault(JsonNode value) {
        boolean conditional = root.path("Conditions").has(value.path(0).asText());
        if (conditional) {
            return value.path(2); // what hangs on a condition is off by default
        }
        JsonNode preset = root.path("Parameters").path(value.asText()).path("Default");
        return preset.isMissingNode() ? value : preset;
    }

    /** MB of a function's memory where nobody chose another. */
    String memory(String function) {
        return byDefault(properties(function).path("MemorySize")).asText();
    }

    /**
     * What a statement is about, a bucket or the table by its logical name. Two functions that the
     * images bucket depends on know it by its name alone.
     */
    static List<String> on(JsonNode statement) {
        var resources = new ArrayList<String>();
        for (JsonNode resource : statement.path("Resource")) {
            String text = resource.isArray() ? resource.path(0).asText() : resource.asText();
            resources.add(
                    text.replace(
                                    "arn:${AWS::Partition}:s3:::${prefix}-images-${AWS::AccountId}",
                                    "ImagesBucket.Arn")
                            .replace(
                                    "arn:${AWS::Partition}:s3:::${FollowedBucket}",
                                    "FollowedBucket.Arn")
                            .replace("${VectorBucket.VectorBucketArn}", "VectorBucket.Arn")
                            .replaceAll("\\$\\{(\\w+\\.Arn)}", "$1"));
        }
        return resources;
    }

    /** Statements of a function's policies. */
    List<JsonNode> statements(String function) {
        var statements = new ArrayList<JsonNode>();
        for (JsonNode policy : properties(function).path("Policies")) {
            policy.path("Statement").forEach(statements::add);
        }
        for (JsonNode resource : resources().values()) {
            JsonNode policy = resource.path("Properties");
            if (resource.path("Type").asText().equals("AWS::IAM::Policy")
                    && policy.path("Roles").path(0).asText().equals(function + "Role")) {
                policy.at("/PolicyDocument/Statement").forEach(statements::add);
            }
        }
        return statements;
    }
}
