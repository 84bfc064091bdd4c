package dev.graft.export;

import dev.graft.head.Head;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** The model in use as one file. Safe for use by many threads. */
public final class ModelExport {
    private final Supplier<Head> head;
    private final Path backbone;

    /**
     * Of the head in use.
     *
     * @param head gives it
     * @param backbone file of the network whose features that head takes
     */
    public ModelExport(Supplier<Head> head, Path backbone) {
        this.head = head;
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
        Head latest = head.get();
        try {
            return new Model(latest.version(), OnnxModel.of(Files.readAllBytes(backbone), latest));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the backbone " + backbone, e);
        }
    }
}
