package dev.graft.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the pictures are that an annotation file names. */
class AddressesTest {
    @TempDir private Path folder;

    @Test
    void theFolderMayLieBesideItsAnnotationFileAndIsNotReadAgain() throws Exception {
        Imported.pictures(folder, "deep/in/a.png");
        Imported.write(folder.resolve("l.csv"), "gs://bucket/x/a.png,cat\n");
        Imported found = new Imported(folder.resolve("into"));
        for (int start = 0; start < 2; start++) {
            found.run(folder.resolve("l.csv"));
            assertEquals(Set.of("cat/a.png"), found.files(), found::text);
            assertTrue(found.text().contains("1 pictures are imported"), found::text);
        }
    }

    @Test
    void sameNamesAndSameBytesOfTwoSourcesStayApart() throws Exception {
        Path into = folder.resolve("into");
        for (String source : Set.of("one", "two")) {
            Imported.write(
                    folder.resolve(source + "/cat/1.png"),
                    Imported.png(source.length() + source.charAt(0)));
            Imported.write(folder.resolve(source + "/dog/2.png"), Imported.png(7));
            Imported.write(folder.resolve(source + "/fox/2.png"), Imported.png(7));
            new Imported(into).run(folder.resolve(source));
        }
        Imported third = new Imported(into).run(folder.resolve("one"));
        assertEquals(4, third.files().size(), third.files()::toString);
        assertTrue(third.files().containsAll(Set.of("cat/1.png", "dog/2.png", "fox/2.png")));
    }

    @Test
    void picturesOnTheWebAreFetchedAndALocalFileOfTheSameNameIsNotTakenForThem() throws Exception {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    String query = String.valueOf(exchange.getRequestURI().getQuery());
                    byte[] png = Imported.png(query.length());
                    exchange.sendResponseHeaders(200, png.length);
                    exchange.getResponseBody().write(png);
                    exchange.close();
                });
        server.start();
        String host = "http://127.0.0.1:" + server.getAddress().getPort();
        try {
            Imported.pictures(folder.resolve("source"), "dog/1.png");
            Imported.write(
                    folder.resolve("source/l.csv"),
                    "%1$s/cat/1.png,cat\n%1$s/image?id=1,dog\n%1$s/image?id=22,dog\n"
                            .formatted(host));
            Imported found =
                    new Imported(folder.resolve("into")).run(folder.resolve("source/l.csv"));
            assertEquals(3, found.files().size(), found::text);
            assertTrue(
                    found.files().containsAll(Set.of("cat/1.png", "dog/image.png")), found::text);
        } finally {
            server.stop(0);
        }
    }
}
