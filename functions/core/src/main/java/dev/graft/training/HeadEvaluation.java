package dev.graft.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.evaluation.Calibration;
import dev.graft.evaluation.LabelDoctor;
import dev.graft.evaluation.LearningCurve;
import dev.graft.feature.Label;
import dev.graft.training.Deadline.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Everything the answers out of fold say about a head and its images.
 *
 * @param images in the order of the training set
 * @param choice how the head is fitted
 * @param usual figures with look-alikes on both sides, "as usually measured"; empty if there was no
 *     time for them
 * @param curves one per class, or none if there was no time for them
 */
record HeadEvaluation(
        List<TrainingImage> images,
        TrainingSet set,
        Choice choice,
        Optional<Validation> usual,
        Calibration calibration,
        List<LearningCurve> curves) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SUSPECTS = 100;
    private static final int CELLS = 200;
    private static final int EXAMPLES = 12;
    private static final int[] QUARTERS = {1, 2};

    static HeadEvaluation of(
            List<TrainingImage> images,
            TrainingSet set,
            Folds folds,
            Choice choice,
            Deadline deadline) {
        return new HeadEvaluation(
                images,
                set,
                choice,
                usual(set, folds, choice, deadline),
                Calibration.of(choice.answers(), folds.apart()),
                curves(images, set, choice, deadline));
    }

    private static Optional<Validation> usual(
            TrainingSet set, Folds folds, Choice choice, Deadline deadline) {
        if (Arrays.equals(folds.usual(), folds.apart())) {
            return Optional.of(choice.validation());
        }
        boolean[] all = new boolean[set.images()];
        Arrays.fill(all, true);
        BooleanSupplier over = () -> deadline.over(Stage.FIGURES);
        double[][] answers = set.outOfFold(folds.usual(), all, choice, over);
        if (over.getAsBoolean()) {
            deadline.cut("the figures as usually measured were left out");
            return Optional.empty();
        }
        return Optional.of(Validation.of(set.answers(answers)));
    }

    /** Which quarters an image belongs to depends on its content alone: 0 .. 3. */
    private static int quarter(TrainingImage image) {
        return image.imageHash().charAt(20) & 3;
    }

    private static List<LearningCurve> curves(
            List<TrainingImage> images, TrainingSet set, Choice choice, Deadline deadline) {
        BooleanSupplier over = () -> deadline.over(Stage.FIGURES);
        int classes = set.classes().size();
        int[][] sizes = new int[classes][QUARTERS.length + 1];
        double[][] f1 = new double[classes][QUARTERS.length + 1];
        for (int step = 0; step <= QUARTERS.length; step++) {
            boolean last = step == QUARTERS.length;
            boolean[] learnFrom = new boolean[images.size()];
            for (int i = 0; i < learnFrom.length; i++) {
                learnFrom[i] = last || quarter(images.get(i)) < QUARTERS[step];
                for (int label : set.labels()[i]) {
                    sizes[label][step] += learnFrom[i] ? 1 : 0;
                }
            }
            Validation validation = choice.validation();
            if (!last) {
                double[][] answers = set.outOfFold(set.folds(), learnFrom, choice, over);
                if (over.getAsBoolean()) {
                    deadline.cut("learning curves were left out");
                    return List.of();
                }
                for (int i = 0; i < answers.length; i++) {
                    answers[i] = answers[i] == null ? new double[classes] : answers[i];
                }
                validation = Validation.of(set.answers(answers));
            }
            for (int c = 0; c < classes; c++) {
                f1[c][step] = validation.f1(c);
            }
        }
        return IntStream.range(0, classes)
                .mapToObj(c -> LearningCurve.of(sizes[c], f1[c]))
                .toList();
    }

    /** The field {@code validation} of {@code head.json}. */
    ObjectNode json(int lookAlikes) {
        Validation validation = choice.validation();
        ObjectNode json = JSON.valueToTree(validation);
        json.set("accuracyInterval", JSON.valueToTree(validation.interval()));
        json.put("lookAlikes", lookAlikes);
        usual.ifPresent(
                figures ->
                        json.putObject("asUsuallyMeasured")
                                .put("accuracy", figures.accuracy())
                                .put("macroF1", figures.macroF1())
                                .put("logLoss", figures.logLoss()));
        ArrayNode classes = json.putArray("classes");
        for (int c = 0; c < set.classes().size(); c++) {
            ObjectNode one =
                    classes.addObject()
                            .put("name", set.classes().get(c))
                            .put("images", validation.support()[c])
                            .put("precision", validation.precision(c))
                            .put("recall", validation.recall(c))
                            .put("f1", validation.f1(c));
            if (!curves.isEmpty()) {
                one.set("learningCurve", JSON.valueToTree(curves.get(c)));
            }
        }
        json.set("calibration", JSON.valueToTree(calibration));
        json.set("mistakes", mistakes());
        json.set("labelDoctor", suspects());
        return json;
    }

    /** The largest cells beside the diagonal of the confusion matrix, with some of their images. */
    private ArrayNode mistakes() {
        Map<List<String>, ObjectNode> cells = new TreeMap<>(Comparator.comparing(List::toString));
        for (int i = 0; i < images.size(); i++) {
            List<String> labels = names(set.labels()[i]);
            List<String> said = names(choice.answers().of(i));
            for (String label : without(labels, said)) {
                for (String answer : without(said, labels)) {
                    ObjectNode cell =
                            cells.computeIfAbsent(List.of(label, answer), HeadEvaluation::cell);
                    cell.put("images", cell.path("images").asInt() + 1);
                    if (cell.withArray("keys").size() < EXAMPLES) {
                        cell.withArray("keys").add(images.get(i).key());
                    }
                }
            }
        }
        ArrayNode sorted = JSON.createArrayNode();
        cells.values().stream()
                .sorted((a, b) -> b.path("images").asInt() - a.path("images").asInt())
                .limit(CELLS)
                .forEach(sorted::add);
        return sorted;
    }

    private static ObjectNode cell(List<String> names) {
        return JSON.createObjectNode()
                .put("label", names.get(0))
                .put("answer", names.get(1))
                .put("images", 0);
    }

    /** What is in one list only; an empty name if nothing is, as where a label is just missed. */
    private static List<String> without(List<String> names, List<String> others) {
        List<String> left = new ArrayList<>(names);
        left.removeAll(others);
        return left.isEmpty() && !names.equals(others) ? List.of("") : left;
    }

    private List<String> names(int[] labels) {
        return IntStream.of(labels).mapToObj(set.classes()::get).toList();
    }

    private ObjectNode suspects() {
        List<LabelDoctor.Suspect> all = LabelDoctor.suspects(choice.answers());
        ObjectNode json = JSON.createObjectNode().put("suspects", all.size());
        ArrayNode first = json.putArray("first");
        for (LabelDoctor.Suspect suspect : all.subList(0, Math.min(SUSPECTS, all.size()))) {
            first.addObject()
                    .put("key", images.get(suspect.image()).key())
                    .put("label", Label.join(names(set.labels()[suspect.image()])))
                    .put("suggestion", Label.join(names(suspect.suggestion())))
                    .put("margin", suspect.margin());
        }
        return json;
    }
}
