package dev.graft.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.feature.LabelSet;
import dev.graft.feature.LabelSets;
import dev.graft.feature.LabelStore.Decision;
import dev.graft.feature.LabelsPerImage;
import java.awt.Color;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Which label set responds. */
class SetRoutersTest {
    private static final LabelSet SHADE = new LabelSet("shade");

    private final TaughtStores stores = new TaughtStores();
    private final AtomicInteger asked = new AtomicInteger();
    private Instant now = TaughtStores.NOON;
    private final ClassifierHandler handler = TaughtStores.handler(ports(), () -> now);

    /** Which count how often they are asked for the sets. */
    private Ports ports() {
        Ports all = stores.ports();
        LabelSets counted =
                new LabelSets() {
                    @Override
                    public SortedMap<LabelSet, LabelsPerImage> all() {
                        asked.incrementAndGet();
                        return stores.sets.all();
                    }

                    @Override
                    public void put(LabelSet set, LabelsPerImage labelsPerImage) {
                        stores.sets.put(set, labelsPerImage);
                    }
                };
        return new Ports(
                all.features(),
                all.labels(),
                all.index(),
                counted,
                all.images(),
                all.heads(),
                all.indexFiles(),
                all.results(),
                all.links(),
                all.history(),
                all.shares(),
                all.trainer(),
                all.vectors());
    }

    private JsonNode classified(String query) {
        byte[] red = TaughtStores.png(Color.RED);
        Call.Reply reply = new Call("POST /classify", "/classify" + query, red).to(handler);
        assertEquals(200, reply.status(), reply.body());
        return reply.json();
    }

    /** Each prediction has an id of its own. */
    private static JsonNode withoutId(JsonNode prediction) {
        return ((ObjectNode) prediction.deepCopy()).without("id");
    }

    private void promoteInShade() {
        stores.heads.in(SHADE).save("v3", TaughtStores.files("v3", -1));
        stores.heads.in(SHADE).promote("v3", Optional.empty());
    }

    @Test
    void eachSetPredictsWithAHeadOfItsOwn() {
        Call.of("GET /classify?set=shade").to(handler).assertProblem(404);
        stores.sets.put(SHADE, LabelsPerImage.ONE);
        Call.of("GET /classify?set=shade").to(handler).assertProblem(503);
        assertEquals("[\"shade\"]", classified("?set=*").path("withoutHead").toString());
        promoteInShade();
        now = now.plusSeconds(4);
        JsonNode all = classified("?set=*").path("sets");
        assertEquals("red", all.at("/default/label").asText());
        assertEquals("v1", all.at("/default/head").asText());
        assertEquals("blue", all.at("/shade/label").asText(), "its head mixes them up");
        assertEquals("v3", all.at("/shade/head").asText());
        assertTrue(all.at("/shade/id").asText().endsWith("-shade"), all::toString);
        assertEquals(withoutId(all.path("shade")), withoutId(classified("?set=shade")));
        JsonNode asBefore = withoutId(all.path("default"));
        assertEquals(asBefore, withoutId(classified("?set=default")));
        assertEquals(asBefore, withoutId(classified("")));
    }

    @Test
    void warmPredictionsInAllSetsDoNotAskWhichThereAre() {
        stores.sets.put(SHADE, LabelsPerImage.ONE);
        promoteInShade();
        classified("?set=*");
        int before = asked.get();
        classified("?set=*");
        classified("?set=shade");
        assertEquals(before, asked.get());
        now = now.plusSeconds(3);
        classified("?set=*");
        assertEquals(before + 1, asked.get());
    }

    @Test
    void whereNoSetHasAHeadItSaysHowToGetOne() {
        stores.heads.retire(stores.heads.latest().orElseThrow());
        byte[] red = TaughtStores.png(Color.RED);
        new Call("POST /classify", "/classify?set=*", red).to(handler).assertProblem(503);
    }

    @Test
    void aSetThatALabelMadeIsListed() {
        stores.features.in(SHADE).decide(Decision.of(TaughtStores.RED, Optional.of("dark"), "ann"));
        Call.Reply listed = Call.of("GET /sets").to(handler);
        assertEquals("shade", listed.json().at("/sets/1/name").asText(), listed.body());
        assertEquals(1, listed.json().at("/sets/1/labelled").asInt());
        assertTrue(listed.json().at("/sets/1/head").isNull());
    }
}
