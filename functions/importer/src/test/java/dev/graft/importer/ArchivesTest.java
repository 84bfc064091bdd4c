package dev.graft.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives, well and ill meant. */
class ArchivesTest {
    @TempDir private Path folder;

    private Imported imported(Path archive, Limits limits) throws InterruptedException {
        return new Imported(folder.resolve("deep/into")).run(archive.toString(), limits, Map.of());
    }

    /** A zip of files by path, which may come twice. */
    private Path zip(Object... pathsAndBytes) throws IOException {
        Path file = folder.resolve("a.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < pathsAndBytes.length; i += 2) {
                zip.putNextEntry(new ZipEntry((String) pathsAndBytes[i]));
                zip.write((byte[]) pathsAndBytes[i + 1]);
                zip.closeEntry();
            }
        }
        return file;
    }

    /** An entry of ustar. */
    private static void entry(OutputStream tar, String name, char type, byte[] content)
            throws IOException {
        byte[] header = new byte[512];
        put(header, 0, name);
        put(header, 124, "%011o".formatted(content.length));
        put(header, 136, "%011o".formatted(1_700_000_000));
        header[156] = (byte) type;
        put(header, 157, type == '2' || type == '1' ? "/etc/passwd" : "");
        put(header, 257, "ustar\0" + "00");
        put(header, 148, "        ");
        int sum = 0;
        for (byte one : header) {
            sum += one & 0xff;
        }
        put(header, 148, "%06o\0 ".formatted(sum));
        tar.write(header);
        tar.write(content);
        tar.write(new byte[Math.floorMod(-content.length, 512)]);
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    @Test
    void aZipOfAFolderOfClassesIsRead() throws Exception {
        Path zip =
                zip(
                        "pets/cat/ä 1.png", Imported.png(1),
                        "pets\\dog\\1.png", Imported.png(2),
                        "pets/", new byte[0],
                        "pets/1.png", Imported.png(3),
                        "__MACOSX/pets/cat/._1.png", new byte[9]);
        Imported found = imported(zip, Limits.USUAL);
        assertEquals(Set.of("cat/ä 1.png", "dog/1.png", "1.png"), found.files(), found::text);
        assertTrue(found.text().contains("the folder pets/, which is not taken for a class"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.tar", "a.tar.gz", "a.tgz"})
    void aTarIsReadWithoutItsLinks(String name) throws Exception {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        String longName = "cat/" + "long".repeat(40) + ".png";
        entry(tar, "././@LongLink", 'L', (longName + "\0").getBytes(StandardCharsets.UTF_8));
        entry(tar, "cut", '0', Imported.png(1));
        byte[] pax = "25 path=dog/ä und ö.png\n".getBytes(StandardCharsets.UTF_8);
        assertEquals(26, pax.length);
        pax[1] = '6';
        entry(tar, "pax", 'x', pax);
        entry(tar, "other", '0', Imported.png(2));
        entry(tar, "./cat/", '5', new byte[0]);
        entry(tar, "./cat/2.png", '0', Imported.png(3));
        entry(tar, "cat/symbolic.png", '2', new byte[0]);
        entry(tar, "cat/hard.png", '1', new byte[0]);
        entry(tar, "../../../up.png", '0', Imported.png(4));
        entry(tar, "/absolute.png", '0', Imported.png(5));
        tar.write(new byte[1024]);
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file);
                OutputStream packed = name.endsWith("gz") ? new GZIPOutputStream(out) : out) {
            packed.write(tar.toByteArray());
        }
        Imported found = imported(file, Limits.USUAL);
        assertEquals(Set.of(longName, "dog/ä und ö.png", "cat/2.png"), found.files(), found::text);
        for (String told :
                Set.of(
                        "cat/symbolic.png: it is a link",
                        "cat/hard.png: it is a link",
                        "../../../up.png: its path leads out of the archive",
                        "/absolute.png: its path leads out of the archive")) {
            assertTrue(found.text().contains(told), found::text);
        }
        assertFalse(Files.exists(found.into.resolve(".import/unpacked")));
    }

    @Test
    void aZipWritesNothingOutside() throws Exception {
        Path zip =
                zip(
                        "../up.png", Imported.png(1),
                        "cat/../../up.png", Imported.png(2),
                        "/tmp/absolute.png", Imported.png(3),
                        "C:\\windows.png", Imported.png(4),
                        "..\\..\\back.png", Imported.png(5),
                        "cat/1.png", Imported.png(6));
        Imported found = imported(zip, Limits.USUAL);
        assertEquals(Set.of("cat/1.png"), found.files());
        assertTrue(found.text().contains("5 could not be mapped"), found::text);
        try (var files = Files.list(folder)) {
            assertEquals(2, files.count(), "the archive and the folder");
        }
    }

    @Test
    void aPictureThatUnpacksToMoreThanGraftReadsIsUnreadable() throws Exception {
        Path zip = zip("cat/bomb.png", new byte[Bytes.MOST + 1], "cat/1.png", Imported.png(1));
        Imported found = imported(zip, Limits.USUAL);
        assertEquals(Set.of("cat/1.png"), found.files());
        assertTrue(found.text().contains("it has more than 50,000,000 bytes"), found::text);
    }

    @Test
    void anArchiveThatExplodesIsRefused() throws Exception {
        Object[] many = new Object[2 * 30];
        for (int i = 0; i < many.length; i += 2) {
            many[i] = "cat/" + i + ".png";
            many[i + 1] = new byte[1_000_000];
        }
        Path zip = zip(many);
        Map<Limits, String> limits =
                Map.of(
                        new Limits(29, 1L << 40, 100, 1L << 40), "more than 29 files",
                        new Limits(100, 20_000_000, 100, 1L << 40), "more than 20,000,000 bytes",
                        new Limits(100, 1L << 40, 20, 10_000_000),
                                "more than 20 times its own size");
        for (var limit : limits.entrySet()) {
            String message =
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> imported(zip, limit.getKey()))
                            .getMessage();
            assertTrue(message.contains(limit.getValue()), message);
        }
        Path tar = folder.resolve("bomb.tar.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(tar))) {
            entry(out, "notes.txt", 'g', new byte[30_000_000]);
        }
        Limits small = new Limits(100, 1L << 40, 20, 10_000_000);
        assertThrows(IllegalArgumentException.class, () -> imported(tar, small));
    }
}
