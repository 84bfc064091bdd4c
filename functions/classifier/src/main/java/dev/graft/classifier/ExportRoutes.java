package dev.graft.classifier;

import dev.graft.export.ModelExport;
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
                        "GET /export/labels.csv",
                        request -> files.text(request, "labels.csv", "text/csv", labels.csv()))
                .on(
                        "GET /export/labels.manifest",
                        request ->
                                files.text(
                                        request,
                                        "labels.manifest",
                                        "application/jsonl",
                                        labels.manifest()))
                .on(
                        "GET /export/folders.txt",
                        request ->
                                files.text(request, "folders.txt", "text/plain", labels.folders()))
                .on("GET /export/model.onnx", this::model);
    }

    private Response model(Request request) {
        Classification.InUse inUse = classification.inUse();
        return files.link(
                request,
                "model-" + inUse.head().version() + ".onnx",
                "application/octet-stream",
                ModelExport.of(inUse.network().file(), inUse.head()));
    }
}
