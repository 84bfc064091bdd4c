package dev.graft.classifier;

import dev.graft.aws.S3Links;
import dev.graft.aws.S3ResultStore;
import dev.graft.export.OnnxModel;
import dev.graft.head.Head;
import dev.graft.library.ImageIndex;
import dev.graft.library.LabelExport;
import dev.graft.library.ResultStore;
import dev.graft.prediction.Classification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Labels and model as files, over HTTP. */
final class ExportRoutes {
    /** A Lambda function answers 6 MB at most. */
    private static final int MAX_ANSWER_BYTES = 4_000_000;

    private final ImageIndex index;
    private final Classification classification;
    private final Places places;

    /** Where things come from and go to. */
    record Places(String bucket, Path backbone, ResultStore results, S3Links links) {}

    ExportRoutes(ImageIndex index, Classification classification, Places places) {
        this.index = index;
        this.classification = classification;
        this.places = places;
    }

    Router addTo(Router router) {
        return router.on(
                        "GET /export/labels.csv",
                        request -> answer("labels.csv", "text/csv", labels().csv()))
                .on(
                        "GET /export/labels.manifest",
                        request ->
                                answer(
                                        "labels.manifest",
                                        "application/jsonl",
                                        labels().manifest(places.bucket())))
                .on(
                        "GET /export/folders.txt",
                        request -> answer("folders.txt", "text/plain", labels().folders()))
                .on("GET /export/model.onnx", request -> model());
    }

    private LabelExport labels() {
        return new LabelExport(index);
    }

    private Answer answer(String name, String type, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= MAX_ANSWER_BYTES ? Answer.text(type, text) : link(name, type, bytes);
    }

    private Answer model() {
        Head head = classification.usableHead();
        try {
            byte[] model = OnnxModel.of(Files.readAllBytes(places.backbone()), head);
            return link("model-" + head.version() + ".onnx", "application/octet-stream", model);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the backbone " + places.backbone(), e);
        }
    }

    private Answer link(String name, String type, byte[] bytes) {
        String file = "export/" + name;
        places.results().write(file, bytes, type);
        return Answer.redirect(places.links().toRead(S3ResultStore.FOLDER + file));
    }
}
