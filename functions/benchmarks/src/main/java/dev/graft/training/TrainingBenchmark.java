package dev.graft.training;

import dev.graft.benchmarks.Questions;
import dev.graft.evaluation.Folds;
import dev.graft.feature.Float16;
import dev.graft.feature.Sha256;
import dev.graft.feature.Similarity;
import dev.graft.fit.HeadBenchmark;
import dev.graft.fit.TrainingSet;
import dev.graft.fit.Usage;
import dev.graft.head.Activation;
import dev.graft.image.ImageDecoder;
import dev.graft.image.Thumbnail;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A whole training on stored features: near-duplicates and folds, strengths, figures, curves and
 * the head, without reading the store. Started by {@code training.py}, which has scikit-learn do
 * its part of it. Arguments: FILE.npy as for {@link HeadBenchmark}, names in the first column of
 * FILE.tsv in ascending order; and the folder of the pictures of that name, whose thumbnails tell
 * near-duplicates, or nothing where there are none. Writes FILE.folds, the fold of each row.
 */
public final class TrainingBenchmark {
    private TrainingBenchmark() {}

    /** Tells seconds and CPU seconds, and what was chosen. */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        Optional<Path> folder =
                arguments.length > 1 ? Optional.of(Path.of(arguments[1])) : Optional.empty();
        List<TrainingImage> images = images(file, folder);
        TrainingSettings settings = TrainingSettings.standard(Activation.SOFTMAX);
        Usage usage = new Usage();
        HeadFit fit = HeadFit.of(images, "", settings, Deadline.none());
        double cpu = usage.cpu();
        double seconds = usage.seconds();
        if (fit.choice().images().size() != images.size()) {
            throw new IllegalStateException("a class has too few images");
        }
        Usage again = new Usage();
        Folds.of(
                TrainingImage.toFold(images, settings.activation(), fit.choice().counts()),
                i -> Float16.decode(images.get(i).feature()),
                settings.folds(),
                Similarity.of("").nearDuplicate(),
                () -> false);
        double duplicates = again.cpu();
        Files.writeString(
                Path.of(file.toString().replace(".npy", ".folds")),
                IntStream.of(fit.folds().grouped())
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining("\n")));
        Choice best = fit.validated().best();
        // what is chosen may be fairer to rare classes at the price of log loss, as no peer is
        double logLoss =
                fit.validated().tried().stream()
                        .filter(choice -> choice.priorAdjustment() == 0)
                        .mapToDouble(choice -> choice.validation().logLoss())
                        .min()
                        .orElseThrow();
        Questions.answer(
                Map.of(
                        "cpu", cpu,
                        "seconds", seconds,
                        "nearDuplicatesCpu", duplicates,
                        "strengths", settings.strengths(),
                        "tried", fit.validated().tried().stream().map(Choice::strength).toList(),
                        "strength", best.strength(),
                        "scaling", best.scaling().title(),
                        "logLoss", logLoss,
                        "accuracy", best.validation().accuracy()));
    }

    private static List<TrainingImage> images(Path file, Optional<Path> folder) throws IOException {
        List<String> names = Draw.names(file);
        TrainingSet set = HeadBenchmark.read(file);
        List<TrainingImage> images = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            images.add(
                    new TrainingImage(
                            name,
                            set.classes().get(set.labels()[i][0]),
                            Sha256.of(name.getBytes(StandardCharsets.UTF_8)),
                            set.features(),
                            i,
                            Instant.EPOCH,
                            folder.map(in -> thumbnail(in.resolve(name))).orElse(new byte[0])));
        }
        return images;
    }

    private static byte[] thumbnail(Path picture) {
        try {
            return Thumbnail.of(ImageDecoder.decode(Files.readAllBytes(picture)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
