package dev.graft.classifier;

import dev.graft.export.ModelExport;
import dev.graft.feature.FeatureExtractor;
import dev.graft.feature.ImageStore;
import dev.graft.library.LabelExport;
import dev.graft.library.Library;
import dev.graft.prediction.BatchClassification;
import dev.graft.prediction.Classification;
import dev.graft.prediction.KnownImages;
import dev.graft.prediction.LatestHead;
import dev.graft.versions.HeadVersions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** Every route of the API that openapi.json describes. */
final class Api {
    private static final long MAX_STORED_BYTES = 50L << 20;
    private static final Duration CHECK_HEAD_EVERY = Duration.ofSeconds(3);

    private Api() {}

    /**
     * The routes over these stores.
     *
     * @param extractor makes the features of images
     * @param backbone file of the extractor's network, for the export
     */
    static Router over(
            Ports ports, FeatureExtractor extractor, Path backbone, InstantSource clock) {
        var latest = new LatestHead(ports.heads(), CHECK_HEAD_EVERY, clock);
        var classification =
                new Classification(
                        extractor, latest, ports.features(), ports.images(), MAX_STORED_BYTES);
        String network = extractor.backbone().id();
        var known = new KnownImages(ports.features(), ports.index(), network, clock);
        var library = new Library(ports.labels(), ports.index());
        var links = ports.links();
        var batch = new BatchClassification(classification, ports.results(), clock);
        var versions = new HeadVersions(ports.heads(), ports.features());
        var labels = new LabelExport(ports.index(), links);
        var files = new FileResponses(ports.results(), links);
        Router router = new Router();
        new PredictionRoutes(classification, known, links).addTo(router);
        new ImageRoutes(ports, clock).addTo(router);
        new LabelRoutes(library, known, links).addTo(router);
        new HeadRoutes(versions, known, links, files).addTo(router);
        new ReviewRoutes(classification, known, links).addTo(router);
        new BatchRoutes(batch, links).addTo(router);
        new ExportRoutes(labels, new ModelExport(classification::usableHead, backbone), files)
                .addTo(router);
        new StatusRoutes(ports.index(), classification).addTo(router);
        new DocumentRoutes(new Page(URI.create(links.toRead(ImageStore.PREFIX)))).addTo(router);
        return router;
    }
}
