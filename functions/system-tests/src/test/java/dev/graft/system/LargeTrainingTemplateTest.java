package dev.graft.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The template of large trainings says the same as the stack's own and as the code. */
class LargeTrainingTemplateTest {
    private static final Set<String> OF_FORMAT_1 = Set.of("ReadFormat1", "MoveFormat1");
    private static final String TABLE =
            "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Table}";

    private static Template stack;
    private static Template large;

    @BeforeAll
    static void read() throws IOException {
        stack = Template.read();
        large =
                new Template(
                        new ObjectMapper(new YAMLFactory())
                                .readTree(Repository.file("infra/large-training.yaml").toFile()));
    }

    private static List<JsonNode> granted(String role) {
        List<JsonNode> statements = new ArrayList<>();
        for (JsonNode policy : large.properties(role).path("Policies")) {
            policy.at("/PolicyDocument/Statement").forEach(statements::add);
        }
        JsonNode vectors = large.properties("WriteVectorsPolicy");
        if (vectors.path("Roles").path(0).asText().equals(role)) {
            vectors.at("/PolicyDocument/Statement").forEach(statements::add);
        }
        return statements;
    }

    /** Actions and resources, by the name of the statement. */
    private static String text(JsonNode statement) {
        var resources = new TreeSet<String>();
        for (String resource : Template.on(statement)) {
            resources.add(
                    resource.replace("arn:${AWS::Partition}:s3:::${HeadsBucket}", "HeadsBucket.Arn")
                            .replace(
                                    "arn:${AWS::Partition}:s3:::${ImagesBucket}",
                                    "ImagesBucket.Arn")
                            .replace("${VectorBucket}", "VectorBucket.Arn")
                            .replace(TABLE, "Table.Arn"));
        }
        return statement.path("Action") + " on " + resources;
    }

    @Test
    void theMachineMayWhatTheFunctionMay() {
        var function = new TreeMap<String, String>();
        stack.statements("TrainerFunction")
                .forEach(s -> function.put(s.path("Sid").asText(), text(s)));
        assertTrue(function.keySet().removeAll(OF_FORMAT_1));
        var machine = new TreeMap<String, String>();
        granted("TrainerRole").forEach(s -> machine.put(s.path("Sid").asText(), text(s)));
        assertEquals(function, machine);
    }

    /** It trains whatever there is, and moves nothing from a version before. */
    @Test
    void theMachineFindsTheVariablesOfTheFunction() {
        var function = new TreeSet<>(stack.variables("TrainerFunction").keySet());
        assertTrue(function.removeAll(Set.of("FORMAT_1_TABLE", "LARGE_TRAINING")));
        function.add("AWS_REGION"); // which Lambda sets
        var machine = new TreeSet<String>();
        large.properties("Program")
                .at("/ContainerProperties/Environment")
                .forEach(variable -> machine.add(variable.path("Name").asText()));
        assertEquals(function, machine);
    }

    @Test
    void grantsNothingWiderThanItMust() {
        int seen = 0;
        for (String role : List.of("TrainerRole", "ClusterRole", "TrainingRole", "LooksRole")) {
            for (JsonNode statement : granted(role)) {
                seen++;
                assertFalse(statement.path("Action").toString().contains("*"), statement::toString);
                for (String resource : Template.on(statement)) {
                    boolean watches = statement.path("Sid").asText().equals("WatchMachine");
                    boolean inside = resource.matches("[^*]+/([a-z]+/)*\\*");
                    assertTrue(watches || inside || !resource.contains("*"), statement::toString);
                }
            }
        }
        assertTrue(seen > 20, seen + " statements");
    }

    /** As nothing else would tell before somebody's first large training. */
    @Test
    void namesTheProgramsThatThereAre() throws IOException {
        String machine = Files.readString(Repository.file("infra/large-training.yaml"));
        String spark = Files.readString(Repository.file("functions/spark/pom.xml"));
        assertTrue(spark.contains("<artifactId>graft-spark</artifactId>"));
        assertTrue(machine.contains("functions/spark/target/graft-spark-1.0.0-SNAPSHOT.jar"));
        assertTrue(spark.contains("<spark.version>3.5.5</spark.version>"));
        assertTrue(machine.contains("# Spark 3.5.5 on Java 17"));
        String job = source("functions/spark/src/main/java/", "dev.graft.spark.HeadJob");
        assertTrue(
                job.contains("public static void main")
                        && machine.contains("--class dev.graft.spark.HeadJob"));
        for (String option : List.of("--export=", "--out=", "--backbone=")) {
            assertTrue(machine.contains("'" + option) && job.contains(option), option);
        }
        assertTrue(
                Files.readString(Repository.file("infra/Dockerfile.trainer"))
                        .contains("\"dev.graft.trainer.TrainerMain\""));
        String handler =
                source("functions/trainer/src/main/java/", "dev.graft.trainer.TrainerHandler");
        for (String event : List.of("takesOver", "finish")) {
            assertTrue(handler.contains('"' + event + '"') && machine.contains(event), event);
        }
        String answer =
                source("functions/trainer/src/main/java/", "dev.graft.trainer.LargeTraining");
        for (String field : List.of("bytes", "work", "backbone")) {
            assertTrue(answer.contains('"' + field + '"'), field);
            assertTrue(machine.contains("$answer." + field), field);
        }
        assertTrue(answer.contains("\"HandedOver\"") && machine.contains("'HandedOver'"));
    }

    private static String source(String folder, String name) throws IOException {
        return Files.readString(Repository.file(folder + name.replace('.', '/') + ".java"));
    }

    @Test
    void nothingOfItIsInTheStackUnlessSomebodyAsksForIt() {
        assertEquals("off", stack.root().at("/Parameters/LargeTraining/Default").asText());
        assertEquals("off", stack.variables("TrainerFunction").get("LARGE_TRAINING").asText());
    }
}
