package dev.graft.export;

import dev.graft.feature.ImageFile;
import dev.graft.feature.ImageStore;
import dev.graft.image.UnreadableImageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Zip files of images, each under the path that {@link ImagePaths} gives: unpacked into one folder
 * they are the data set. Images are stored as they are, as they are compressed already.
 */
final class ImageZip implements PartWriter {
    /** One file is held in memory, twice while it grows, beside one image. */
    private static final int MAX_BYTES = 48 << 20;

    private static final long MAX_IMAGE_BYTES = 50L << 20;

    private final ImageStore images;
    private final InstantSource clock;

    ImageZip(ImageStore images, InstantSource clock) {
        this.images = images;
        this.clock = clock;
    }

    @Override
    public String ending() {
        return ".zip";
    }

    @Override
    public String type() {
        return "application/zip";
    }

    @Override
    public Part write(List<PlannedImage> planned, String identity, Instant end) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int taken = 0;
        int missing = 0;
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (PlannedImage image : planned) {
                if (taken > 0 && !clock.instant().isBefore(end)) {
                    break;
                }
                Optional<ImageFile> file = read(image.key());
                if (file.isPresent()) {
                    byte[] content = file.get().bytes();
                    if (bytes.size() > 0 && (long) bytes.size() + content.length > MAX_BYTES) {
                        break;
                    }
                    add(zip, image.path(), file.get());
                } else {
                    missing++;
                }
                taken++;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return new Part(missing == taken ? new byte[0] : bytes.toByteArray(), taken, missing);
    }

    private Optional<ImageFile> read(String key) {
        try {
            return images.read(key, MAX_IMAGE_BYTES);
        } catch (UnreadableImageException tooLarge) {
            // it was replaced since it was listed, as what is listed was read once
            return Optional.empty();
        }
    }

    private static void add(ZipOutputStream zip, String path, ImageFile file) throws IOException {
        CRC32 sum = new CRC32();
        sum.update(file.bytes());
        ZipEntry entry = new ZipEntry(path);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(file.bytes().length);
        entry.setCrc(sum.getValue());
        entry.setTimeLocal(LocalDateTime.ofInstant(file.object().modified(), ZoneOffset.UTC));
        zip.putNextEntry(entry);
        zip.write(file.bytes());
        zip.closeEntry();
    }
}
