package dev.graft.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.head.HeadCard.Provenance;
import org.junit.jupiter.api.Test;

class BuildTest {
    @Test
    void namesTheCommitOrSaysThatThereIsNone() {
        Provenance now = Build.provenance(7);
        assertTrue(
                now.commit().matches("commit [0-9a-f]{40}")
                        || now.commit().equals("built without git, the commit is not known"),
                now.commit());
        assertEquals(7, now.training());
        assertTrue(now.java().contains(System.getProperty("java.version")), now.java());
    }
}
