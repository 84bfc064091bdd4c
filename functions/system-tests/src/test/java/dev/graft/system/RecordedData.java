package dev.graft.system;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Data folders that earlier versions wrote. */
final class RecordedData {
    private RecordedData() {}

    /** Unpacks one into a folder. */
    static void unzip(String recording, Path folder) throws IOException {
        String name = "/recorded/" + recording + ".zip";
        try (InputStream file = RecordedData.class.getResourceAsStream(name);
                ZipInputStream zip = new ZipInputStream(file)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path path = folder.resolve(entry.getName());
                Files.createDirectories(path.getParent());
                Files.copy(zip, path);
            }
        }
    }
}
