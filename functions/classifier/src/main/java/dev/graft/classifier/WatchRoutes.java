package dev.graft.classifier;

import dev.graft.feature.LabelSet;
import dev.graft.head.Head;
import dev.graft.library.Drift;
import dev.graft.library.KeptAnswers;
import dev.graft.library.Shadow;
import dev.graft.library.TrainingFigures;
import dev.graft.prediction.Classification;
import dev.graft.versions.HeadVersions;
import java.util.List;
import java.util.Optional;

/** What kept answers tell about the head in use, over HTTP. */
final class WatchRoutes {
    private static final String DAYS = "days";
    private static final int MOST_DAYS = 90;

    /** So that 30 days are read in some seconds. */
    private static final int MOST_OF_A_DAY = 100;

    private final KeptAnswers answers;
    private final LabelSet set;
    private final Classification classification;
    private final HeadVersions heads;

    /** Those of one label set. */
    WatchRoutes(
            KeptAnswers answers, LabelSet set, Classification classification, HeadVersions heads) {
        this.answers = answers;
        this.set = set;
        this.classification = classification;
        this.heads = heads;
    }

    void addTo(Router router) {
        router.on("GET /drift?days&set", this::drift)
                .on("GET /heads/{version}/shadow?days&set", this::shadow);
    }

    private Response drift(Request request) {
        List<KeptAnswers.Day> days = read(request, 30);
        Optional<Head> inUse = classification.inUseIfAny().map(Classification.InUse::head);
        Optional<TrainingFigures> training =
                inUse.flatMap(head -> heads.cardInUse(head.version())).map(TrainingFigures::of);
        return Response.json(Drift.of(days, MOST_OF_A_DAY, inUse, training));
    }

    private Response shadow(Request request) {
        Head other = heads.head(request.variable("version"));
        return Response.json(Shadow.of(read(request, 7), heads.inUse(), other));
    }

    private List<KeptAnswers.Day> read(Request request, int otherwise) {
        int days = request.number(DAYS, otherwise, MOST_DAYS);
        return answers.days(set, days, MOST_OF_A_DAY);
    }
}
