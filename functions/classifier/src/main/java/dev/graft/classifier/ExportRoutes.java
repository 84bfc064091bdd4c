package dev.graft.classifier;

import dev.graft.export.ModelExport;
import dev.graft.library.LabelExport;

/** Labels and model as files, over HTTP. */
final class ExportRoutes {
    private final LabelExport labels;
    private final ModelExport model;
    private final FileResponses files;

    ExportRoutes(LabelExport labels, ModelExport model, FileResponses files) {
        this.labels = labels;
        this.model = model;
        this.files = files;
    }

    void addTo(Router router) {
        router.on(
                        "GET /export/labels.csv",
                        request -> files.text("labels.csv", "text/csv", labels.csv()))
                .on(
                        "GET /export/labels.manifest",
                        request ->
                                files.text(
                                        "labels.manifest", "application/jsonl", labels.manifest()))
                .on(
                        "GET /export/folders.txt",
                        request -> files.text("folders.txt", "text/plain", labels.folders()))
                .on("GET /export/model.onnx", this::model);
    }

    private Response model(Request request) {
        ModelExport.Model latest = model.latest();
        return files.link(
                "model-" + latest.head() + ".onnx", "application/octet-stream", latest.onnx());
    }
}
