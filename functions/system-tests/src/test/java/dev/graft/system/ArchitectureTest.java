package dev.graft.system;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What may know what. Modules are read from their folders, so no class is missed. For each rule the
 * package {@code violation} has classes that break it.
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
                    "importer",
                    "local");

    /** The packages of core from the ground up: each may know those before it. */
    private static final List<String> CORE =
            List.of(
                    "vp8",
                    "image",
                    "feature",
                    "index",
                    "ingest",
                    "head",
                    "fit",
                    "evaluation",
                    "training",
                    "versions",
                    "library",
                    "export",
                    "prediction",
                    "review");

    /** The most lines that one package of core may have, in percent of all. */
    private static final int MOST_PERCENT = 20;

    private static final String SDK = "software.amazon.awssdk..";
    private static final String ONNX_RUNTIME = "ai.onnxruntime..";

    private static final Map<String, JavaClasses> CLASSES = new ConcurrentHashMap<>();

    /** A rule and the modules that it holds for. */
    private record Rule(String name, ArchRule rule, List<String> modules) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Rule> rules() {
        List<Rule> rules = new ArrayList<>(libraries());
        rules.add(
                new Rule(
                        "core takes clocks, settings and seeds from outside",
                        noClasses()
                                .should()
                                .callCodeUnitWhere(
                                        describe("a source of its own", ArchitectureTest::source)),
                        List.of("core")));
        rules.add(
                new Rule(
                        "no packages in a circle",
                        slices().matching("dev.graft.(**)").should().beFreeOfCycles(),
                        List.of("core")));
        rules.add(
                new Rule(
                        "no files in a circle",
                        slices().assignedFrom(new ByFile()).should().beFreeOfCycles(),
                        MODULES));
        for (int i = 0; i < CORE.size() - 1; i++) {
            rules.add(nothingAbove(CORE.get(i), CORE.subList(i + 1, CORE.size())));
        }
        return rules.stream();
    }

    private static List<Rule> libraries() {
        List<Rule> rules = new ArrayList<>();
        rules.add(
                new Rule(
                        "the AWS SDK is for aws only",
                        // S3Proxy's own stores, of which one is decorated there, speak in requests
                        // and exceptions of the SDK; Buckets does by its clients what the template
                        // and users do; InProcess… stands before its clients
                        noClasses()
                                .that()
                                .haveNameNotMatching(
                                        ".*\\.local\\.(NotifyingBlobStore|Walk|TagRequests|Buckets|InProcess).*")
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage(SDK),
                        without("aws")));
        rules.add(
                new Rule(
                        "ONNX Runtime is for onnx only",
                        noClasses().should().dependOnClassesThat().resideInAPackage(ONNX_RUNTIME),
                        without("onnx")));
        rules.add(
                new Rule(
                        "core needs the JDK and Jackson only",
                        classes()
                                .should()
                                .onlyDependOnClassesThat()
                                .resideInAnyPackage(
                                        "dev.graft..",
                                        "java..",
                                        "javax..",
                                        "org.jspecify..",
                                        "com.fasterxml.jackson.."),
                        List.of("core")));
        return rules;
    }

    private static Rule nothingAbove(String name, List<String> above) {
        return new Rule(
                name + " knows nothing above it",
                noClasses()
                        .that()
                        .resideInAPackage("dev.graft.." + name)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                above.stream().map(n -> "dev.graft.." + n).toArray(String[]::new)),
                List.of("core"));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void holdsInEveryModule(Rule rule) {
        for (String module : rule.modules) {
            rule.rule.check(of(module));
        }
    }

    @ParameterizedTest
    @MethodSource("rules")
    void failsWhenViolated(Rule rule) {
        JavaClasses guilty =
                CLASSES.computeIfAbsent(
                        "violation",
                        name ->
                                new ClassFileImporter()
                                        .importPackages("dev.graft.system.violation"));
        assertTrue(rule.rule.evaluate(guilty).hasViolation());
    }

    @Test
    void everyPackageOfCoreHasItsPlaceAndEveryNamedPackageHasClasses() {
        Set<String> found =
                of("core").stream()
                        .map(JavaClass::getPackageName)
                        .map(name -> name.replace("dev.graft.", ""))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(CORE), found);
    }

    @Test
    void noPackageOfCoreHoldsMoreThanAFifthOfItsLines() throws IOException {
        Map<String, Long> lines = new HashMap<>();
        for (String name : CORE) {
            Path folder = Repository.file("functions/core/src/main/java/dev/graft/" + name);
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    lines.merge(name, (long) Files.readAllLines(file).size(), Long::sum);
                }
            }
        }
        assertEquals(Set.of(), tooLarge(lines), lines::toString);
        lines.merge("image", lines.values().stream().mapToLong(n -> n).sum(), Long::sum);
        assertEquals(Set.of("image"), tooLarge(lines), "fails when violated");
    }

    private static Set<String> tooLarge(Map<String, Long> lines) {
        long all = lines.values().stream().mapToLong(n -> n).sum();
        return lines.keySet().stream()
                .filter(name -> 100 * lines.get(name) > MOST_PERCENT * all)
                .collect(Collectors.toSet());
    }

    @Test
    void everyOtherModuleIsOnePackageOfItsName() {
        for (String module : without("core")) {
            Set<String> found =
                    of(module).stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
            assertEquals(Set.of("dev.graft." + module), found);
        }
    }

    /** Calls that read the clock, the environment or chance, where these should be handed in. */
    private static boolean source(JavaCall<?> call) {
        AccessTarget.CodeUnitCallTarget target = call.getTarget();
        JavaClass owner = target.getOwner();
        String name = target.getName();
        return owner.getPackageName().equals("java.time") && name.equals("now")
                || (owner.isEquivalentTo(InstantSource.class) || owner.isEquivalentTo(Clock.class))
                        && name.startsWith("system")
                || owner.isEquivalentTo(System.class)
                        && Set.of("currentTimeMillis", "nanoTime", "getenv", "getProperty")
                                .contains(name)
                || owner.isEquivalentTo(Random.class)
                        && name.equals("<init>")
                        && target.getRawParameterTypes().isEmpty()
                || owner.isEquivalentTo(Math.class) && name.equals("random")
                || Set.of(
                                "java.util.concurrent.ThreadLocalRandom",
                                "java.security.SecureRandom",
                                "java.util.Date")
                        .contains(owner.getName())
                || name.equals("randomUUID");
    }

    /** A slice for each source file. */
    private static final class ByFile implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            JavaClass outer = type;
            while (outer.getEnclosingClass().isPresent()) {
                outer = outer.getEnclosingClass().get();
            }
            return !outer.getPackageName().startsWith("dev.graft")
                    ? SliceIdentifier.ignore()
                    : SliceIdentifier.of(outer.getName());
        }

        @Override
        public String getDescription() {
            return "source files";
        }
    }

    private static List<String> without(String module) {
        return MODULES.stream().filter(other -> !other.equals(module)).toList();
    }

    private static JavaClasses of(String module) {
        JavaClasses found =
                CLASSES.computeIfAbsent(
                        module,
                        name ->
                                new ClassFileImporter()
                                        .importPath(
                                                Repository.file(
                                                        "functions/" + name + "/target/classes")));
        assertFalse(found.isEmpty(), module + " has no classes: build it first");
        return found;
    }
}
