package dev.graft.classifier;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.graft.feature.BadRequestException;
import dev.graft.prediction.Classification;
import dev.graft.prediction.LatestSettings;
import dev.graft.prediction.VerdictSettings;
import java.util.List;

/** When a person has to look at an image, over HTTP. */
final class SettingsRoutes {
    private final Classification classification;
    private final LatestSettings settings;
    private final HistoryRoutes history;

    SettingsRoutes(Classification classification, LatestSettings settings, HistoryRoutes history) {
        this.classification = classification;
        this.settings = settings;
        this.history = history;
    }

    void addTo(Router router) {
        router.on("GET /settings?set", request -> describe())
                .on("PUT /settings?set", this::replace);
    }

    private record Description(@JsonUnwrapped VerdictSettings settings, List<String> unused) {}

    private Response describe() {
        VerdictSettings now = settings.read();
        return Response.json(
                new Description(
                        now,
                        classification
                                .inUseIfAny()
                                .map(inUse -> now.notFor(inUse.head()))
                                .orElseGet(List::of)));
    }

    private Response replace(Request request) {
        List<String> fields = List.of("thresholds", "costs", "review");
        VerdictSettings wanted = VerdictSettings.of(request.jsonWithOptional(fields).json());
        List<String> unused = wanted.notFor(classification.inUse().head());
        if (!unused.isEmpty()) {
            throw new BadRequestException(unused.getFirst());
        }
        history.keep(request, "set", wanted.summary(), () -> settings.replace(wanted));
        return describe();
    }
}
