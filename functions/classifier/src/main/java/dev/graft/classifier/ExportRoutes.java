package dev.graft.classifier;

import dev.graft.export.ModelExport;
import dev.graft.feature.BadRequestException;
import dev.graft.library.LabelExport;
import dev.graft.prediction.Classification;

/** Labels and model as files, over HTTP. */
final class ExportRoutes {
    private final LabelExport labels;
    private final Classification classification;
    private final FileResponses files;

    ExportRoutes(LabelExport labels, Classification classification, FileResponses files) {
        this.labels = labels;
        this.classification = classification;
        this.files = files;
    }

    void addTo(Router router) {
        router.on(
                        "GET /export/labels.csv?set",
                        request -> files.text(request, "labels.csv", "text/csv", labels.csv()))
                .on(
                        "GET /export/labels.manifest?set",
                        request ->
                                files.text(
                                        request,
                                        "labels.manifest",
                                        "application/jsonl",
                                        labels.manifest()))
                .on(
                        "GET /export/folders.txt?set",
                        request ->
                                files.text(request, "folders.txt", "text/plain", labels.folders()))
                .on("GET /export/model.onnx?input&set", this::model);
    }

    private Response model(Request request) {
        String name = request.parameter("input").orElse("tensor");
        ModelExport.Input input =
                ModelExport.Input.named(name)
                        .orElseThrow(
                                () ->
                                        new BadRequestException(
                                                "input is '%s', expected tensor or image"
                                                        .formatted(name)));
        Classification.InUse inUse = classification.inUse();
        String version = inUse.head().version();
        return files.link(
                request,
                (input == ModelExport.Input.IMAGE ? "model-image-" : "model-") + version + ".onnx",
                "application/octet-stream",
                ModelExport.of(
                        inUse.network().file(),
                        inUse.network().extractor().backbone().preprocessing(),
                        inUse.head(),
                        input));
    }
}
