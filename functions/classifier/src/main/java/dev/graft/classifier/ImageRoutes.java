package dev.graft.classifier;

import dev.graft.feature.BadRequestException;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.NotFoundException;
import dev.graft.feature.UnreadableImage;
import dev.graft.library.Links;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Uploads, lists and deletes images over HTTP. */
final class ImageRoutes {
    private final Ports ports;
    private final InstantSource clock;

    ImageRoutes(Ports ports, InstantSource clock) {
        this.ports = ports;
        this.clock = clock;
    }

    void addTo(Router router) {
        router.on("POST /uploads", this::upload)
                .on("GET /images?label&unlabelled&several&limit&cursor", this::list)
                .on("DELETE /images?key", this::delete)
                .on("GET /images/content?key", this::content)
                .on("GET /unreadable", this::unreadable);
    }

    private record Upload(String key, String method, String url, String expires) {}

    private Response upload(Request request) {
        String key = request.json("key").key("key");
        String expires = clock.instant().plus(Links.GOOD_FOR).toString();
        return Response.json(new Upload(key, "PUT", ports.links().toWrite(key), expires));
    }

    private record Images(List<Image> images, @Nullable String cursor) {}

    private Response list(Request request) {
        int limit = request.number("limit", 50, 200);
        ImageIndex.Page page =
                ports.index().list(which(request), limit, request.parameter("cursor"));
        return Response.json(
                new Images(
                        page.images().stream()
                                .map(image -> Image.of(image, ports.links()))
                                .toList(),
                        page.cursor().orElse(null)));
    }

    private static ImageIndex.Which which(Request request) {
        Optional<String> label = request.parameter("label");
        boolean unlabelled = request.flag("unlabelled");
        boolean several = request.flag("several");
        if (label.isPresent() && unlabelled) {
            throw new BadRequestException(
                    "label and unlabelled=true exclude each other: leave one out");
        }
        if (unlabelled) {
            return new ImageIndex.Unlabelled();
        }
        return label.<ImageIndex.Which>map(
                        name ->
                                several
                                        ? new ImageIndex.OneOfSeveral(name)
                                        : new ImageIndex.OfLabel(name))
                .orElseGet(ImageIndex.All::new);
    }

    private Response delete(Request request) {
        ports.images().delete(request.key());
        return Response.noContent();
    }

    private Response content(Request request) {
        String key = request.key();
        if (ports.features().find(key).isEmpty()) {
            throw new NotFoundException("no image '" + key + "' has a feature: upload it first");
        }
        return Response.redirect(ports.links().toRead(key));
    }

    private record Unreadable(String key, String reason, String time) {
        static Unreadable of(UnreadableImage image) {
            return new Unreadable(image.key(), image.reason(), image.time().toString());
        }
    }

    private Response unreadable(Request request) {
        List<UnreadableImage> images = ports.features().unreadable();
        return Response.json(Map.of("images", images.stream().map(Unreadable::of).toList()));
    }
}
