package dev.graft.classifier;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.feature.BadRequestException;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelSets;
import dev.graft.feature.LabelsPerImage;
import dev.graft.head.HeadStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lists and makes label sets over HTTP. */
final class SetRoutes {
    private final LabelSets sets;
    private final ImageIndex index;
    private final HeadStore heads;
    private final HistoryRoutes history;

    SetRoutes(Ports ports, HistoryRoutes history) {
        this.sets = ports.sets();
        this.index = ports.index();
        this.heads = ports.heads();
        this.history = history;
    }

    void addTo(Router router) {
        router.on("GET /sets", request -> list()).on("PUT /sets/{name}", this::put);
    }

    /**
     * One set.
     *
     * @param labelsPerImage one or several; null for the default set, which is as the product is
     * @param labels in use, joined ones as one
     * @param head in use; null for none
     */
    private record OneSet(
            String name,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String labelsPerImage,
            int labels,
            int labelled,
            int unlabelled,
            @Nullable String head) {}

    private record AllSets(List<OneSet> sets) {}

    private Response list() {
        List<OneSet> all = new ArrayList<>();
        all.add(describe(LabelSet.DEFAULT, Optional.empty()));
        sets.all().forEach((set, labels) -> all.add(describe(set, Optional.of(labels))));
        return Response.json(new AllSets(all));
    }

    private OneSet describe(LabelSet set, Optional<LabelsPerImage> labels) {
        ImageIndex.Counts counts = index.in(set).counts();
        return new OneSet(
                set.name(),
                labels.map(SetRoutes::text).orElse(null),
                counts.labels().size(),
                counts.labelled(),
                counts.unlabelled(),
                heads.in(set).latest().map(HeadStore.Pointer::version).orElse(null));
    }

    private static String text(LabelsPerImage labels) {
        return labels.name().toLowerCase(Locale.ROOT);
    }

    private Response put(Request request) {
        LabelSet set = LabelSet.of(request.variable("name"));
        String asked = request.json("labelsPerImage").text("labelsPerImage");
        LabelsPerImage labels =
                Stream.of(LabelsPerImage.values())
                        .filter(one -> text(one).equals(asked))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new BadRequestException(
                                                "labelsPerImage is '%s': expected one or several"
                                                        .formatted(asked)));
        if (set.isDefault()) {
            throw new BadRequestException(
                    "the label set default is as the product was started, see LabelsPerImage: name another");
        }
        history.keep(
                request,
                "set",
                "label set %s to %s labels a picture".formatted(set, text(labels)),
                () -> sets.put(set, labels));
        return Response.json(describe(set, Optional.of(labels)));
    }
}
