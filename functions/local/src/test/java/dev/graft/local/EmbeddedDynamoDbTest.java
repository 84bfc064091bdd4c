package dev.graft.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.graft.aws.Aws;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The database keeps what is written to it, with a log ahead of it where there can be one. */
class EmbeddedDynamoDbTest {
    /**
     * Of the versions to write and to read the file with, where 2 is with a log: SQLite, "Database
     * File Format", 1.3.3.
     */
    private static final int FORMAT = 18;

    @TempDir static Path folder;

    @Test
    void aDatabaseWithAJournalGetsALogAndKeepsWhatItHas() throws IOException {
        Path data = folder.resolve("both");
        Path noMemory =
                Files.createDirectories(
                        data.resolve("dynamodb").resolve(EmbeddedDynamoDb.FILE + "-shm"));
        write(data, "journal");
        assertEquals(1, format(data));
        Files.delete(noMemory);
        write(data, "log");
        assertEquals(2, format(data));
        assertEquals("journal", read(data, "journal"));
        assertEquals("log", read(data, "log"));
    }

    @Test
    void aFolderThatWasClosedIsOneFileAndCanBeOpenedAtOnce() {
        Path data = folder.resolve("again");
        Path log = data.resolve("dynamodb").resolve(EmbeddedDynamoDb.FILE + "-wal");
        for (int run = 0; run < 5; run++) {
            write(data, "run " + run);
            assertFalse(Files.exists(log), "after run " + run);
        }
        assertEquals("run 4", read(data, "run 4"));
    }

    private static void write(Path data, String part) {
        try (EmbeddedCloud cloud = EmbeddedCloud.in(data, event -> {});
                Aws aws = cloud.aws(cloud.environment())) {
            String table = cloud.environment().get("TABLE");
            aws.dynamoDb().putItem(b -> b.tableName(table).item(key(part)));
        }
    }

    private static String read(Path data, String part) {
        try (EmbeddedCloud cloud = EmbeddedCloud.in(data, event -> {});
                Aws aws = cloud.aws(cloud.environment())) {
            String table = cloud.environment().get("TABLE");
            var item = aws.dynamoDb().getItem(b -> b.tableName(table).key(key(part))).item();
            return item.get("part").s();
        }
    }

    private static Map<String, AttributeValue> key(String part) {
        return Map.of(
                "key", AttributeValue.fromS("images/one.jpg"), "part", AttributeValue.fromS(part));
    }

    private static int format(Path data) throws IOException {
        return Files.readAllBytes(data.resolve("dynamodb").resolve(EmbeddedDynamoDb.FILE))[FORMAT];
    }
}
