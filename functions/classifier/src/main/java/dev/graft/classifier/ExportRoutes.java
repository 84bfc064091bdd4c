package dev.graft.classifier;

import dev.graft.export.OnnxModel;
import dev.graft.feature.ImageIndex;
import dev.graft.head.Head;
import dev.graft.library.LabelExport;
import dev.graft.prediction.Classification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Labels and model as files, over HTTP. */
final class ExportRoutes {
    private final ImageIndex index;
    private final Classification classification;
    private final Source source;
    private final FileAnswers files;

    /** The bucket of the images, and the file of the backbone. */
    record Source(String bucket, Path backbone) {}

    ExportRoutes(
            ImageIndex index, Classification classification, Source source, FileAnswers files) {
        this.index = index;
        this.classification = classification;
        this.source = source;
        this.files = files;
    }

    Router addTo(Router router) {
        return router.on(
                        "GET /export/labels.csv",
                        request -> files.text("labels.csv", "text/csv", labels().csv()))
                .on(
                        "GET /export/labels.manifest",
                        request ->
                                files.text(
                                        "labels.manifest",
                                        "application/jsonl",
                                        labels().manifest(source.bucket())))
                .on(
                        "GET /export/folders.txt",
                        request -> files.text("folders.txt", "text/plain", labels().folders()))
                .on("GET /export/model.onnx", request -> model());
    }

    private LabelExport labels() {
        return new LabelExport(index);
    }

    private Answer model() {
        Head head = classification.usableHead();
        try {
            byte[] model = OnnxModel.of(Files.readAllBytes(source.backbone()), head);
            return files.link(
                    "model-" + head.version() + ".onnx", "application/octet-stream", model);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the backbone " + source.backbone(), e);
        }
    }
}
