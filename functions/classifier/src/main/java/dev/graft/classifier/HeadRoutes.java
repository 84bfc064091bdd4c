package dev.graft.classifier;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageStore;
import dev.graft.feature.NotFoundException;
import dev.graft.head.HeadCard;
import dev.graft.library.Links;
import dev.graft.versions.Findings;
import dev.graft.versions.HeadVersions;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The versions of the head, over HTTP. */
final class HeadRoutes {
    private static final int LISTED = 50;
    private static final Pattern PICTURE =
            Pattern.compile("=\"\\.\\./\\.\\./images/content\\?key=([^\"]*)\"");

    private final HeadVersions heads;
    private final ImageIndex index;
    private final Links links;
    private final FileResponses files;
    private final HistoryRoutes history;

    HeadRoutes(HeadVersions heads, Ports ports, FileResponses files, HistoryRoutes history) {
        this.heads = heads;
        this.index = ports.index();
        this.links = ports.links();
        this.history = history;
        this.files = files;
    }

    void addTo(Router router) {
        router.on("GET /heads?learnedFrom&set", this::list)
                .on("PUT /heads/latest?set", this::promote)
                .on("GET /heads/{version}?set", request -> describe(request.variable("version")))
                .on("DELETE /heads/{version}?set", this::delete)
                .on("GET /heads/{version}/report?set", this::report)
                .on("GET /heads/{version}/preview?set", this::preview);
    }

    private Response list(Request request) {
        List<HeadVersions.Summary> list =
                request.parameter("learnedFrom")
                        .map(key -> heads.listLearnedFrom(ImageKey.of(key)))
                        .orElseGet(() -> heads.list(LISTED));
        return Response.json(Map.of("heads", list));
    }

    private Response promote(Request request) {
        String version = request.json("version").text("version");
        history.keep(request, "promoted", version, () -> heads.promote(version));
        return describe(version);
    }

    private Response delete(Request request) {
        String version = request.variable("version");
        history.keep(request, "deleted head", version, () -> heads.delete(version));
        return Response.noContent();
    }

    /** All figures of a head, and what they mean. */
    private record Description(@JsonUnwrapped HeadCard card, Findings findings) {}

    private Response describe(String version) {
        HeadCard card = heads.card(version);
        return Response.json(new Description(card, Findings.of(card)));
    }

    private Response report(Request request) {
        String version = request.variable("version");
        byte[] report = heads.report(version).orElseThrow(() -> noReport(version));
        URI link = URI.create(links.toRead(ImageStore.PREFIX));
        String html = new String(report, StandardCharsets.UTF_8);
        return files.text(
                        request,
                        "report-" + version + ".html",
                        "text/html",
                        request.wantsAddress() ? withLinks(html) : html)
                .withPolicy(Page.reportPolicy(link));
    }

    /** The report for another origin, where its pictures' addresses lead nowhere. */
    private String withLinks(String html) {
        return PICTURE.matcher(html)
                .replaceAll(
                        picture -> {
                            String key =
                                    URLDecoder.decode(picture.group(1), StandardCharsets.UTF_8);
                            String link = links.toRead(key).replace("&", "&amp;");
                            return Matcher.quoteReplacement("=\"" + link + "\"");
                        });
    }

    private record Change(
            String key,
            @Nullable String label,
            String now,
            String then,
            String url,
            String thumbnail) {}

    private record Previewed(String version, int images, int changed, List<Change> changes) {}

    private Response preview(Request request) {
        String version = request.variable("version");
        HeadCard.Preview preview = heads.preview(version);
        List<String> keys = preview.first().stream().map(HeadCard.Change::key).toList();
        Map<String, String> labels = new HashMap<>();
        index.find(keys)
                .forEach(
                        image ->
                                image.label()
                                        .ifPresent(label -> labels.put(image.key(), label.name())));
        return Response.json(
                new Previewed(
                        version,
                        preview.images(),
                        preview.changed(),
                        preview.first().stream()
                                .map(
                                        change ->
                                                new Change(
                                                        change.key(),
                                                        labels.get(change.key()),
                                                        change.from(),
                                                        change.to(),
                                                        links.toRead(change.key()),
                                                        links.toThumbnail(change.key())))
                                .toList()));
    }

    private NotFoundException noReport(String version) {
        heads.card(version);
        return new NotFoundException("head " + version + " has no report");
    }
}
