package dev.graft.export;

import dev.graft.head.Head;
import dev.graft.prediction.Classification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The model in use as one file. Safe for use by many threads. */
public final class ModelExport {
    private final Classification classification;
    private final Path backbone;

    /**
     * Of the head that {@code classification} uses.
     *
     * @param backbone file of the network whose features that head takes
     */
    public ModelExport(Classification classification, Path backbone) {
        this.classification = classification;
        this.backbone = backbone;
    }

    /**
     * A model.
     *
     * @param head version of the head in it
     * @param onnx the file, as {@link OnnxModel} writes it
     */
    public record Model(String head, byte[] onnx) {}

    /**
     * The backbone and the head in use.
     *
     * @throws dev.graft.head.NoHeadException if there is no head to export
     * @throws dev.graft.feature.StoreException if the store of the heads fails
     */
    public Model latest() {
        Head head = classification.usableHead();
        try {
            return new Model(head.version(), OnnxModel.of(Files.readAllBytes(backbone), head));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the backbone " + backbone, e);
        }
    }
}
