package dev.graft.classifier;

import dev.graft.training.Trainer;
import dev.graft.training.Trainings;

/** Starts a training, over HTTP; {@code GET /status} tells how far it is. */
final class TrainingRoutes {
    private final Trainings trainings;
    private final Trainer trainer;

    TrainingRoutes(Trainings trainings, Trainer trainer) {
        this.trainings = trainings;
        this.trainer = trainer;
    }

    void addTo(Router router) {
        router.on("POST /heads", this::train);
    }

    /** One runs at a time: whoever asks while one waits or runs is told of that one. */
    private Response train(Request request) {
        request.expectNoBody();
        ask();
        return Response.accepted(
                "/status", StatusRoutes.TrainingState.of(trainings.last().orElseThrow()));
    }

    /** Asks for a training, unless one waits or runs. */
    void ask() {
        if (trainings.ask()) {
            start();
        }
    }

    private void start() {
        try {
            trainer.start();
        } catch (RuntimeException e) {
            trainings.withdraw("it could not be started: ask for it again");
            throw e;
        }
    }
}
