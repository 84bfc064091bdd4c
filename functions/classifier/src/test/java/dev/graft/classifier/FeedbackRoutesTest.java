package dev.graft.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.feature.Label;
import dev.graft.feature.Sha256;
import dev.graft.feature.StoreException;
import dev.graft.library.KeptAnswer;
import dev.graft.library.KeptAnswers;
import dev.graft.library.ResultStore;
import java.awt.Color;
import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FeedbackRoutesTest {
    private static final byte[] RED = TaughtStores.png(Color.RED);
    private static final String KEY = "{\"key\": \"%s\"}".formatted(TaughtStores.RED);

    private final TaughtStores stores = new TaughtStores();
    private final ClassifierHandler handler = keeping(TaughtStores.KEPT);

    private ClassifierHandler keeping(KeptAnswers.Settings settings) {
        return TaughtStores.handler(stores.ports(), () -> TaughtStores.NOON, settings);
    }

    private static JsonNode classify(ClassifierHandler handler, String query, byte[] picture) {
        Call.Reply reply = new Call("POST /classify", "/classify" + query, picture).to(handler);
        assertEquals(200, reply.status(), reply::body);
        return reply.json();
    }

    private Call.Reply feedback(String id, String label) {
        String body = "{\"id\": \"%s\", \"label\": %s}".formatted(id, label);
        return Call.of("POST /feedback", "/feedback", body).to(handler);
    }

    private Optional<KeptAnswer> kept(String id) {
        return new KeptAnswers(stores.results, TaughtStores.KEPT, () -> TaughtStores.NOON)
                .find(id)
                .map(KeptAnswers.Found::answer);
    }

    private Optional<String> label() {
        return stores.features.known(TaughtStores.RED).label().map(Label::name);
    }

    @Test
    void everyPredictionHasAnIdOfItsOwn() {
        Set<String> ids = new HashSet<>();
        ClassifierHandler off = keeping(KeptAnswers.Settings.NONE);
        for (JsonNode prediction :
                List.of(
                        classify(handler, "", RED),
                        classify(handler, "?keep=false", RED),
                        classify(off, "", RED),
                        new Call("POST /shared/classify", "/shared/classify", RED)
                                .to(handler)
                                .json())) {
            String id = prediction.path("id").asText();
            assertTrue(id.matches("20261123T120000000-[0-9a-f]{16}"), id);
            assertEquals(kept(id).isPresent(), prediction.path("kept").asBoolean());
            ids.add(id);
        }
        assertEquals(4, ids.size());
        assertEquals(2, ids.stream().filter(id -> kept(id).isPresent()).count());
    }

    @Test
    void keepsWhatWasAnswered() {
        JsonNode sent = classify(handler, "?top=1", RED);
        KeptAnswer answer = kept(sent.path("id").asText()).orElseThrow();
        assertEquals(Sha256.of(RED), answer.hash());
        assertEquals("", answer.key());
        assertEquals(TaughtStores.IN_USE, answer.head());
        assertEquals(TaughtStores.BACKBONE.id(), answer.backbone());
        assertEquals(Set.of("blue", "red"), answer.probabilities().keySet());
        assertEquals(
                sent.at("/probabilities/0/probability").asDouble(),
                answer.probabilities().get("red"));
        assertEquals("red", answer.label());
        String id = classify(handler, "", KEY.getBytes()).path("id").asText();
        assertEquals(TaughtStores.RED, kept(id).orElseThrow().key());
        assertEquals(6, kept(id).orElseThrow().feature().length, "two bytes a value");
    }

    @Test
    void aLabelIsGivenAndTakenBack() {
        JsonNode given = feedback(TaughtStores.ANSWER, "\"rose\"").json();
        assertEquals("labelled", given.path("state").asText(), given::toString);
        assertEquals(TaughtStores.RED, given.path("key").asText());
        assertEquals(Optional.of("rose"), label());
        JsonNode act = Call.of("GET /history").to(handler).json().at("/acts/0");
        assertEquals("gave feedback on", act.path("action").asText());
        assertEquals(given.path("undo"), act.path("undo"));
        String undo = "{\"id\": %s}".formatted(given.path("undo"));
        assertEquals(
                1, Call.of("POST /undo", "/undo", undo).to(handler).json().path("changed").asInt());
        assertEquals(Optional.of("red"), label());
        JsonNode wrong = feedback(TaughtStores.ANSWER, "null").json();
        assertEquals("noted", wrong.path("state").asText(), wrong::toString);
        assertTrue(wrong.path("reason").asText().contains("labelled red"), wrong::toString);
    }

    /** A guest learns nothing of what is stored. */
    @Test
    void whoMayOnlyClassifySaysThatItWasWrong() {
        String body = "{\"id\": \"%s\"}".formatted(TaughtStores.ANSWER);
        JsonNode noted =
                Call.of("POST /shared/feedback", "/shared/feedback", body).to(handler).json();
        assertEquals("noted", noted.path("state").asText(), noted::toString);
        assertTrue(noted.path("key").isNull() && noted.path("reason").isNull(), noted::toString);
        assertEquals(Optional.of("red"), label());
        String label = body.replace("}", ", \"label\": \"blue\"}");
        Call.Reply refused =
                Call.of("POST /shared/feedback", "/shared/feedback", label).to(handler);
        refused.assertProblem(403);
        assertTrue(refused.detail().contains("needs the scope graft/write"), refused.detail());
    }

    @Test
    void theScopesOfATokenSayWhoMayLabel() {
        String doubt = "{\"id\": \"%s\"}".formatted(TaughtStores.ANSWER);
        String label = doubt.replace("}", ", \"label\": \"blue\"}");
        for (String scope : List.of("graft/classify", "graft/read")) {
            assertEquals(403, send(label, scope), scope);
            assertEquals(200, send(doubt, scope), scope);
        }
        assertEquals(403, send(doubt, "openid"));
        assertEquals(Optional.of("red"), label());
        assertEquals(200, send(label, "graft/write"));
        assertEquals(Optional.of("blue"), label());
    }

    private int send(String body, String scope) {
        var http = new APIGatewayV2HTTPEvent.RequestContext.Http();
        http.setMethod("POST");
        var jwt = new APIGatewayV2HTTPEvent.RequestContext.Authorizer.JWT();
        jwt.setClaims(Map.of("sub", "c", "client_id", "c", "scope", scope));
        var by = new APIGatewayV2HTTPEvent.RequestContext.Authorizer();
        by.setJwt(jwt);
        var context = new APIGatewayV2HTTPEvent.RequestContext();
        context.setHttp(http);
        context.setAuthorizer(by);
        var event = new APIGatewayV2HTTPEvent();
        event.setRequestContext(context);
        event.setRawPath("/feedback");
        event.setBody(body);
        return handler.handleRequest(event, new RecordedContext()).getStatusCode();
    }

    @Test
    void aPredictionIsGivenWhereItCannotBeKept() {
        Ports full = stores.ports();
        ResultStore broken =
                (ResultStore)
                        Proxy.newProxyInstance(
                                ResultStore.class.getClassLoader(),
                                new Class<?>[] {ResultStore.class},
                                (proxy, method, arguments) -> {
                                    throw new StoreException("out of order", null);
                                });
        Ports ports =
                new Ports(
                        full.features(),
                        full.labels(),
                        full.index(),
                        full.sets(),
                        full.images(),
                        full.heads(),
                        full.indexFiles(),
                        broken,
                        full.links(),
                        full.history(),
                        full.shares(),
                        full.trainer(),
                        full.vectors());
        ClassifierHandler failing =
                TaughtStores.handler(ports, () -> TaughtStores.NOON, TaughtStores.KEPT);
        Call.Reply reply = new Call("POST /classify", "/classify", RED).to(failing);
        assertEquals(200, reply.status());
        assertFalse(reply.json().path("kept").asBoolean());
        assertTrue(reply.log().contains("\"RefreshesFailed\":1"), reply.log());
        assertTrue(reply.log().contains("out of order"), reply.log());
    }
}
