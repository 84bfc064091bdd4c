package dev.graft.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.feature.Float16;
import dev.graft.feature.ImageFeature;
import dev.graft.feature.Label;
import dev.graft.feature.LabelSource;
import dev.graft.head.Activation;
import dev.graft.library.Forgetting;
import dev.graft.testing.Heads;
import dev.graft.testing.InMemoryFeatureStore;
import dev.graft.testing.InMemoryHeadStore;
import dev.graft.testing.InMemoryHistory;
import dev.graft.testing.InMemoryImageIndex;
import dev.graft.testing.InMemoryImageStore;
import dev.graft.testing.InMemoryIndexStore;
import dev.graft.testing.InMemoryResultStore;
import dev.graft.training.DeleteFeatures;
import dev.graft.training.TrainHead;
import dev.graft.training.TrainingSettings;
import dev.graft.training.Trainings;
import dev.graft.training.VerifyHead;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** With a clock that goes on by a millisecond whenever it is looked at. */
class TrainerHandlerTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final InMemoryFeatureStore features = new InMemoryFeatureStore();
    private final AtomicInteger looks = new AtomicInteger();
    private final Trainings trainings = new Trainings(new InMemoryIndexStore(), () -> NOON);
    private final List<String> stages = new ArrayList<>();
    private final StringBuilder log = new StringBuilder();

    TrainerHandlerTest() {
        Random random = new Random(1);
        for (int i = 0; i < 60; i++) {
            float[] values = new float[8];
            for (int j = 0; j < values.length; j++) {
                values[j] = (float) random.nextGaussian() + (j == i % 2 ? 2 : 0);
            }
            features.put(
                    new ImageFeature(
                            "images/%d.jpg".formatted(i),
                            Optional.of(new Label(i % 2 == 0 ? "cat" : "dog", LabelSource.FOLDER)),
                            "net",
                            Float16.encode(values),
                            "%064x".formatted(new BigInteger(255, random)),
                            8,
                            8,
                            "1",
                            NOON,
                            "",
                            new byte[0]));
        }
    }

    private TrainerHandler handler() {
        TrainHead.Setup plain = Heads.setup(TrainingSettings.standard(Activation.SOFTMAX));
        TrainHead.Setup setup =
                new TrainHead.Setup(
                        plain.settings(),
                        plain.provenance(),
                        plain.report(),
                        plain.networks(),
                        stage -> {
                            stages.add(stage);
                            trainings.reached(stage);
                        });
        InMemoryHeadStore heads = new InMemoryHeadStore();
        return new TrainerHandler(
                new TrainerHandler.Work(
                        new TrainHead(
                                features,
                                new InMemoryImageIndex(features).built(),
                                heads,
                                setup,
                                () -> NOON.plusMillis(looks.incrementAndGet())),
                        new VerifyHead(features, heads, setup.settings(), setup.provenance()),
                        new DeleteFeatures(
                                features,
                                new InMemoryImageIndex(features),
                                heads,
                                new InMemoryImageIndex(features).built(),
                                "net"),
                        new FinishForgetting(
                                new Forgetting(
                                        new Forgetting.Stores(
                                                features,
                                                new InMemoryImageStore(),
                                                heads,
                                                new InMemoryIndexStore(),
                                                new InMemoryResultStore(),
                                                new InMemoryHistory()),
                                        () -> NOON),
                                new InMemoryImageIndex(features).built())),
                trainings,
                new TrainerHandler.Network("net", "Net"),
                Optional.empty());
    }

    private Map<String, String> train(
            TrainerHandler handler, int millis, Map<String, String> event) {
        return handler.handleRequest(event, new LimitedContext(millis));
    }

    @Test
    void theTimeOfTheCallEndsTheTrainingAndTheLogSaysSo() {
        String found = "";
        for (int millis = 20; !found.contains("cut short"); millis += 20) {
            assertTrue(millis < 100_000, "never cut short");
            log.setLength(0);
            var answer = train(handler(), millis, Map.of());
            found = answer.getOrDefault("reason", "");
            if (answer.get("outcome").equals("NotEnoughTime")) {
                assertTrue(log.toString().contains("NotEnoughTimeException"), log.toString());
                assertTrue(found.contains("a head that is in use stays"), found);
            }
        }
        assertTrue(log.toString().contains("\"level\":\"WARN\""), log.toString());
        assertTrue(log.toString().contains("cut short, as the time of"), log.toString());
    }

    @Test
    void aHeadIsTrainedAgainOnRequest() {
        TrainerHandler handler = handler();
        String version = train(handler, Integer.MAX_VALUE, Map.of()).get("version");
        assertFalse(log.toString().contains("WARN"), log.toString());
        var same = train(handler, Integer.MAX_VALUE, Map.of("verify", "latest"));
        assertEquals("Same", same.get("outcome"), same::toString);
        assertEquals(version, same.get("version"));
        features.remove("images/1.jpg", "2");
        var different = train(handler, Integer.MAX_VALUE, Map.of("verify", version));
        assertEquals("Different", different.get("outcome"));
        assertTrue(different.get("reason").contains("have changed since"), different::toString);
    }

    @Test
    void oneTrainsAtATimeAndEachTellsHowItEnded() {
        TrainerHandler handler = handler();
        trainings.begin("another", Duration.ofMinutes(15));
        trainings.reached("reading");
        assertEquals("Running", train(handler, Integer.MAX_VALUE, Map.of()).get("outcome"));
        trainings.end(Map.of("outcome", "Kept"));
        assertTrue(trainings.ask());
        var trained = train(handler, Integer.MAX_VALUE, Map.of());
        assertEquals(trained, trainings.last().orElseThrow().outcome());
        assertEquals(
                List.of("reading", "near-duplicates", "validation", "figures", "head"), stages);
        assertTrue(trainings.ask());
        train(handler, Integer.MAX_VALUE, Map.of());
        assertEquals("NothingNew", trainings.last().orElseThrow().outcome().get("outcome"));
    }

    @Test
    void featuresOfANetworkThatIsOutOfUseAreDeletedOnRequest() throws IOException {
        TrainerHandler handler = handler();
        Map<String, String> event;
        try (InputStream json =
                Files.newInputStream(Path.of("../../events/delete-features.json"))) {
            event = new ObjectMapper().readValue(json, new TypeReference<>() {});
        }
        String old = event.get("deleteFeatures");
        var refused = train(handler, Integer.MAX_VALUE, event);
        assertEquals("Refused", refused.get("outcome"));
        assertTrue(refused.get("reason").contains("there are 60 of net"), refused::toString);
        features.scan("net", image -> features.put(of(old, image)));
        assertEquals(
                Map.of("outcome", "Deleting", "reason", "features are left: call again"),
                train(handler, -100_000, event));
        assertEquals(Map.of("outcome", "Deleted"), train(handler, Integer.MAX_VALUE, event));
        assertEquals(Optional.empty(), features.find("images/1.jpg", old));
        assertTrue(features.find("images/1.jpg", "net").isPresent());
        var ofBuild = train(handler, Integer.MAX_VALUE, Map.of("deleteFeatures", "net"));
        assertTrue(ofBuild.get("reason").contains("network of this build"), ofBuild::toString);
    }

    private static ImageFeature of(String backbone, ImageFeature image) {
        return new ImageFeature(
                image.key(),
                image.label(),
                backbone,
                image.feature(),
                image.imageHash(),
                image.width(),
                image.height(),
                image.sequencer(),
                image.time(),
                "",
                new byte[0]);
    }

    private final class LimitedContext implements Context {
        private final int millis;

        LimitedContext(int millis) {
            this.millis = millis;
        }

        @Override
        public String getAwsRequestId() {
            return "request";
        }

        @Override
        public String getLogGroupName() {
            return "group";
        }

        @Override
        public String getLogStreamName() {
            return "stream";
        }

        @Override
        public String getFunctionName() {
            return "trainer";
        }

        @Override
        public String getFunctionVersion() {
            return "1";
        }

        @Override
        public String getInvokedFunctionArn() {
            return "arn";
        }

        @Override
        public CognitoIdentity getIdentity() {
            return null;
        }

        @Override
        public ClientContext getClientContext() {
            return null;
        }

        @Override
        public int getRemainingTimeInMillis() {
            return millis;
        }

        @Override
        public int getMemoryLimitInMB() {
            return 512;
        }

        @Override
        public LambdaLogger getLogger() {
            return new LambdaLogger() {
                @Override
                public void log(String message) {
                    log.append(message);
                }

                @Override
                public void log(byte[] message) {
                    log(new String(message, StandardCharsets.UTF_8));
                }
            };
        }
    }
}
