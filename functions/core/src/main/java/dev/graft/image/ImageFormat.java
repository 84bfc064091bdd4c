package dev.graft.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BiFunction;

/** The formats that are read, told apart by their first bytes and never by a name. */
enum ImageFormat {
    JPEG("JPEG", "image/jpeg", JpegFile::header),
    PNG("PNG", "image/png", PngFile::header),
    GIF("GIF", "image/gif", (file, path) -> GifFile.header(file)),
    WEBP("WebP", "image/webp", WebpFile::header);

    private final String title;
    private final String mediaType;
    private final BiFunction<ByteBuffer, PixelPath, ImageHeader> header;

    ImageFormat(
            String title, String mediaType, BiFunction<ByteBuffer, PixelPath, ImageHeader> header) {
        this.title = title;
        this.mediaType = mediaType;
        this.header = header;
    }

    static Optional<ImageFormat> of(byte[] file) {
        String start = new String(file, 0, Math.min(12, file.length), StandardCharsets.ISO_8859_1);
        for (ImageFormat format : values()) {
            if (format.begins(start)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    private boolean begins(String start) {
        return switch (this) {
            case JPEG -> start.startsWith("\u00ff\u00d8\u00ff");
            case PNG -> start.startsWith("\u0089PNG\r\n\u001a\n");
            case GIF -> start.startsWith("GIF87a") || start.startsWith("GIF89a");
            case WEBP -> start.startsWith("RIFF") && start.startsWith("WEBP", 8);
        };
    }

    /** As ImageIO and people call it. */
    String title() {
        return title;
    }

    String mediaType() {
        return mediaType;
    }

    /**
     * Walks the file to its end.
     *
     * @throws IndexOutOfBoundsException if the file breaks off
     * @throws IllegalArgumentException if it is malformed; says how
     */
    ImageHeader header(byte[] file, PixelPath path) {
        return header.apply(ByteBuffer.wrap(file), path);
    }
}
