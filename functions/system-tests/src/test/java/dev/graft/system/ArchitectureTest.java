package dev.graft.system;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Which module may see which library. Modules are read from their folders, so no class is missed.
 */
class ArchitectureTest {
    private static final List<String> MODULES =
            List.of(
                    "core",
                    "onnx",
                    "backbone",
                    "aws",
                    "lambda",
                    "featurizer",
                    "trainer",
                    "classifier",
                    "local");

    /** A rule and the modules that it holds for. */
    private record Rule(String name, ArchRule rule, List<String> modules) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Rule> RULES =
            List.of(
                    new Rule(
                            "the AWS SDK is for aws only",
                            // S3Proxy's own stores, of which one is decorated there, speak in
                            // requests of the SDK
                            noClasses()
                                    .that()
                                    .haveNameNotMatching(".*\\.local\\.NotifyingBlobStore.*")
                                    .should()
                                    .dependOnClassesThat()
                                    .resideInAPackage("software.amazon.awssdk.."),
                            without("aws")),
                    new Rule(
                            "ONNX Runtime is for onnx only",
                            noClasses()
                                    .should()
                                    .dependOnClassesThat()
                                    .resideInAPackage("ai.onnxruntime.."),
                            without("onnx")),
                    new Rule(
                            "core needs the JDK and Jackson only",
                            classes()
                                    .should()
                                    .onlyDependOnClassesThat()
                                    .resideInAnyPackage(
                                            "dev.graft..",
                                            "java..",
                                            "javax..",
                                            "com.fasterxml.jackson.."),
                            List.of("core")));

    @ParameterizedTest
    @FieldSource("RULES")
    void holdsInEveryModule(Rule rule) {
        for (String module : rule.modules) {
            JavaClasses found = of(module);
            assertFalse(found.isEmpty(), module + " has no classes: build it first");
            rule.rule.check(found);
        }
    }

    @ParameterizedTest
    @FieldSource("RULES")
    void failsWhenViolated(Rule rule) {
        JavaClasses guilty = new ClassFileImporter().importPackages("dev.graft.system.violation");
        assertTrue(rule.rule.evaluate(guilty).hasViolation());
    }

    private static List<String> without(String module) {
        return MODULES.stream().filter(other -> !other.equals(module)).toList();
    }

    private static JavaClasses of(String module) {
        return new ClassFileImporter()
                .importPath(Repository.file("functions/" + module + "/target/classes"));
    }
}
